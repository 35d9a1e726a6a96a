import type { Condition, Pod } from '../kinds.ts';

/**
 * The conditions with one set. `lastTransitionTime` moves only where the status does; fields of the old condition that
 * the new one does not name are gone.
 */
export function withCondition(conditions: Condition[] | undefined, next: Condition, at: string): Condition[] {
  const list = conditions ?? [];
  const old = list.find((one) => one.type === next.type);
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? at) : at;
  const merged = { ...next, lastTransitionTime };
  if (!old) return [...list, merged];
  return list.map((one) => (one.type === next.type ? merged : one));
}

export function isTrue(conditions: Condition[] | undefined, type: string): boolean {
  return conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

export function isPodReady(pod: Pod): boolean {
  return isTrue(pod.status?.conditions, 'Ready');
}

/** A pod that counts: neither finished nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && !pod.metadata.deletionTimestamp;
}
