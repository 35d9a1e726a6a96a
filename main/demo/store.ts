/**
 * The demo cluster's storage: objects in memory, one global resourceVersion, and the recent past of each resource, so
 * that a watch can start where a list ended. A resource is addressed as kubectl writes it: 'pods', 'deployments.apps'.
 *
 * How a controller plugs in: it exports `start(store, clock)` and returns `{ close() }`. It reads with `get` and `list`,
 * hears of every commit with `subscribe` (after the commit, in resourceVersion order also when a listener writes), and
 * writes with `create`, `modify` and `requestDelete` (delete.ts: what DELETE does, with grace, finalizers and
 * propagation); the kubelet ends a Pod with `remove`. The collector of garbage and the one of namespaces are controllers.
 *
 * Promises: a commit is synchronous; `uid`, `creationTimestamp`, `resourceVersion` and `generation` are kept here; a
 * write that changes nothing commits nothing; an object that waits for deletion goes with its last finalizer.
 * Must never: change an object after it was given out. Objects are values: `modify` hands out a copy and stores it.
 * Decided against: deep freezing, which costs more at 5,000 pods than the mistakes it finds.
 */
import { randomUUID } from 'node:crypto';
import { timestamp } from './clock.ts';
import { alreadyExists, conflict, modified, notFound } from './errors.ts';
import type { ResourceName } from './errors.ts';
import { copyOf, isEqual } from './json-value.ts';
import type { Manifest } from './kinds.ts';

/** One commit. `previous` is absent for ADDED; for DELETED `object` is the last state with the deletion's version. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: string;
  object: Manifest;
  previous?: Manifest;
  resourceVersion: number;
}

export type Listener = (change: Change) => void;

interface Shelf {
  objects: Map<string, Manifest>;
  /** Keys in list order. */
  order: string[];
  history: Change[];
  /** Changes up to and including this resourceVersion are forgotten. */
  floor: number;
  listeners: Set<Listener>;
}

const historyLimit = 4000;

