/** What a describer may look at beside the object itself. */
import type { Json } from '../exact-json.ts';
import type { Reader } from '../reader.ts';
import { ageOf } from '../print/age.ts';
import { lastSeen, sortEvents } from '../verbs/events.ts';
import { textAt } from '../exact-json.ts';
import type { DescribeText } from './text.ts';

export interface Around {
  readonly reader: Reader;
  readonly now: number;
  /** Null: events are not shown. */
  events(about: EventsAbout): Promise<readonly Json[] | null>;
  /** The items of a list; empty where it may not be read. */
  list(path: string, query: string): Promise<readonly Json[]>;
}

export interface EventsAbout {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string | null;
  readonly uid: string;
}

/** Writes one object; throws CommandError where something it cannot do without may not be read. */
export type Describer = (object: Json, around: Around, text: DescribeText) => Promise<void>;

/** The events of the object itself. */
export function aboutObject(object: Json): EventsAbout {
  return {
    name: textAt(object, 'metadata', 'name'),
    namespace: textAt(object, 'metadata', 'namespace'),
    kind: textAt(object, 'kind'),
    uid: textAt(object, 'metadata', 'uid'),
  };
}

export function writeEvents(events: readonly Json[] | null, now: number, text: DescribeText): void {
  if (events === null) return;
  if (events.length === 0) {
    text.write(0, 'Events:\t<none>\n');
    return;
  }
  text.flush();
  text.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n').write(1, '----\t------\t----\t----\t-------\n');
  for (const event of sortEvents(events)) {
    const source =
      textAt(event, 'source', 'component') ||
      textAt(event, 'reportingComponent') ||
      textAt(event, 'reportingController');
    const path = textAt(event, 'involvedObject', 'fieldPath');
    const message = textAt(event, 'message').trim();
    const cells = [
      textAt(event, 'type'),
      textAt(event, 'reason'),
      lastSeen(event, now),
      source,
      path === '' ? message : `${path}: ${message}`,
    ];
    text.write(1, `${cells.join('\t')}\n`);
  }
}

/** `Terminating (lasts 5m)` while it is being deleted. */
export function lasting(object: Json, now: number): string | null {
  const since = textAt(object, 'metadata', 'deletionTimestamp');
  return since === '' ? null : `Terminating (lasts ${ageOf(since, now)})`;
}

export function controllerOf(object: Json, owners: readonly Json[]): string {
  const owner = owners.find((one) => textAt(one, 'controller') === 'true');
  return owner === undefined ? '' : `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`;
}
