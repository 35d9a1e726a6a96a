/**
 * What the server adds to a new or changed object on its own account, after its defaults: addresses and ports, finalizers,
 * identities, what admission plugins put in. No manager owns these fields.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { User } from '../auth.ts';
import { timestamp } from '../clock.ts';
import { withJobIdentity } from '../controllers/job.ts';
import type { Job, Manifest } from '../kinds.ts';
import type { Store } from '../store.ts';
import { admitPod, qosClass } from './admission.ts';

type Json = Record<string, unknown>;

/** `isDryRun`: addresses are then placeholders, as the real server's are. */
export interface Allocation {
  store: Store;
  isDryRun: boolean;
  previous: Manifest | undefined;
  /** Who asks, where somebody does. */
  user?: User;
}

function set(object: Json, key: string, value: unknown): void {
  if (object[key] === undefined) object[key] = value;
}

function usedNodePorts(store: Store): Set<unknown> {
  const services = store.list<Manifest & { spec?: { ports?: Json[] } }>('services');
  return new Set(services.flatMap((service) => (service.spec?.ports ?? []).map((port) => port['nodePort'])));
}

function allocateNodePorts(spec: Json, before: Json | undefined, { store, isDryRun }: Allocation): void {
  const isExternal = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  const old = (before?.['ports'] ?? []) as Json[];
  for (const port of (spec['ports'] ?? []) as Json[]) {
    if (!isExternal) {
      delete port['nodePort'];
      continue;
    }
    const same = old.find((each) => each['port'] === port['port'] && each['name'] === port['name']);
    if (same?.['nodePort'] && !port['nodePort']) port['nodePort'] = same['nodePort'];
    const used = usedNodePorts(store);
    while (!port['nodePort'] || (!same && used.has(port['nodePort']) && !isDryRun))
      port['nodePort'] = isDryRun ? 32769 : 30000 + randomInt(2768);
  }
}

function allocateAddress(spec: Json, before: Json | undefined, { isDryRun }: Allocation): void {
  if (!spec['clusterIP']) {
    const free = `10.${String(96 + randomInt(15))}.${String(randomInt(256))}.${String(1 + randomInt(254))}`;
    spec['clusterIP'] = before?.['clusterIP'] ?? (isDryRun ? '10.96.0.0' : free);
  }
  set(spec, 'clusterIPs', [spec['clusterIP']]);
  set(spec, 'ipFamilies', ['IPv4']);
  set(spec, 'ipFamilyPolicy', 'SingleStack');
}

type Allocate = (object: Manifest & { spec?: Json; status?: Json }, allocation: Allocation) => Manifest | undefined;

const allocators: Record<string, Allocate> = {
  services: (object, allocation) => {
    const spec = (object.spec ??= {});
    const before = (allocation.previous as { spec?: Json } | undefined)?.spec;
    allocateNodePorts(spec, before, allocation);
    if (spec['type'] !== 'ExternalName') allocateAddress(spec, before, allocation);
    return object;
  },
  pods: (object, { store, previous }) => {
    if (previous) return object;
    admitPod(store, object);
    object.status = { phase: 'Pending', qosClass: qosClass(object.spec ?? {}) };
    return object;
  },
  namespaces: (object, { previous }) => {
    if (!previous) set((object.spec ??= {}), 'finalizers', ['kubernetes']);
    return object;
  },
  persistentvolumeclaims: (object, { previous }) => protect(object, previous, 'kubernetes.io/pvc-protection'),
  persistentvolumes: (object, { previous, store }) => {
    if (!previous) set((object.status ??= {}), 'lastPhaseTransitionTime', timestamp(store.now()));
    return protect(object, previous, 'kubernetes.io/pv-protection');
  },
  nodes: (object, { previous }) => {
    if (!previous) set((object.spec ??= {}), 'taints', [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
    return object;
  },
  'certificatesigningrequests.certificates.k8s.io': (object, { previous, user }) => {
    if (!previous && user) Object.assign((object.spec ??= {}), { username: user.name, groups: user.groups });
    return object;
  },
  'jobs.batch': (object, { previous }) => {
    if (previous) return object;
    const uid = object.metadata.uid ?? randomUUID();
    return withJobIdentity({ ...object, metadata: { ...object.metadata, uid } } as Job, uid);
  },
};

function protect(object: Manifest, previous: Manifest | undefined, finalizer: string): Manifest {
  const now = object.metadata.finalizers ?? [];
  if (!previous && !now.includes(finalizer)) object.metadata.finalizers = [...now, finalizer];
  return object;
}

/** The object as it will be stored; the given one may be changed. @throws ApiError 403. */
export function allocate(storage: string, object: Manifest, allocation: Allocation): Manifest {
  return (Object.hasOwn(allocators, storage) ? allocators[storage]?.(object, allocation) : undefined) ?? object;
}
