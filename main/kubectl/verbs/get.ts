/** `kubectl get`: tables of the server's own columns, or whole objects in the format asked for. */
import type { ResultBody } from '../../../shared/commands.ts';
import { askObjects, askTables, type Asking } from '../ask.ts';
import type { Call } from '../call.ts';
import { CommandError, invalid, unsupported } from '../command-error.ts';
import { textAt, type Json } from '../exact-json.ts';
import { outputFormat } from '../invocation.ts';
import { noResources } from '../no-resources.ts';
import { outcome, textOutcome, type Outcome } from '../outcome.ts';
import { printTables, viewTable, type ServerTable, type TableOptions } from '../print/table.ts';
import { printerOf, type Printer } from '../print/printer.ts';
import { sortTable, sortObjects } from '../print/sort.ts';
import { resolveTargets, shortNameWarnings, type Target } from '../resource-names.ts';
import type { Question } from '../route.ts';
import { watchTables } from '../watch.ts';

export async function get(call: Call): Promise<Outcome> {
  const { invocation, reader } = call;
  const { flags, args } = invocation;
  if (flags.has('filename') || flags.has('kustomize')) {
    throw unsupported('files are not read here', 'Name the resources in the command.');
  }
  if (flags.has('raw')) return raw(call);
  const printer = printerOf(outputFormat(flags), {
    managedFields: flags.is('show-managed-fields'),
    strict: !flags.is('allow-missing-template-keys', true),
    headers: !flags.is('no-headers'),
  });
  if (flags.is('show-labels') && printer !== null) {
    throw invalid(`--show-labels option cannot be used with ${flags.text('output') ?? ''} printer`);
  }
  if (args.length === 0) throw missingType();
  const resources = await reader.resources();
  const targets = resolveTargets(args, resources);
  checkNames(call, targets);
  for (const warning of shortNameWarnings(args, resources)) reader.warn(warning);
  if (flags.is('watch') || flags.is('watch-only')) return watchTables(call, targets, optionsOf(call), printer);
  if (printer !== null) return printed(call, targets, printer);
  return tables(call, targets);
}

function missingType(): CommandError {
  return new CommandError(
    'command.invalid',
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n' +
      'error: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\n' +
      "See 'kubectl get -h' for help and examples",
    'Name a type, such as kubectl get pods.',
  );
}

function checkNames({ invocation: { flags } }: Call, targets: readonly Target[]): void {
  if (!targets.some(({ names }) => names.length > 0)) return;
  if (flags.text('selector') || flags.text('field-selector')) {
    throw invalid('name cannot be provided when a selector is specified');
  }
  if (flags.is('all-namespaces') && targets.some(({ resource }) => resource.namespaced)) {
    throw invalid('a resource cannot be retrieved by name across all namespaces');
  }
}

/** The question that a command asks about one of its targets. */
export function questionOf(call: Call, { resource, names }: Target, format: string): Question {
  const { flags } = call.invocation;
  return {
    resource,
    namespace: flags.is('all-namespaces') || !resource.namespaced ? null : call.namespace,
    names,
    labelSelector: flags.text('selector') ?? '',
    fieldSelector: flags.text('field-selector') ?? '',
    format,
    sorted: (flags.text('sort-by') ?? '') !== '',
    subresource: flags.text('subresource') ?? null,
    managedFields: flags.is('show-managed-fields'),
    paged: flags.has('chunk-size'),
  };
}

export function askingOf(call: Call): Asking {
  return { reader: call.reader, columns: call.columns, now: call.now, exact: call.form === 'terminal' };
}

function optionsOf({ invocation: { flags } }: Call): Omit<TableOptions, 'kinds'> {
  return {
    wide: flags.text('output') === 'wide',
    headers: !flags.is('no-headers'),
    namespaces: flags.is('all-namespaces'),
    labels: flags.is('show-labels'),
    labelColumns: flags.list('label-columns'),
  };
}

