import type { Host } from '../../host.ts';
import type { EventStreams } from './event-streams.ts';

/** What the application may borrow from the browser host: events to its windows, and nothing of the machine. */
export function browserHost(streams: EventStreams): Host {
  return {
    kind: 'browser',
    publish: (name, payload, client) => streams.publish(name, payload, client ?? null),
    openExternal: null,
  };
}
