import { Button } from '../elements/button.tsx';
import { Shape } from '../elements/shape.tsx';
import { cancelCommand, type Run } from './store.ts';

interface Props {
  readonly run: Run;
  /** 'watching', 'following'. */
  readonly word: string;
}

/** More may come, and it can be stopped. */
export function Following({ run, word }: Props) {
  return (
    <>
      <span className="result-live">
        <Shape name="healthy" size={10} /> {word}
      </span>
      <Button
        size="small"
        title="Ctrl ."
        onClick={() => {
          cancelCommand(run.id).catch(() => undefined);
        }}
      >
        Stop
      </Button>
    </>
  );
}
