import type { CommandResult } from '../../shared/commands.ts';
import { ChangeCard } from '../changes/card.tsx';
import { DocumentResult } from './document-result.tsx';
import { LogsResult } from './logs-result.tsx';
import type { Run } from './store.ts';
import { TableResult } from './table-result.tsx';
import { TextResult } from './text-result.tsx';

interface Props {
  readonly result: CommandResult;
  readonly run: Run | undefined;
  readonly onAgain: () => void;
}

/** What a command brought, in the form it asks for, with what kubectl would say beside it. */
export function Result({ result, run, onAgain }: Props) {
  return (
    <>
      <Body result={result} run={run} onAgain={onAgain} />
      {result.notes.length > 0 && (
        <ul className="notes mono" aria-label="Notes">
          {result.notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Body({ result, run, onAgain }: Props) {
  const { body } = result;
  switch (body.kind) {
    case 'tables': {
      const tables = run !== undefined && run.tables.length > 0 ? run.tables : body.tables;
      return tables.map((table, index) => (
        <TableResult
          key={`${table.resource}-${String(index)}`}
          table={table}
          result={result}
          run={run}
          onAgain={onAgain}
        />
      ));
    }
    case 'document':
      return <DocumentResult body={body} result={result} onAgain={onAgain} />;
    case 'text':
      return <TextResult text={body.text} result={result} onAgain={onAgain} />;
    case 'logs':
      return <LogsResult body={body} result={result} run={run} onAgain={onAgain} />;
    case 'change':
      return <ChangeCard id={body.change} />;
    case 'nothing':
      return null;
    default:
      return body satisfies never;
  }
}
