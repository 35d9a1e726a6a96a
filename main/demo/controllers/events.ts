import type { Clock } from '../clock.ts';
import { timestamp } from '../clock.ts';
import type { Event, Manifest } from '../kinds.ts';
import { isForgotten, pace } from '../pace.ts';
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
/** Before this a story writes none: they would be gone. Long enough for the counts of what still goes on. */
const storyMs = 3 * lifetimeMs;

/**
 * Writes events as client-go's recorder does: the same happening again raises `count` and `lastTimestamp` of the event
 * that is there. Events are forgotten an hour after they were last seen, as by a real API server.
 */
export class EventRecorder {
  readonly #store: Store;
  readonly #clock: Clock;
  #cancel: () => void;
  #made = 0;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#cancel = clock.after(60_000, () => {
      this.#sweep();
    });
  }

  /** `kind` and `apiVersion` of the object are given, since stored objects need not carry them. */
  record(object: Manifest, kind: string, apiVersion: string, happening: Happening): void {
    if (isForgotten(this.#clock, storyMs)) return;
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

  /** Writes an event in the manner of the new events API, as the scheduler does: no count, a precise time, an action. */
  recordOnce(object: Manifest, kind: string, apiVersion: string, happening: Happening & { action: string }): void {
    if (isForgotten(this.#clock, storyMs)) return;
    const { name, namespace = 'default', uid = '', resourceVersion = '' } = object.metadata;
    const { type, reason, message, component, action } = happening;
    const now = this.#clock.now();
    this.#store.create<Event & { action: string }>('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${(BigInt(now) * 1000000n + BigInt((this.#made += 1))).toString(16)}`, namespace },
      involvedObject: { kind, namespace, name, uid, apiVersion, resourceVersion },
      reason,
      message,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: `${new Date(now).toISOString().slice(0, -1)}000Z`,
      action,
      reportingComponent: component,
      reportingInstance: `${component}-demo`,
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
    this.#cancel = this.#clock.after(pace(this.#clock, 60_000, 1_200_000), () => {
      this.#sweep();
    });
  }
}
