import { Pencil } from 'lucide-react';
import type { Failure as FailureValue } from '../../shared/errors.ts';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { copyText, show } from '../session/store.ts';
import { waysOut } from './ways-out.ts';

interface Props {
  readonly failure: FailureValue;
  readonly onAgain: () => void;
  /** Puts what was typed back where it can be changed. */
  readonly onEdit: () => void;
}

/** Why something typed brought nothing, with the ways out that help. */
export function CommandFailure({ failure, onAgain, onEdit }: Props) {
  const ways = waysOut(failure.code);
  return (
    <Failure
      failure={failure}
      onRetry={ways.includes('retry') ? onAgain : undefined}
      onCopy={(text) => {
        copyText(text).catch(() => undefined);
      }}
      first={
        ways[0] === 'edit' ? (
          <Button onClick={onEdit}>
            <Pencil size={14} aria-hidden="true" /> Edit
          </Button>
        ) : ways[0] === 'review' ? (
          <Button onClick={() => show('trust')}>Review</Button>
        ) : undefined
      }
    >
      {ways.includes('self-check') && (
        <Button look="quiet" onClick={() => show('self-check')}>
          Self-check
        </Button>
      )}
    </Failure>
  );
}
