import type { CommandResult } from '../../shared/commands.ts';
import type { ConversationItem } from '../../shared/conversations.ts';
import { Button } from '../elements/button.tsx';
import { Progress } from '../elements/progress.tsx';
import { CommandFailure } from './command-failure.tsx';
import { Result } from './result.tsx';
import { cancelCommand, isRunning, useCommands } from './store.ts';

interface Props {
  readonly item: Extract<ConversationItem, { kind: 'command' }>;
  readonly onAgain: () => void;
  readonly onEdit: () => void;
}

/** What came of a command: progress, its result, or why there is none. */
export function RunView({ item, onAgain, onEdit }: Props) {
  const run = useCommands(({ runs }) => runs[item.id]);
  const result: CommandResult | null = run?.result ?? item.result;
  const cancel = () => {
    cancelCommand(item.id).catch(() => undefined);
  };
  if (run !== undefined && isRunning(run)) {
    return <Progress text={run.progress ?? 'Running'} since={run.startedAt} onCancel={cancel} />;
  }
  if (run?.cancelled === true && result === null) {
    return <Unfinished text="Cancelled." onAgain={onAgain} />;
  }
  const failure = run?.failure ?? result?.failure ?? null;
  return (
    <>
      {failure !== null && <CommandFailure failure={failure} onAgain={onAgain} onEdit={onEdit} />}
      {result !== null && <Result result={result} run={run} onAgain={onAgain} />}
      {result === null && failure === null && (
        <Unfinished text="No result is here: the app or this window ended before it came." onAgain={onAgain} />
      )}
    </>
  );
}

function Unfinished({ text, onAgain }: { text: string; onAgain: () => void }) {
  return (
    <p className="unfinished">
      {text}
      <Button size="small" onClick={onAgain}>
        Run again
      </Button>
    </p>
  );
}
