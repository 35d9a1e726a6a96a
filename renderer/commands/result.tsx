import type { CommandResult } from '../../shared/commands.ts';
import { ChangeCard } from '../changes/card.tsx';
import { DocumentResult } from './document-result.tsx';
import { LogsResult } from './logs-result.tsx';
import { Following } from './following.tsx';
import { mergeTables } from './merge-tables.ts';
import { ResultHead } from './result-head.tsx';
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
  const { body } = result;
  const isFollowing = run?.following === true;
  const saysItself = body.kind === 'logs' || (body.kind === 'tables' && body.tables.length > 0);
  return (
    <>
      <Body result={result} run={run} onAgain={onAgain} />
      {isFollowing && !saysItself && (
        <p className="unfinished">
          <Following run={run} word="watching" />
        </p>
      )}
      {result.notes.length > 0 && !isEmpty(result, run) && (
        <ul className="notes mono" aria-label="Notes">
          {result.notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Tables without a row: what kubectl says of that stands in their card. */
function isEmpty({ body }: CommandResult, run: Run | undefined): boolean {
  return body.kind === 'tables' && [...body.tables, ...(run?.tables ?? [])].every((table) => table.rows.length === 0);
}

function Body({ result, run, onAgain }: Props) {
  const { body } = result;
  switch (body.kind) {
    case 'tables': {
      const tables = mergeTables(body.tables, run?.tables ?? []);
      const none = isEmpty(result, run) ? result.notes.join(' ') : '';
      if (tables.length === 0 && none !== '') {
        return (
          <section className="card result" aria-label="Nothing found">
            <ResultHead title="Nothing found" scope="" result={result} onAgain={onAgain} />
            <p className="result-none">{none}</p>
          </section>
        );
      }
      return tables.map((table, index) => (
        <TableResult
          key={`${table.resource}-${String(index)}`}
          table={table}
          result={result}
          run={run}
          none={index === 0 ? none : ''}
          onAgain={onAgain}
        />
      ));
    }
    case 'document':
      return <DocumentResult body={body} result={result} onAgain={onAgain} />;
    case 'text':
      return <TextResult text={withAdded(body.text, run)} result={result} onAgain={onAgain} />;
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

/** A watch in a form of its own (`-w -o yaml`) goes on as text. */
function withAdded(text: string, run: Run | undefined): string {
  const added = run?.added.lines ?? [];
  return added.length === 0 ? text : `${text.replace(/\n$/, '')}\n${added.map((line) => line.text).join('\n')}`;
}
