/**
 * What a DELETE does to a stored object: it goes at once, or waits with a deletionTimestamp for its grace period (Pods
 * on a node: the kubelet removes them), its finalizers, its dependents (foreground) or its contents (namespaces).
 */
import { timestamp } from './clock.ts';
import { parseResource } from './store.ts';
import type { Store } from './store.ts';
import type { Manifest, Pod } from './kinds.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteRequest {
  gracePeriodSeconds?: number | undefined;
  propagation?: Propagation | undefined;
}

/** `object`: the last or the waiting state; `isGone` once nothing is left to wait for. */
export interface Deletion {
  object: Manifest;
  isGone: boolean;
}

/** A definition waits until the objects of its kind are gone. */
const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
export const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

const propagationFinalizers = new Set(['foregroundDeletion', 'orphan']);

/** Resources whose dependents stay when no policy is given. */
export const orphaningByDefault: ReadonlySet<string> = new Set(['jobs.batch', 'replicationcontrollers']);

/** Begins the deletion of an object, or undefined where there is none. Asking again changes nothing but the grace. */
export function requestDelete(
  store: Store,
  resource: string,
  namespace: string,
  name: string,
  request: DeleteRequest = {},
): Deletion | undefined {
  const current = store.get(resource, namespace, name);
  if (!current) return undefined;
  const planned = planDelete(store.now(), resource, current, request);
  if (planned.isGone) return { object: store.remove(resource, namespace, name) ?? current, isGone: true };
  return { object: store.update(resource, planned.object), isGone: false };
}

/** What `requestDelete` would store; changes nothing. */
export function planDelete(now: number, resource: string, current: Manifest, request: DeleteRequest): Deletion {
  const finalizers = plannedFinalizers(resource, current, request);
  const graceSeconds = graceOf(resource, current, request);
  if (!finalizers.length && graceSeconds === 0 && resource !== 'namespaces') return { object: current, isGone: true };
  const { metadata } = current;
  const isShorter = graceSeconds < (metadata.deletionGracePeriodSeconds ?? Infinity);
  const waiting: Manifest = { ...current, metadata: { ...metadata } };
  if (!metadata.deletionTimestamp || isShorter) {
    waiting.metadata.deletionTimestamp = timestamp(now + graceSeconds * 1000);
    if (resource !== definitions) waiting.metadata.deletionGracePeriodSeconds = graceSeconds;
  }
  if (finalizers.length) waiting.metadata.finalizers = finalizers;
  else delete waiting.metadata.finalizers;
  if (resource === 'namespaces') {
    const { status } = waiting as { status?: Record<string, unknown> };
    return { object: { ...waiting, status: { ...status, phase: 'Terminating' } } as Manifest, isGone: false };
  }
  return { object: waiting, isGone: false };
}

/** Holds a volume only while a claim uses it. */
const volumeProtection = 'kubernetes.io/pv-protection';

function isBound(volume: Manifest): boolean {
  return (volume as Manifest & { status?: { phase?: string } }).status?.phase === 'Bound';
}

function plannedFinalizers(resource: string, current: Manifest, request: DeleteRequest): string[] {
  const now = (current.metadata.finalizers ?? []).filter((each) => each !== volumeProtection || isBound(current));
  if (resource === definitions && !now.includes(cleanup)) return [...now, cleanup];
  const isOrphaned = !request.propagation && orphaningByDefault.has(resource);
  if (!request.propagation && !isOrphaned) return now;
  const kept = now.filter((finalizer) => !propagationFinalizers.has(finalizer));
  if (request.propagation === 'Foreground') return [...kept, 'foregroundDeletion'];
  return request.propagation === 'Orphan' || isOrphaned ? [...kept, 'orphan'] : kept;
}

/** Only Pods know grace: their own unless the request names one, none where no kubelet runs them. */
function graceOf(resource: string, current: Manifest, request: DeleteRequest): number {
  if (parseResource(resource).plural !== 'pods' || parseResource(resource).group) return 0;
  const { spec, status } = current as Pod;
  if (!spec.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return request.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
}
