import { cleanup } from '../delete.ts';
import type { Controller, World } from './controller.ts';
import { startController } from './controller.ts';
import type { Manifest } from '../kinds.ts';

const resource = 'customresourcedefinitions.apiextensions.k8s.io';

interface Definition extends Manifest {
  spec: { group: string; names: { plural: string } };
}

/** Removes the objects of a custom kind before its definition goes. */
export function startDefinitions(world: World): Controller {
  const { store } = world;
  return startController(world, {
    resource,
    kind: 'CustomResourceDefinition',
    owned: [],
    reconcile: (_none, name) => {
      const definition = store.get<Definition>(resource, '', name);
      if (!definition) return;
      const { finalizers = [], deletionTimestamp } = definition.metadata;
      if (!deletionTimestamp) return;
      const storage = `${definition.spec.names.plural}.${definition.spec.group}`;
      for (const { metadata } of store.list(storage)) store.remove(storage, metadata.namespace ?? '', metadata.name);
      store.modify<Definition>(resource, '', name, (copy) => {
        copy.metadata.finalizers = finalizers.filter((one) => one !== cleanup);
        return copy;
      });
    },
  });
}
