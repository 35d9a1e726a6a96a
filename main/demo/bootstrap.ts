/** What stands in a cluster before anybody uses it: namespaces, the roles every API server creates, its users. */
import type { Store } from './store.ts';
import type { Catalogue } from './definitions.ts';
import type { Manifest } from './kinds.ts';
import { bootstrapObjects } from './recordings.ts';

const rbac = 'rbac.authorization.k8s.io';

/** Name in the store of an object by its apiVersion and kind. @throws Error for a kind that is not served. */
export function storageOf(catalogue: Catalogue, object: Manifest): string {
  const apiVersion = object.apiVersion ?? 'v1';
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const found = catalogue.findKind(group, version, object.kind ?? '');
  if (!found) throw new Error(`${apiVersion} ${object.kind ?? ''} is not served`);
  return found.storage;
}

function namespace(name: string): Manifest {
  return {
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  } as Manifest;
}

/** Two lesser users: `viewer` reads all but Secrets, `shop-developer` works in one namespace only. */
function userBindings(): Manifest[] {
  return [
    binding('ClusterRoleBinding', 'viewer', '', 'view', 'viewer'),
    binding('RoleBinding', 'shop-developer', 'shop', 'edit', 'shop-developer'),
  ];
}

function binding(kind: string, name: string, inNamespace: string, role: string, user: string): Manifest {
  return {
    kind,
    apiVersion: `${rbac}/v1`,
    metadata: { name, ...(inNamespace ? { namespace: inNamespace } : {}) },
    subjects: [{ kind: 'User', apiGroup: rbac, name: user }],
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
  } as Manifest;
}

/** Fills an empty store with what the API server itself creates. The rest of a namespace is its controller's work. */
export function bootstrap(store: Store, catalogue: Catalogue): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    store.create('namespaces', namespace(name));
  const objects = [...bootstrapObjects(), ...userBindings()] as unknown as Manifest[];
  for (const object of objects) {
    const storage = storageOf(catalogue, object);
    const { name, namespace: place = '' } = object.metadata;
    if (!store.get(storage, place, name)) store.create(storage, object);
  }
}
