import type { RecordedWrite } from '../gate/permits.ts';
import { at, isObject } from './shown.ts';

/** What a look at the object says about a write that ran: seen through, still going, or cannot come true. */
export type Verdict =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'waiting'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

/** Where to look for the effect: the object itself, or the parent of a subresource. */
export function watchedPath(write: Pick<RecordedWrite, 'method' | 'path' | 'target' | 'after'>): string {
  const name = String(write.target.name ?? at(write.after, 'metadata', 'name'));
  if (write.target.subresource !== null) return write.path.slice(0, write.path.lastIndexOf('/'));
  return write.path.endsWith(`/${name}`) ? write.path : `${write.path}/${name}`;
}

/** Judges one write by the object as it is now; `current` null where the API server says 404. */
export function verdictOf(
  write: Pick<RecordedWrite, 'method' | 'target' | 'before' | 'after'>,
  current: unknown,
): Verdict {
  const going = write.method === 'DELETE' || write.target.subresource === 'eviction';
  if (going) return goneVerdict(write, current);
  if (!isObject(current)) return { kind: 'failed', text: 'The object is not there after the write.' };
  switch (write.target.resource) {
    case 'deployments':
    case 'statefulsets':
    case 'replicasets':
      return workloadVerdict(current);
    case 'daemonsets':
      return daemonSetVerdict(current);
    default:
      return { kind: 'done', text: 'Written, and read back.' };
  }
}

function goneVerdict(write: Pick<RecordedWrite, 'before'>, current: unknown): Verdict {
  if (!isObject(current)) return { kind: 'done', text: 'Gone.' };
  if (at(current, 'metadata', 'uid') !== at(write.before, 'metadata', 'uid')) {
    return { kind: 'done', text: 'Gone; another of the same name is there.' };
  }
  const finalizers = at(current, 'metadata', 'finalizers');
  const held = Array.isArray(finalizers) && finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : '';
  return { kind: 'waiting', text: `Still going${held}.` };
}

function workloadVerdict(current: unknown): Verdict {
  const desired = numberOf(at(current, 'spec', 'replicas')) ?? 1;
  const [ready, updated, all] = ['readyReplicas', 'updatedReplicas', 'replicas'].map(
    (key) => numberOf(at(current, 'status', key)) ?? 0,
  ) as [number, number, number];
  const hasUpdates = at(current, 'kind') !== 'ReplicaSet';
  const observed = numberOf(at(current, 'status', 'observedGeneration')) ?? 0;
  const seen = observed >= (numberOf(at(current, 'metadata', 'generation')) ?? 0);
  const text = `${String(ready)} of ${String(desired)} pods ready`;
  if (seen && ready === desired && all === desired && (!hasUpdates || updated === desired || desired === 0)) {
    return { kind: 'done', text: `${text}.` };
  }
  const conditions = at(current, 'status', 'conditions');
  const stuck =
    seen &&
    Array.isArray(conditions) &&
    conditions.some((one) => at(one, 'type') === 'Progressing' && at(one, 'reason') === 'ProgressDeadlineExceeded');
  return stuck
    ? { kind: 'failed', text: `${text}; the rollout's deadline has passed.` }
    : { kind: 'waiting', text: `${text}.` };
}

function daemonSetVerdict(current: unknown): Verdict {
  const status = (key: string): number => numberOf(at(current, 'status', key)) ?? 0;
  const desired = status('desiredNumberScheduled');
  const text = `${String(status('numberReady'))} of ${String(desired)} pods ready.`;
  const seen = status('observedGeneration') >= (numberOf(at(current, 'metadata', 'generation')) ?? 0);
  const done = seen && status('numberReady') === desired && status('updatedNumberScheduled') === desired;
  return { kind: done ? 'done' : 'waiting', text };
}

function numberOf(value: unknown): number | null {
  return value === undefined || value === null ? null : Number(String(value));
}
