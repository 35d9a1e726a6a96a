import { useId } from 'react';
import type { Change } from '../../shared/changes.ts';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { Progress } from '../elements/progress.tsx';
import { Shape } from '../elements/shape.tsx';
import { clock, clockSeconds } from '../elements/time.ts';
import { show, useSession } from '../session/store.ts';
import { cancelChange, previewAgain } from './store.ts';
import type { Approval } from './use-approval.ts';

interface Props {
  readonly change: Change;
  readonly approval: Approval;
}

/** The card's foot: the gesture while it waits, then what came of it. */
export function CardFoot({ change, approval }: Props) {
  const { state } = change;
  switch (state.kind) {
    case 'previewed':
      return approval.isOver ? (
        <Over
          text={`The preview of ${clockSeconds(change.previewedAt)} is too old. Nothing was written.`}
          change={change}
        />
      ) : (
        <Waiting change={change} approval={approval} />
      );
    case 'void':
      return <Over text={`${state.because} Nothing was written.`} change={change} />;
    case 'cancelled':
      return <Over text={`Cancelled at ${clock(state.at)}. Nothing was written.`} change={change} />;
    case 'running':
      return (
        <footer className="change-foot">
          <Progress
            text={`Sending ${String(change.writes.length)} ${change.writes.length === 1 ? 'write' : 'writes'}`}
            since={state.since}
          />
        </footer>
      );
    case 'verifying':
      return (
        <footer className="change-foot" aria-live="polite">
          <Progress text={state.seen === '' ? 'Watching the effect' : state.seen} since={state.since} />
        </footer>
      );
    case 'verified':
    case 'unverified':
      return (
        <footer className="change-foot" role="status">
          <Shape name={state.kind === 'verified' ? 'healthy' : 'warning'} />
          <span>
            <strong>{state.kind === 'verified' ? 'Verified' : 'Not verified'}</strong> {state.text}
          </span>
          <ToJournal />
        </footer>
      );
    case 'failed':
      return (
        <div className="change-refused">
          <Failure failure={state.failure}>
            <span className="meta">
              {String(state.written)} of {String(change.writes.length)}{' '}
              {change.writes.length === 1 ? 'write' : 'writes'} went through
            </span>
            <Button onClick={() => again(change)}>Preview again</Button>
          </Failure>
        </div>
      );
    default:
      return state satisfies never;
  }
}

function ToJournal() {
  const isThere = useSession((session) => session.view === 'changes');
  if (isThere) return null;
  return (
    <Button size="small" look="quiet" className="change-end" onClick={() => show('changes')}>
      Journal and undo
    </Button>
  );
}

function again(change: Change): void {
  previewAgain(change.id).catch(() => undefined);
}

function Over({ text, change }: { text: string; change: Change }) {
  return (
    <footer className="change-foot" role="status">
      <Shape name="note" />
      <span>{text}</span>
      <Button className="change-end" onClick={() => again(change)}>
        Preview again
      </Button>
    </footer>
  );
}

function Waiting({ change, approval }: Props) {
  const hint = useId();
  const { typeToApprove } = change;
  const deletes = change.objects.some((object) => object.action === 'delete');
  const isDisabled = approval.missing !== null || approval.busy;
  return (
    <footer className="change-foot">
      {typeToApprove !== null && (
        <label className="change-type">
          <span>
            Type <strong>{typeToApprove}</strong> to approve
          </span>
          <input
            className="input mono"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={hint}
            aria-invalid={approval.insisted && approval.typed !== typeToApprove}
            value={approval.typed}
            onChange={(event) => approval.type(event.target.value)}
          />
          {approval.typed === typeToApprove && <Shape name="healthy" />}
        </label>
      )}
      <span id={hint} className="meta change-hint" role={approval.insisted ? 'alert' : undefined}>
        {approval.insisted && approval.missing !== null
          ? approval.missing
          : `Preview of ${clockSeconds(change.previewedAt)}, good until ${clockSeconds(change.expiresAt)}. Void if the object changes.`}
      </span>
      <span className="change-buttons">
        <Button
          onClick={() => {
            cancelChange(change.id).catch(() => undefined);
          }}
        >
          Cancel
        </Button>
        <Button
          look={deletes ? 'danger' : 'primary'}
          aria-label="Approve"
          aria-disabled={isDisabled}
          aria-describedby={hint}
          title={approval.missing ?? 'Ctrl Enter'}
          onClick={approval.approve}
        >
          Approve
          {change.writes.length > 1 && <span className="change-writes">{change.writes.length} writes</span>}
        </Button>
      </span>
      <span className="visually-hidden">{approval.missing ?? ''}</span>
    </footer>
  );
}
