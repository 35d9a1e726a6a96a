import type { Clock } from '../clock.ts';
import { timestamp } from '../clock.ts';
import type { Event, Manifest } from '../kinds.ts';
import { hash } from '../seeded.ts';
import type { Store } from '../store.ts';

/** What happened to an object, in the words of the component that saw it. */
export interface Happening {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  host?: string;
  fieldPath?: string;
}

const lifetimeMs = 60 * 60 * 1000;

/**
 * Writes events as client-go's recorder does: the same happening again raises `count` and `lastTimestamp` of the event
 * that is there. Events are forgotten an hour after they were last seen, as by a real API server.
 */
export class EventRecorder {
  readonly #store: Store;
  readonly #clock: Clock;
  #cancel: () => void;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#cancel = clock.after(60_000, () => {
      this.#sweep();
    });
  }

  /** `kind` and `apiVersion` of the object are given, since stored objects need not carry them. */
  record(object: Manifest, kind: string, apiVersion: string, happening: Happening): void {
    const { name, namespace = 'default', uid = '', resourceVersion } = object.metadata;
    const { type, reason, message, component, host, fieldPath } = happening;
    const seed = [kind, namespace, name, uid, type, reason, message, component, fieldPath ?? ''].join('/');
    const eventName = `${name}.${hash(seed).toString(16).padStart(8, '0')}${hash(`${seed}.`).toString(16).padStart(8, '0')}`;
    const at = timestamp(this.#clock.now());
    const seen = this.#store.modify<Event>('events', namespace, eventName, (event) => {
      return { ...event, count: (event.count ?? 1) + 1, lastTimestamp: at };
    });
    if (seen) return;
    this.#store.create<Event>('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      involvedObject: {
        kind,
        ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
        name,
        uid,
        apiVersion,
        ...(resourceVersion ? { resourceVersion } : {}),
        ...(fieldPath ? { fieldPath } : {}),
      },
      reason,
      message,
      source: { component, ...(host ? { host } : {}) },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
  }

  close(): void {
    this.#cancel();
  }

  #sweep(): void {
    const oldest = timestamp(this.#clock.now() - lifetimeMs);
    for (const event of this.#store.list<Event>('events')) {
      const seen =
        event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
      if (seen && seen < oldest) this.#store.remove('events', event.metadata.namespace ?? '', event.metadata.name);
    }
    this.#cancel = this.#clock.after(60_000, () => {
      this.#sweep();
    });
  }
}
