import type { ChangedObject } from '../../shared/changes.ts';
import type { ObjectRef } from '../../shared/commands.ts';
import type { RecordedWrite, Target } from '../gate/permits.ts';
import type { ApiResource } from '../clusters/cluster-access.ts';
import { at, shownYaml } from './shown.ts';

/** Turns recorded writes into what a card lists, naming each object by its own kind, also for a subresource. */
export function changedObjects(
  writes: readonly RecordedWrite[],
  resources: readonly ApiResource[],
): readonly ChangedObject[] {
  return writes.map((write) => ({
    object: refOf(write, resources),
    action: actionOf(write),
    before: shownYaml(write.before, write.target.subresource),
    after: shownYaml(write.after, write.target.subresource),
    notPreviewed: null,
  }));
}

/** The object that a write acts on; the parent's kind for `/scale` and its like. */
export function refOf(write: RecordedWrite, resources: readonly ApiResource[]): ObjectRef {
  const { target } = write;
  const served = resources.find(
    (resource) =>
      resource.group === target.group && resource.version === target.version && resource.name === target.resource,
  );
  const said = target.subresource === null ? (at(write.after, 'kind') ?? at(write.before, 'kind')) : undefined;
  const name = target.name ?? at(write.after, 'metadata', 'name');
  return {
    apiVersion: apiVersionOf(target),
    kind: served?.kind ?? (typeof said === 'string' ? said : target.resource),
    namespace: target.namespace,
    name: typeof name === 'string' ? name : '',
  };
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(target: Target): string {
  return target.group === '' ? target.version : `${target.group}/${target.version}`;
}

function actionOf(write: RecordedWrite): ChangedObject['action'] {
  if (write.target.subresource === 'eviction' || write.target.subresource === 'binding') return 'act';
  if (write.method === 'DELETE') return 'delete';
  return write.before === null ? 'create' : 'update';
}