/** Resources whose objects have no `metadata.generation`, though they have a spec. */
const withoutGeneration = new Set([
  'services',
  'nodes',
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'resourcequotas',
  'limitranges',
  'leases.coordination.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'certificatesigningrequests.certificates.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

/** Resources whose objects have one without having a spec: any change but of metadata raises it. */
const generationWithoutSpec = new Set([
  'endpointslices.discovery.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
]);

/** 'deployments.apps' as its parts. */
export function parseResource(resource: string): ResourceName {
  const dot = resource.indexOf('.');
  return dot < 0 ? { group: '', plural: resource } : { group: resource.slice(dot + 1), plural: resource.slice(0, dot) };
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Where a key stands in the order, or would stand. */
function positionOf(order: string[], key: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Store {
  readonly #now: () => number;
  readonly #shelves = new Map<string, Shelf>();
  readonly #listeners = new Set<Listener>();
  readonly #undelivered: Change[] = [];
  #isDelivering = false;
  #resourceVersion = 1;

  /** @param now epoch milliseconds; the source of creation and deletion times. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  now(): number {
    return this.#now();
  }

  /**
   * Adds an object. A uid, creationTimestamp or generation that it brings is kept, so that a story can have a past
   * (the API drops what a client sends). @throws ApiError 409 where the name is taken.
   */
  create<T extends Manifest>(resource: string, object: T): T {
    const shelf = this.#shelf(resource);
    const { metadata } = object;
    const key = keyOf(metadata.namespace ?? '', metadata.name);
    if (shelf.objects.has(key)) throw alreadyExists(parseResource(resource), metadata.name);
    const { name, namespace, ...rest } = metadata;
    const stored: T = {
      ...object,
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        ...rest,
        uid: metadata.uid ?? randomUUID(),
        creationTimestamp: metadata.creationTimestamp ?? timestamp(this.#now()),
      },
    };
    if (this.hasGeneration(resource, object)) stored.metadata.generation ??= 1;
    return this.#commit(shelf, 'ADDED', resource, key, stored);
  }

  /**
   * Replaces an object. With `metadata.resourceVersion` set it must be the stored one, with `metadata.uid` that too.
   * @throws ApiError 404, 409.
   */
  update<T extends Manifest>(resource: string, object: T): T {
    const shelf = this.#shelf(resource);
    const { name, namespace } = object.metadata;
    const key = keyOf(namespace ?? '', name);
    const current = shelf.objects.get(key) as T | undefined;
    if (!current) throw notFound(parseResource(resource), name);
    const wanted = object.metadata.resourceVersion;
    if (wanted && wanted !== '0' && wanted !== current.metadata.resourceVersion) {
      throw modified(parseResource(resource), name);
    }
    const uid = object.metadata.uid;
    if (uid && uid !== current.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid ?? ''}`;
      throw conflict(parseResource(resource), name, why);
    }
    const next = this.settle(resource, current, object);
    if (isEqual(next, current)) return current;
    const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = next.metadata;
    if (deletionTimestamp && !finalizers?.length && !deletionGracePeriodSeconds && !specFinalizers(next).length) {
      return this.#commit(shelf, 'DELETED', resource, key, next);
    }
    return this.#commit(shelf, 'MODIFIED', resource, key, next);
  }

  /** What `update` would store: identity from the stored object, generation raised where the spec changed. */
  settle<T extends Manifest>(resource: string, current: T, object: T): T {
    const { uid, creationTimestamp, resourceVersion, generation } = current.metadata;
    const next: T = { ...object, metadata: { ...object.metadata } };
    if (uid) next.metadata.uid = uid;
    if (creationTimestamp) next.metadata.creationTimestamp = creationTimestamp;
    if (resourceVersion) next.metadata.resourceVersion = resourceVersion;
    if (generation === undefined) delete next.metadata.generation;
    else next.metadata.generation = generation + (this.#raisesGeneration(resource, current, object) ? 1 : 0);
    return next;
  }

  /** Whether objects of this resource carry `metadata.generation`. */
  hasGeneration(resource: string, object: Manifest): boolean {
    return generationWithoutSpec.has(resource) || ('spec' in object && !withoutGeneration.has(resource));
  }

  /**
   * Read, change, write. `change` may alter the copy it gets, or return another. Undefined where there is no object:
   * a controller meets one that has just gone all the time.
   */
  modify<T extends Manifest>(
    resource: string,
    namespace: string,
    name: string,
    change: (copy: T) => T | undefined,
  ): T | undefined {
    const current = this.get<T>(resource, namespace, name);
    if (!current) return undefined;
    const copy = copyOf(current);
    return this.update(resource, change(copy) ?? copy);
  }

  /** Removes an object at once, whatever its finalizers. Undefined where there is none. */
  remove(resource: string, namespace: string, name: string): Manifest | undefined {
    const shelf = this.#shelf(resource);
    const key = keyOf(namespace, name);
    const current = shelf.objects.get(key);
    return current && this.#commit(shelf, 'DELETED', resource, key, current);
  }

  get<T extends Manifest = Manifest>(resource: string, namespace: string, name: string): T | undefined {
    return this.#shelves.get(resource)?.objects.get(keyOf(namespace, name)) as T | undefined;
  }

  /** Objects in the API's order (namespace, then name); of one namespace where one is given. */
  list<T extends Manifest = Manifest>(resource: string, namespace = ''): T[] {
    const shelf = this.#shelves.get(resource);
    if (!shelf) return [];
    const { order, objects } = shelf;
    const start = namespace ? positionOf(order, `${namespace}/`) : 0;
    const end = namespace ? positionOf(order, `${namespace}0`) : order.length;
    const listed: T[] = [];
    for (let index = start; index < end; index += 1) listed.push(objects.get(order[index] ?? '') as T);
    return listed;
  }

  /** Every object of every resource, for the collectors. */
  *everything(): Generator<{ resource: string; object: Manifest }> {
    for (const [resource, shelf] of this.#shelves) {
      for (const object of [...shelf.objects.values()]) yield { resource, object };
    }
  }

  /** Calls `listener` after each commit, of one resource or of all. The returned function ends it. */
  subscribe(listener: Listener, resource?: string): () => void {
    const listeners = resource ? this.#shelf(resource).listeners : this.#listeners;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Changes after `resourceVersion`, oldest first; undefined where some of them are forgotten (410 Expired). */
  changesSince(resource: string, resourceVersion: number): Change[] | undefined {
    const shelf = this.#shelf(resource);
    if (resourceVersion < shelf.floor) return undefined;
    return shelf.history.filter((change) => change.resourceVersion > resourceVersion);
  }

  /** The oldest resourceVersion that a watch of this resource may start from. */
  oldest(resource: string): number {
    return this.#shelf(resource).floor;
  }

  /** The objects of one resource as they were; undefined where that is forgotten. */
  listAt(resource: string, namespace: string, resourceVersion: number): Manifest[] | undefined {
    const changes = this.changesSince(resource, resourceVersion);
    if (!changes) return undefined;
    if (!changes.length) return this.list(resource, namespace);
    const objects = new Map(this.#shelf(resource).objects);
    for (const { object, previous } of changes.reverse()) {
      const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
      if (previous) objects.set(key, previous);
      else objects.delete(key);
    }
    const keys = [...objects.keys()].sort().filter((key) => !namespace || key.startsWith(`${namespace}/`));
    return keys.flatMap((key) => objects.get(key) ?? []);
  }

  /** Forgets the past: watches from before now answer 410. Called after seeding, and by the fault of that name. */
  compact(): void {
    for (const shelf of this.#shelves.values()) {
      shelf.history = [];
      shelf.floor = this.#resourceVersion;
    }
  }

  #shelf(resource: string): Shelf {
    let shelf = this.#shelves.get(resource);
    if (!shelf) {
      shelf = { objects: new Map(), order: [], history: [], floor: 1, listeners: new Set() };
      this.#shelves.set(resource, shelf);
    }
    return shelf;
  }

  #raisesGeneration(resource: string, current: Manifest, next: Manifest): boolean {
    if (!this.hasGeneration(resource, next)) return false;
    if (next.metadata.deletionTimestamp && !current.metadata.deletionTimestamp) return true;
    const before = desired(resource, current);
    const after = desired(resource, next);
    return before !== after && !isEqual(before, after);
  }

  #commit<T extends Manifest>(shelf: Shelf, type: Change['type'], resource: string, key: string, next: T): T {
    const resourceVersion = ++this.#resourceVersion;
    const object: T = { ...next, metadata: { ...next.metadata, resourceVersion: String(resourceVersion) } };
    const previous = shelf.objects.get(key);
    if (type === 'DELETED') shelf.objects.delete(key);
    else shelf.objects.set(key, object);
    if (type === 'ADDED') shelf.order.splice(positionOf(shelf.order, key), 0, key);
    if (type === 'DELETED') shelf.order.splice(positionOf(shelf.order, key), 1);
    const change: Change = { type, resource, object, ...(previous ? { previous } : {}), resourceVersion };
    shelf.history.push(change);
    if (shelf.history.length > historyLimit) {
      const dropped = shelf.history.splice(0, historyLimit / 4);
      shelf.floor = dropped.at(-1)?.resourceVersion ?? shelf.floor;
    }
    this.#undelivered.push(change);
    this.#deliver();
    return object;
  }

  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let change = this.#undelivered.shift(); change; change = this.#undelivered.shift()) {
        for (const listener of [...this.#listeners, ...this.#shelf(change.resource).listeners]) listener(change);
      }
    } finally {
      this.#isDelivering = false;
    }
  }
}

function specOf(object: Manifest): unknown {
  return (object as Manifest & { spec?: unknown }).spec;
}

/** What a generation counts the changes of. */
function desired(resource: string, object: Manifest): unknown {
  return generationWithoutSpec.has(resource) ? { ...object, metadata: null } : specOf(object);
}

/** A namespace's own finalizers stand in its spec. */
function specFinalizers(object: Manifest): string[] {
  const spec = specOf(object) as { finalizers?: unknown } | undefined;
  return Array.isArray(spec?.finalizers) ? spec.finalizers : [];
}
