import { events, type Publish } from '../shared/contract.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';

/**
 * The one mouth: every event passes its schema, which drops whatever is not declared, and `clean`, which takes known
 * secrets out, and goes to the host. One that does not fit is a mistake of ours: it is logged and stays here, for its
 * listener could not read it.
 */
export function createPublish(host: Host, log: Log, clean: <T>(value: T) => T = (value) => value): Publish {
  const send: Publish = (name, payload, client) => {
    let cleaned: typeof payload;
    try {
      cleaned = clean(payload);
    } catch (error) {
      // What cannot be cleaned is not sent, and its sender is not stopped for it.
      return log.error(`the event ${name} could not be cleaned of secrets`, error);
    }
    host.publish(name, cleaned, client);
  };
  return (name, payload, client) => {
    const parsed = events[name].safeParse(payload);
    if (parsed.success) send(name, parsed.data as typeof payload, client);
    else log.error(`the event ${name} does not fit its schema`, parsed.error);
  };
}
