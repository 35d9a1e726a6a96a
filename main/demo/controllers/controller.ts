/**
 * Controllers as Kubernetes has them: each looks at one object at a time, compares what is with what is wanted, and
 * takes the next step. They know the store, the clock and the event recorder, and nothing of each other.
 *
 * Promises: reconciling is idempotent and synchronous; what waits (a back-off, a deadline) is asked for again by time.
 * Must never: keep state that cannot be found again in the store.
 */
import type { Clock } from '../clock.ts';
import type { LabelSelector, Manifest } from '../kinds.ts';
import { pace } from '../pace.ts';
import type { Change, Store } from '../store.ts';
import type { EventRecorder } from './events.ts';
import { controllerOf } from './pods.ts';
import { WorkQueue } from './queue.ts';
import { selects } from './selector.ts';

export interface Controller {
  close(): void;
}

/** A controller that others may ask to look at an object again. */
export interface QueuedController extends Controller {
  again(namespace: string | undefined, name: string): void;
}

/** What every controller works with. */
export interface World {
  store: Store;
  clock: Clock;
  events: EventRecorder;
}

/** What a controller asks of its queue. */
export interface Reconciler {
  /** The resource of the objects it looks at. */
  resource: string;
  /** Their kind, by which owned objects name their owner. */
  kind: string;
  /** Resources of the objects it makes. */
  owned: string[];
  /** Resources of objects that it watches by its selector, whoever owns them. */
  selected?: string[];
  reconcile(namespace: string, name: string, again: (delayMs: number) => void): void;
}

/** Runs a reconciler for every object of its resource, now and after each change to it or to what it owns. */
export function startController({ store, clock }: World, reconciler: Reconciler): QueuedController {
  const { resource, kind, owned, selected = [] } = reconciler;
  const queue = new WorkQueue(clock, (key) => {
    const [namespace = '', name = ''] = key.split('/');
    reconciler.reconcile(namespace, name, (delayMs) => {
      queue.add(key, delayMs);
    });
  });
  const add = (namespace: string | undefined, name: string): void => {
    queue.add(`${namespace ?? ''}/${name}`);
  };
  const ends = [
    store.subscribe(({ object }) => {
      add(object.metadata.namespace, object.metadata.name);
    }, resource),
    ...owned.map((one) =>
      store.subscribe((change) => {
        const { namespace = '' } = change.object.metadata;
        for (const name of ownersOf(store, resource, kind, change))
          queue.add(`${namespace}/${name}`, pace(clock, 5, 400));
      }, one),
    ),
    ...selected.map((one) =>
      store.subscribe((change) => {
        for (const name of selecting(store, resource, change)) add(change.object.metadata.namespace, name);
      }, one),
    ),
  ];
  for (const object of store.list(resource)) add(object.metadata.namespace, object.metadata.name);
  return {
    again: add,
    close: () => {
      for (const end of ends) end();
      queue.close();
    },
  };
}

function ownersOf(store: Store, resource: string, kind: string, { object, previous }: Change): string[] {
  const references = [controllerOf(object), previous && controllerOf(previous)];
  const names = references.flatMap((reference) => (reference?.kind === kind ? [reference.name] : []));
  if (references.some((reference) => reference)) return [...new Set(names)];
  return selecting(store, resource, { object });
}

function selecting(store: Store, resource: string, { object }: Pick<Change, 'object'>): string[] {
  return store.list(resource, object.metadata.namespace).flatMap((owner) => {
    const selector = (owner as Manifest & { spec?: { selector?: LabelSelector } }).spec?.selector;
    return selects(selector, object.metadata.labels) ? [owner.metadata.name] : [];
  });
}
