import { at, isObject, type Json } from './shown.ts';

/** Why the pods of a workload do not get ready, by the worst of them: `web-5d8c: CrashLoopBackOff`. Null: none says. */
export function troubleOf(pods: readonly Json[]): string | null {
  const said = pods.flatMap((pod) => {
    const reason = reasonOf(pod);
    return reason === null ? [] : [{ ...reason, pod: String(at(pod, 'metadata', 'name')) }];
  });
  const worst = said.sort((a, b) => a.rank - b.rank)[0];
  return worst === undefined ? null : `${worst.pod}: ${worst.text}.`;
}

interface Reason {
  /** Lower is worse. */
  readonly rank: number;
  readonly text: string;
}

function reasonOf(pod: Json): Reason | null {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((key) => {
    const list = at(pod, 'status', key);
    return Array.isArray(list) ? list : [];
  });
  const reasons = statuses.map(containerReason).filter((reason) => reason !== null);
  const worst = reasons.sort((a, b) => a.rank - b.rank)[0];
  return worst ?? unscheduled(pod) ?? notReady(pod, statuses);
}

function containerReason(status: Json): Reason | null {
  const waiting = at(status, 'state', 'waiting');
  const [reason, message] = [at(waiting, 'reason'), at(waiting, 'message')];
  if (isObject(waiting) && reason !== 'ContainerCreating' && reason !== 'PodInitializing') {
    const last = at(status, 'lastState', 'terminated', 'reason');
    const more =
      typeof last === 'string' ? `, last ended with ${last}` : typeof message === 'string' ? `, ${message}` : '';
    return { rank: 0, text: `${String(reason)}${more}`.slice(0, 200) };
  }
  const ended = at(status, 'state', 'terminated');
  if (!isObject(ended) || at(ended, 'exitCode') === 0) return null;
  return { rank: 1, text: `${String(at(ended, 'reason'))}, exit code ${String(at(ended, 'exitCode'))}` };
}

function unscheduled(pod: Json): Reason | null {
  const conditions = at(pod, 'status', 'conditions');
  const found = Array.isArray(conditions)
    ? conditions.find((one) => at(one, 'type') === 'PodScheduled' && at(one, 'status') === 'False')
    : undefined;
  return found === undefined ? null : { rank: 2, text: String(at(found, 'message')).slice(0, 200).replace(/\.$/, '') };
}

function notReady(pod: Json, statuses: readonly Json[]): Reason | null {
  const runs = statuses.some((status) => at(status, 'state', 'running') !== undefined && at(status, 'ready') === false);
  return runs && at(pod, 'metadata', 'deletionTimestamp') === undefined
    ? { rank: 3, text: 'running, not ready' }
    : null;
}
