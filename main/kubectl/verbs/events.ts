/** `kubectl events`: by the time they were last seen, oldest first. */
import type { LogLine } from '../../../shared/commands.ts';
import { askObjects } from '../ask.ts';
import type { Call } from '../call.ts';
import { invalid } from '../command-error.ts';
import { at, isObject, numberAt, textAt, type Json } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { missingNamespace } from '../no-resources.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { ageOf } from '../print/age.ts';
import { plainOutcome, plainView, type PlainRow, type PlainTable } from '../print/plain-table.ts';
import { printerOf, type Printer } from '../print/printer.ts';
import { apiVersionOf, oneType, pathOf } from '../resource-names.ts';
import { watchObjects } from '../watch-stream.ts';
import { askingOf } from './get.ts';

export async function events(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (args.length > 0)
    throw invalid(`unknown command "${args[0] ?? ''}" for "kubectl events"`, 'Name an object with --for.');
  const types = flags.list('types').map((type) => type.toLowerCase());
  if (types.some((type) => type !== 'normal' && type !== 'warning'))
    throw invalid('valid --types are Normal or Warning');
  const printer = printerOf(outputFormat(flags), {
    managedFields: flags.is('show-managed-fields'),
    strict: !flags.is('allow-missing-template-keys', true),
  });
  const resources = await call.reader.resources();
  const resource = oneType(
    'events.v1.',
    resources.map((one) => ({ ...one })).filter(({ group }) => group === ''),
  );
  const isEverywhere = flags.is('all-namespaces');
  const fieldSelector = forSelector(flags.text('for') ?? '', resources);
  const wanted = (event: Json): boolean => types.length === 0 || types.includes(textAt(event, 'type').toLowerCase());
  const headers = !flags.is('no-headers');
  if (flags.is('watch')) {
    const namespace = isEverywhere ? null : call.namespace;
    return { ...watchEvents(call, pathOf(resource, namespace), fieldSelector, wanted, isEverywhere, headers) };
  }
  const { objects, failures } = await askObjects(
    {
      resource,
      namespace: isEverywhere ? null : call.namespace,
      names: [],
      labelSelector: '',
      fieldSelector,
      format: printer === null ? 'yaml' : outputFormat(flags).format,
      sorted: false,
      subresource: null,
      managedFields: flags.is('show-managed-fields'),
      paged: flags.has('chunk-size'),
    },
    askingOf(call),
  );
  const [failed] = failures;
  if (failed !== undefined) throw failed;
  const found = sortEvents(objects.filter(wanted));
  if (found.length === 0) {
    if (isEverywhere) return textOutcome('', ['No events found.']);
    return textOutcome('', [`No events found in ${call.namespace} namespace.`, ...(await missingNamespace(call))]);
  }
  if (printer !== null) return printed(found, printer);
  return plainOutcome(eventTable(found, call.now(), isEverywhere, headers));
}

function forSelector(object: string, resources: Parameters<typeof oneType>[1]): string {
  if (object === '') return '';
  const parts = object.split('/');
  if (parts.length === 1) throw invalid('--for must be in resource/name form');
  if (parts.length > 2) throw invalid('arguments in resource/name form may not have more than one slash');
  const resource = oneType(parts[0] ?? '', resources);
  return `involvedObject.kind=${resource.kind},involvedObject.apiVersion=${apiVersionOf(resource)},involvedObject.name=${parts[1] ?? ''}`;
}

function printed(found: readonly Json[], printer: Printer): Outcome {
  const text = printer.print({ apiVersion: 'v1', kind: 'EventList', items: found, metadata: {} });
  return outcome(
    printer.language === null
      ? { kind: 'text', text }
      : { kind: 'document', language: printer.language, text, object: null },
    () => text,
  );
}

/** Oldest first; those of the same moment stay in the server's order. */
export function sortEvents(list: readonly Json[]): Json[] {
  return [...list].sort((a, b) => timeOf(a) - timeOf(b));
}

function timeOf(event: Json): number {
  const time =
    textAt(event, 'series', 'lastObservedTime') || textAt(event, 'lastTimestamp') || textAt(event, 'eventTime');
  const at = Date.parse(time);
  return Number.isNaN(at) ? -Infinity : at;
}

/** `5m (x3 over 10m)`, or the one age. */
export function lastSeen(event: Json, now: number): string {
  const first = ageOf(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'), now);
  const series = at(event, 'series');
  if (isObject(series)) {
    return `${ageOf(textAt(series, 'lastObservedTime'), now)} (x${numberAt(series, 'count') ?? 0} over ${first})`;
  }
  const count = numberAt(event, 'count') ?? 0;
  return count > 1 ? `${ageOf(textAt(event, 'lastTimestamp'), now)} (x${count} over ${first})` : first;
}

function eventTable(found: readonly Json[], now: number, withNamespace: boolean, headers: boolean): PlainTable {
  return {
    resource: 'events',
    columns: [...(withNamespace ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
    rows: found.map((event) => rowOf(event, now, withNamespace)),
    headers,
  };
}

function rowOf(event: Json, now: number, withNamespace: boolean): PlainRow {
  const namespace = textAt(event, 'metadata', 'namespace');
  const involved = `${textAt(event, 'involvedObject', 'kind')}/${textAt(event, 'involvedObject', 'name')}`;
  const cells = [
    lastSeen(event, now),
    textAt(event, 'type'),
    textAt(event, 'reason'),
    involved,
    textAt(event, 'message').trim(),
  ];
  return {
    cells: withNamespace ? [namespace, ...cells] : cells,
    object: { apiVersion: 'v1', kind: 'Event', namespace, name: textAt(event, 'metadata', 'name') },
    createdAt: Number.isFinite(timeOf(event)) ? timeOf(event) : null,
  };
}

function watchEvents(
  call: Call,
  path: string,
  fieldSelector: string,
  wanted: (event: Json) => boolean,
  withNamespace: boolean,
  headers: boolean,
): Outcome {
  const table = (found: readonly Json[]): PlainTable => eventTable(found, call.now(), withNamespace, headers);
  const selector = fieldSelector === '' ? '' : `&fieldSelector=${encodeURIComponent(fieldSelector)}`;
  return {
    ...plainOutcome(table([])),
    follow: (emit, signal) =>
      watchObjects(call.reader, path, `watch=true${selector}`, undefined, signal, ({ type, object }) => {
        if (type === 'DELETED' || !wanted(object)) return;
        emit({ lines: [] as LogLine[], tables: [plainView(table([object]))] });
      }),
  };
}
