import type { Change, ChangeState } from '../../shared/changes.ts';
import { Shape, type ShapeName } from '../elements/shape.tsx';
import { clockSeconds } from '../elements/time.ts';

interface Props {
  readonly change: Change;
}

interface Step {
  readonly shape: ShapeName;
  readonly word: string;
}

/** The one way of every change, and how far this one has come. */
export function Steps({ change }: Props) {
  const { approve, run, verify, journal } = stepsOf(change.state);
  return (
    <ol className="steps" aria-label="Steps">
      <One step={{ shape: 'completed', word: clockSeconds(change.previewedAt) }} name="Previewed" />
      <One step={approve} name="Approve" />
      <One step={run} name="Run" />
      <One step={verify} name="Verify" />
      <One step={journal} name="Journal" />
      <li className="steps-origin meta cut" title={change.origin.text}>
        {origins[change.origin.kind]}
      </li>
    </ol>
  );
}

function One({ step, name }: { step: Step; name: string }) {
  return (
    <li>
      <Shape name={step.shape} /> <strong data-ahead={step.shape === 'unknown'}>{name}</strong>{' '}
      <span className="meta">{step.word}</span>
    </li>
  );
}

const origins = {
  command: 'typed command',
  assistant: 'asked by the assistant',
  editor: 'from the editor',
  recommendation: 'from a recommendation',
  undo: 'undo',
} as const;

const ahead: Step = { shape: 'unknown', word: '' };
const done: Step = { shape: 'completed', word: '' };

function stepsOf(state: ChangeState): Record<'approve' | 'run' | 'verify' | 'journal', Step> {
  const before = { approve: done, run: done, verify: ahead, journal: ahead };
  switch (state.kind) {
    case 'previewed':
      return { approve: { shape: 'pending', word: 'waits for you' }, run: ahead, verify: ahead, journal: ahead };
    case 'running':
      return { ...before, run: { shape: 'pending', word: '' } };
    case 'verifying':
      return { ...before, verify: { shape: 'pending', word: '' } };
    case 'verified':
      return { ...before, verify: { shape: 'healthy', word: clockSeconds(state.at) }, journal: done };
    case 'unverified':
      return { ...before, verify: { shape: 'warning', word: 'not seen in time' }, journal: done };
    case 'failed':
      return { ...before, run: { shape: 'critical', word: 'failed' }, journal: done };
    case 'cancelled':
      return { approve: { shape: 'unreachable', word: 'cancelled' }, run: ahead, verify: ahead, journal: ahead };
    case 'void':
      return { approve: { shape: 'unreachable', word: 'void' }, run: ahead, verify: ahead, journal: ahead };
    default:
      return state satisfies never;
  }
}