async function tables(call: Call, targets: readonly Target[]): Promise<Outcome> {
  const { flags } = call.invocation;
  const found: ServerTable[] = [];
  let failures: CommandError[] = [];
  const answers = await Promise.all(
    targets.map((target) =>
      askTables(questionOf(call, target, flags.text('output') ?? ''), askingOf(call)).catch(caught),
    ),
  );
  for (const answer of answers) {
    found.push(...answer.tables);
    failures.push(...answer.failures);
  }
  if (flags.is('ignore-not-found')) failures = failures.filter(({ failure }) => failure.code !== 'cluster.not-found');
  const sortBy = flags.text('sort-by') ?? '';
  const sorted = sortBy === '' ? found : found.map((table) => sortTable(table, sortBy));
  const merged = mergeSame(sorted);
  const types = new Set(merged.map(({ resource }) => `${resource.kind}.${resource.group}/${resource.version}`));
  const options = { ...optionsOf(call), kinds: types.size > 1 || flags.is('show-kind') };
  const isEmpty = merged.every(({ rows }) => rows.length === 0);
  const notes =
    isEmpty && failures.length === 0 && !flags.is('ignore-not-found') ? await nothingFound(call, merged) : [];
  const shown = merged.map((table) => viewTable(table, options));
  return outcome(
    shown.length === 0 ? { kind: 'nothing' } : { kind: 'tables', tables: shown },
    () => printTables(merged, options),
    [...call.reader.warnings, ...notes],
    failures,
  );
}

function caught(error: unknown): { tables: ServerTable[]; failures: CommandError[] } {
  if (error instanceof CommandError) return { tables: [], failures: [error] };
  throw error;
}

function nothingFound(call: Call, found: readonly ServerTable[]): Promise<string[]> {
  const inNamespace = !call.invocation.flags.is('all-namespaces') && found.every(({ resource }) => resource.namespaced);
  return noResources(call, inNamespace);
}

/** Rows of one type that were asked for one by one stand under one header. */
export function mergeSame(tables: readonly ServerTable[]): ServerTable[] {
  const merged: ServerTable[] = [];
  for (const table of tables) {
    const last = merged.at(-1);
    const isSame =
      last !== undefined && last.resource === table.resource && last.columns.length === table.columns.length;
    if (isSame) merged[merged.length - 1] = { ...last, rows: [...last.rows, ...table.rows] };
    else merged.push(table);
  }
  return merged;
}

async function printed(call: Call, targets: readonly Target[], printer: Printer): Promise<Outcome> {
  const { flags } = call.invocation;
  let failures: CommandError[] = [];
  const objects: Json[] = [];
  const { format } = outputFormat(flags);
  // One name asked for is one object, everything else a List, as kubectl tells them apart.
  const isSingle = targets.length === 1 && targets[0]?.names.length === 1;
  for (const target of targets) {
    try {
      const answer = await askObjects(questionOf(call, target, format), askingOf(call));
      objects.push(...answer.objects);
      failures.push(...answer.failures);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(error);
    }
  }
  if (flags.is('ignore-not-found')) {
    failures = failures.filter(({ failure }) => failure.code !== 'cluster.not-found');
    if (objects.length === 0 && failures.length === 0) return textOutcome('');
  }
  const [first] = failures;
  if (isSingle && objects.length === 0 && first !== undefined) throw first;
  const sortBy = flags.text('sort-by') ?? '';
  const ordered = sortBy === '' || isSingle ? objects : sortObjects(objects, sortBy);
  const whole = isSingle && ordered.length === 1 ? (ordered[0] ?? null) : listOf(ordered);
  const text = printer.print(whole);
  const notes = call.reader.warnings;
  return outcome(bodyOf(printer, text, isSingle ? whole : null), () => text, notes, failures);
}

function listOf(items: readonly Json[]): Json {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

function bodyOf(printer: Printer, text: string, object: Json): ResultBody {
  if (printer.language === null) return { kind: 'text', text };
  const name = textAt(object, 'metadata', 'name');
  const ref =
    name === ''
      ? null
      : {
          apiVersion: textAt(object, 'apiVersion'),
          kind: textAt(object, 'kind'),
          namespace: textAt(object, 'metadata', 'namespace') || null,
          name,
        };
  return { kind: 'document', language: printer.language, text, object: ref };
}

async function raw(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  if (args.length > 0) throw invalid('arguments may not be passed when --raw is specified');
  const [path = '', query = ''] = (flags.text('raw') ?? '').split('?');
  if (!path.startsWith('/')) throw invalid(`--raw must be a valid URL path: ${path}`);
  return textOutcome(await call.reader.text(path, query));
}
