/** `get --watch`: the list, then each change as it comes. Direct, because no tool of the MCP server watches. */
import type { Call } from './call.ts';
import { invalid } from './command-error.ts';
import { textAt, type Json } from './exact-json.ts';
import { outcome, type More, type Outcome } from './outcome.ts';
import { printTable, viewTable, type ServerTable, type TableOptions } from './print/table.ts';
import type { Printer } from './print/printer.ts';
import { pathOf, type Target } from './resource-names.ts';
import { asTable, readTable } from './server-table.ts';
import { itemsOf } from './ask.ts';
import { watchObjects } from './watch-stream.ts';

export async function watchTables(
  call: Call,
  targets: readonly Target[],
  given: Omit<TableOptions, 'kinds'>,
  printer: Printer | null,
): Promise<Outcome> {
  const [target] = targets;
  const { flags } = call.invocation;
  if (target === undefined || targets.length > 1 || target.names.length > 1) {
    throw invalid('you may only specify a single resource type', 'Watch one type at a time.');
  }
  const { resource, names } = target;
  const [name] = names;
  const namespace = flags.is('all-namespaces') || !resource.namespaced ? null : call.namespace;
  const selectors = selectorsOf(call, name);
  const accept = printer === null ? asTable : undefined;
  const answer = await call.reader.json(pathOf(resource, namespace), selectors.join('&'), accept);
  if (name !== undefined) await call.reader.json(pathOf(resource, namespace, name));
  const table = printer === null ? readTable(answer, resource) : null;
  if (printer === null && table === null) throw invalid('the server makes no tables for this type', 'Add -o yaml.');
  const options = { ...given, kinds: flags.is('show-kind') };
  const shown: ServerTable | null =
    table === null ? null : { ...table, rows: flags.is('watch-only') ? [] : table.rows };
  const version = textAt(answer, 'metadata', 'resourceVersion');
  const query = [...selectors, 'watch=true', `resourceVersion=${version}`].join('&');
  const first = firstOutcome(shown, options, printer, flags.is('watch-only') ? [] : itemsOf(answer));
  let columns = shown?.columns ?? [];
  return {
    ...first,
    follow: (emit, signal) =>
      watchObjects(call.reader, pathOf(resource, namespace), query, accept, signal, ({ type, object }) => {
        if (printer !== null) return emit(textMore(printer.print(object)));
        // The server leaves the columns out after the first event.
        const event = readTable(object, resource);
        if (event === null) return undefined;
        if (event.columns.length > 0) columns = event.columns;
        const marked = flags.is('output-watch-events') ? withEvent({ ...event, columns }, type) : { ...event, columns };
        return emit({ lines: [], tables: [viewTable(marked, options)] });
      }),
  };
}

function selectorsOf({ invocation: { flags } }: Call, name: string | undefined): string[] {
  const label = flags.text('selector') ?? '';
  const field = name === undefined ? (flags.text('field-selector') ?? '') : `metadata.name=${name}`;
  return [
    ...(field === '' ? [] : [`fieldSelector=${encodeURIComponent(field)}`]),
    ...(label === '' ? [] : [`labelSelector=${encodeURIComponent(label)}`]),
  ];
}

function firstOutcome(
  table: ServerTable | null,
  options: TableOptions,
  printer: Printer | null,
  items: readonly Json[],
): Outcome {
  if (table !== null) {
    return outcome({ kind: 'tables', tables: [viewTable(table, options)] }, () => printTable(table, options));
  }
  const text =
    printer === null ? '' : items.map((item) => printer.print(item)).join(printer.language === 'yaml' ? '---\n' : '');
  return outcome({ kind: 'text', text }, () => text);
}

function textMore(text: string): More {
  const lines = text.replace(/\n$/, '').split('\n');
  return { lines: lines.map((line) => ({ at: null, from: null, text: line })), tables: [] };
}

function withEvent(table: ServerTable, type: string): ServerTable {
  const column = { name: 'Event', type: 'string', format: '', priority: 0, description: '' };
  return {
    ...table,
    columns: [column, ...table.columns],
    rows: table.rows.map((row) => ({ ...row, cells: [type.padEnd(8), ...row.cells] })),
  };
}
