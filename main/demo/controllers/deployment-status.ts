import type { Condition, Deployment } from '../kinds.ts';
import { withCondition } from './conditions.ts';

/** Whether as many pods are available as the rollout must keep. */
export function availableCondition(isEnough: boolean): Condition {
  return {
    type: 'Available',
    status: isEnough ? 'True' : 'False',
    reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: isEnough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  };
}

/** What a rollout's progress is judged by. `setName`: the current ReplicaSet; `now`: epoch milliseconds. */
export interface Progress {
  deployment: Deployment;
  setName: string;
  isDone: boolean;
  hasMoved: boolean;
  now: number;
  again: (delayMs: number) => void;
}

/** How the rollout goes: created, progressing, done, paused, or late by its deadline. */
export function progressCondition({ deployment, setName, isDone, hasMoved, now, again }: Progress): Condition {
  const type = 'Progressing';
  const before = deployment.status?.conditions?.find((one) => one.type === type);
  if (deployment.spec.paused) {
    return { type, status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  if (isDone) {
    const message = `ReplicaSet "${setName}" has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  const isSame = before?.message?.includes(`"${setName}"`) ?? false;
  if (isSame && before?.reason === 'NewReplicaSetAvailable') return before;
  const limitMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const lateMs = now - Date.parse(before?.lastUpdateTime ?? '') - limitMs;
  if (isSame && !hasMoved && (lateMs >= 0 || before?.reason === 'ProgressDeadlineExceeded')) {
    const message = `ReplicaSet "${setName}" has timed out progressing.`;
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  again(limitMs + 1000);
  return isSame
    ? { type, status: 'True', reason: 'ReplicaSetUpdated', message: `ReplicaSet "${setName}" is progressing.` }
    : { type, status: 'True', reason: 'NewReplicaSetCreated', message: `Created new replica set "${setName}"` };
}

/** Sets a condition and, where it says something new or the rollout has moved, its `lastUpdateTime`. */
export function withUpdateTime(conditions: Condition[], next: Condition, at: string, hasMoved: boolean): Condition[] {
  const old = conditions.find((one) => one.type === next.type);
  const isSame = old?.status === next.status && old.reason === next.reason && old.message === next.message;
  const isTouched = next.type === 'Progressing' && hasMoved;
  const lastUpdateTime = isSame && !isTouched ? (old.lastUpdateTime ?? at) : at;
  return withCondition(conditions, { ...next, lastUpdateTime }, at);
}
