import { timestamp } from '../clock.ts';
import { requestDelete } from '../delete.ts';
import type { Manifest } from '../kinds.ts';
import type { Controller, World } from './controller.ts';
import { startController } from './controller.ts';

interface Namespace extends Manifest {
  spec?: { finalizers?: string[] };
  status?: { phase?: string; conditions?: unknown[] };
}

/**
 * Gives each namespace its default service account and the cluster's CA, and empties it when it is deleted.
 * `caCertificate` is the PEM of the API server's authority.
 */
export function startNamespaces(world: World, caCertificate: string): Controller {
  const { store } = world;
  const controller = startController(world, {
    resource: 'namespaces',
    kind: 'Namespace',
    owned: [],
    reconcile: (_none, name, again) => {
      const namespace = store.get<Namespace>('namespaces', '', name);
      if (namespace?.metadata.deletionTimestamp) empty(world, namespace, again);
      else if (namespace) furnish(world, name, caCertificate);
    },
  });
  const ends = ['serviceaccounts', 'configmaps'].map((resource) =>
    store.subscribe(({ type, object }) => {
      if (type === 'DELETED') controller.again('', object.metadata.namespace ?? '');
    }, resource),
  );
  return {
    close: () => {
      for (const end of ends) end();
      controller.close();
    },
  };
}

function furnish({ store }: World, namespace: string, caCertificate: string): void {
  if (!store.get('serviceaccounts', namespace, 'default')) {
    const metadata = { name: 'default', namespace };
    store.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  }
  if (!store.get('configmaps', namespace, 'kube-root-ca.crt')) {
    const annotations = { 'kubernetes.io/description': 'The certificate authority of this demo cluster.' };
    const metadata = { name: 'kube-root-ca.crt', namespace, annotations };
    const root = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': caCertificate } };
    store.create('configmaps', root as Manifest);
  }
}

function empty(world: World, namespace: Namespace, again: (delayMs: number) => void): void {
  const { store, clock } = world;
  const { name } = namespace.metadata;
  let left = 0;
  for (const { resource, object } of store.everything()) {
    if (object.metadata.namespace !== name) continue;
    left += 1;
    if (!object.metadata.deletionTimestamp) {
      const { isGone } =
        requestDelete(store, resource, name, object.metadata.name, { propagation: 'Background' }) ?? {};
      if (isGone) left -= 1;
    }
  }
  if (left > 0) {
    const at = timestamp(clock.now());
    const condition = (type: string, status: string, reason: string, message: string): object => {
      return { type, status, lastTransitionTime: at, reason, message };
    };
    store.modify<Namespace>('namespaces', '', name, (copy) => {
      if (copy.status?.conditions) return copy;
      const conditions = [
        condition(
          'NamespaceDeletionDiscoveryFailure',
          'False',
          'ResourcesDiscovered',
          'All resources successfully discovered',
        ),
        condition(
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
        condition('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', 'Some resources are remaining'),
      ];
      copy.status = { phase: 'Terminating', conditions };
      return copy;
    });
    again(300);
    return;
  }
  store.modify<Namespace>('namespaces', '', name, (copy) => {
    copy.spec = { ...copy.spec };
    delete copy.spec.finalizers;
    return copy;
  });
}
