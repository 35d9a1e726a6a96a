/** What admission adds to a Pod that a client creates: service account and its token, tolerations, priority. */
import { randomBytes } from 'node:crypto';
import { forbidden } from '../errors.ts';
import type { Manifest } from '../kinds.ts';
import type { Store } from '../store.ts';

type Json = Record<string, unknown>;

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters, as the API server ends a generated name. */
export function nameSuffix(): string {
  return [...randomBytes(5)].map((byte) => letters[byte % letters.length]).join('');
}

function tokenVolume(name: string): Json {
  const namespace = { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: namespace },
  ];
  return { name, projected: { sources, defaultMode: 420 } };
}

/** Changes the pod in place. @throws ApiError 403 where its service account is missing. */
export function admitPod(store: Store, pod: Manifest): void {
  const spec = (pod as Manifest & { spec: Json }).spec;
  const account = (spec['serviceAccountName'] as string | undefined) ?? 'default';
  const namespace = pod.metadata.namespace ?? '';
  const found = store.get<Manifest & { automountServiceAccountToken?: boolean }>('serviceaccounts', namespace, account);
  if (!found && account !== 'default') {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw forbidden({ group: '', plural: 'pods' }, pod.metadata.name, why);
  }
  spec['serviceAccountName'] = account;
  spec['serviceAccount'] = account;
  const mounts =
    (spec['automountServiceAccountToken'] as boolean | undefined) ?? found?.automountServiceAccountToken ?? true;
  if (mounts) mountToken(spec);
  const tolerations = (spec['tolerations'] ??= []) as Json[];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const isTolerated = tolerations.some(
      (each) => each['key'] === key || (each['key'] === undefined && each['operator'] === 'Exists'),
    );
    if (!isTolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  admitPriority(store, pod, spec);
}

function mountToken(spec: Json): void {
  const name = `kube-api-access-${nameSuffix()}`;
  let isMounted = false;
  for (const kind of ['initContainers', 'containers']) {
    for (const container of (spec[kind] ?? []) as Json[]) {
      const mounts = (container['volumeMounts'] ??= []) as Json[];
      if (mounts.some((mount) => mount['mountPath'] === mountPath)) continue;
      mounts.push({ name, readOnly: true, mountPath });
      isMounted = true;
    }
  }
  if (isMounted) ((spec['volumes'] ??= []) as Json[]).push(tokenVolume(name));
}

function admitPriority(store: Store, pod: Manifest, spec: Json): void {
  const className = spec['priorityClassName'] as string | undefined;
  const found = className
    ? store.get<Manifest & { value: number; preemptionPolicy?: string }>(
        'priorityclasses.scheduling.k8s.io',
        '',
        className,
      )
    : undefined;
  if (className && !found) {
    throw forbidden(
      { group: '', plural: 'pods' },
      pod.metadata.name,
      `no PriorityClass with name ${className} was found`,
    );
  }
  spec['priority'] = found?.value ?? 0;
  spec['preemptionPolicy'] = found?.preemptionPolicy ?? 'PreemptLowerPriority';
}

const classRank: Record<string, number> = { Guaranteed: 0, Burstable: 1, BestEffort: 2 };

/** The quality of service that a pod's resources give it. */
export function qosClass(spec: Json): string {
  const containers = [...((spec['initContainers'] ?? []) as Json[]), ...((spec['containers'] ?? []) as Json[])];
  const ranks = containers.map((container) => {
    const { requests = {}, limits = {} } = (container['resources'] ?? {}) as { requests?: Json; limits?: Json };
    const isGuaranteed = ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && limits[name] === requests[name],
    );
    if (isGuaranteed) return 'Guaranteed';
    return Object.keys({ ...requests, ...limits }).length ? 'Burstable' : 'BestEffort';
  });
  const distinct = [...new Set(ranks)];
  if (distinct.length === 1) return distinct[0] ?? 'BestEffort';
  return distinct.includes('BestEffort') && !distinct.some((each) => classRank[each] !== 2)
    ? 'BestEffort'
    : 'Burstable';
}
