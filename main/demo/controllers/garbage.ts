import { requestDelete } from '../delete.ts';
import { isEqual } from '../json-value.ts';
import type { Manifest, OwnerReference } from '../kinds.ts';
import type { Controller, World } from './controller.ts';
import { WorkQueue } from './queue.ts';

interface Entry {
  resource: string;
  namespace: string;
  name: string;
}

/**
 * Removes what belongs to objects that are gone, lets dependents go where an owner is deleted with 'orphan', and ends
 * foreground deletions once nothing that blocks them is left. Owners are found by uid.
 */
export function startGarbageCollector(world: World): Controller {
  const collector = new Collector(world);
  return {
    close: () => {
      collector.close();
    },
  };
}

class Collector {
  readonly #world: World;
  readonly #byUid = new Map<string, Entry>();
  readonly #dependents = new Map<string, Set<string>>();
  readonly #queue: WorkQueue;
  readonly #end: () => void;

  constructor(world: World) {
    this.#world = world;
    this.#queue = new WorkQueue(world.clock, (uid) => {
      this.#look(uid);
    });
    for (const { resource, object } of world.store.everything()) this.#learn(resource, object);
    this.#end = world.store.subscribe(({ type, resource, object, previous }) => {
      if (type === 'DELETED') this.#forget(object);
      else {
        const { ownerReferences, deletionTimestamp, uid = '' } = object.metadata;
        const isKnown = previous !== undefined && isEqual(ownerReferences, previous.metadata.ownerReferences);
        if (!isKnown) this.#learn(resource, object);
        if (deletionTimestamp || (!isKnown && ownerReferences)) this.#queue.add(uid, 20);
      }
    });
  }

  close(): void {
    this.#end();
    this.#queue.close();
  }

  #learn(resource: string, { metadata }: Manifest): void {
    const { uid = '', namespace = '', name, ownerReferences = [] } = metadata;
    this.#byUid.set(uid, { resource, namespace, name });
    for (const owner of ownerReferences) {
      const known = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, known.add(uid));
    }
  }

  #forget({ metadata }: Manifest): void {
    const { uid = '', ownerReferences = [] } = metadata;
    this.#byUid.delete(uid);
    for (const owner of ownerReferences) {
      this.#dependents.get(owner.uid)?.delete(uid);
      if (this.#byUid.has(owner.uid)) this.#queue.add(owner.uid, 20);
    }
    for (const dependent of this.#dependents.get(uid) ?? []) this.#queue.add(dependent, 20);
    this.#dependents.delete(uid);
  }

  #object(uid: string): { entry: Entry; object: Manifest } | undefined {
    const entry = this.#byUid.get(uid);
    const object = entry && this.#world.store.get(entry.resource, entry.namespace, entry.name);
    return entry && object?.metadata.uid === uid ? { entry, object } : undefined;
  }

  #look(uid: string): void {
    const found = this.#object(uid);
    if (!found) return;
    const { finalizers = [], deletionTimestamp, ownerReferences = [] } = found.object.metadata;
    if (deletionTimestamp && finalizers.includes('orphan')) this.#orphan(uid, found.entry);
    else if (deletionTimestamp && finalizers.includes('foregroundDeletion')) this.#foreground(uid, found.entry);
    else if (!deletionTimestamp && ownerReferences.length > 0) this.#collect(found.entry, ownerReferences);
  }

  #collect(entry: Entry, owners: OwnerReference[]): void {
    const isAlive = (owner: OwnerReference): boolean => this.#object(owner.uid) !== undefined;
    if (owners.some(isAlive)) return;
    requestDelete(this.#world.store, entry.resource, entry.namespace, entry.name, { propagation: 'Background' });
  }

  #orphan(uid: string, entry: Entry): void {
    const { store } = this.#world;
    for (const dependent of [...(this.#dependents.get(uid) ?? [])]) {
      const found = this.#object(dependent);
      if (!found) continue;
      store.modify(found.entry.resource, found.entry.namespace, found.entry.name, (copy) => {
        const others = (copy.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
        if (others.length > 0) copy.metadata.ownerReferences = others;
        else delete copy.metadata.ownerReferences;
        return copy;
      });
    }
    this.#dependents.delete(uid);
    this.#dropFinalizer(entry, 'orphan');
  }

  #foreground(uid: string, entry: Entry): void {
    const dependents = [...(this.#dependents.get(uid) ?? [])].flatMap((one) => this.#object(one) ?? []);
    const blocking = dependents.filter(({ object }) =>
      object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
    );
    for (const { entry: one, object } of dependents) {
      if (object.metadata.deletionTimestamp) continue;
      requestDelete(this.#world.store, one.resource, one.namespace, one.name, { propagation: 'Foreground' });
    }
    if (blocking.length === 0) this.#dropFinalizer(entry, 'foregroundDeletion');
    else this.#queue.add(uid, 500);
  }

  #dropFinalizer({ resource, namespace, name }: Entry, finalizer: string): void {
    this.#world.store.modify(resource, namespace, name, (copy) => {
      const others = (copy.metadata.finalizers ?? []).filter((one) => one !== finalizer);
      if (others.length > 0) copy.metadata.finalizers = others;
      else delete copy.metadata.finalizers;
      return copy;
    });
  }
}
