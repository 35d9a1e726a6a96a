/**
 * Asks one question about one resource type, the way route.ts says, and gives rows or whole objects. A tool that cannot
 * be reached, or whose table is not understood, is followed by the direct way; what the API server refused is not.
 */
import { AppError } from '../../shared/errors.ts';
import type { ColumnCache } from './columns.ts';
import { CommandError } from './command-error.ts';
import { fromLossless, isObject, listAt, textAt, type Json, type JsonObject } from './exact-json.ts';

import { readMcpTable } from './mcp-table.ts';
import type { ServerTable } from './print/table.ts';
import type { Reader, ToolAnswer } from './reader.ts';
import { apiVersionOf, pathOf, qualified } from './resource-names.ts';
import { wayOf, type Question, type Way } from './route.ts';
import { asTable, plainTable, readTable } from './server-table.ts';
import { ageOf } from './print/age.ts';

/** The rest of what a question needs. */
export interface Asking {
  readonly reader: Reader;
  readonly columns: ColumnCache;
  readonly now: () => number;
  /** A list that the tool narrowed is asked again directly, so that the refusal is seen. */
  readonly exact: boolean;
}

/** Rows of a list, or of the named objects; what failed of several names is beside them. */
export async function askTables(
  question: Question,
  asking: Asking,
): Promise<{ readonly tables: readonly ServerTable[]; readonly failures: readonly CommandError[] }> {
  const way = wayOf(question);
  if (way.way === 'mcp') {
    const table = await tableByTool(question, way, asking);
    if (table !== null) return { tables: [table], failures: [] };
  }
  const tables: ServerTable[] = [];
  const failures: CommandError[] = [];
  for (const path of pathsOf(question)) {
    try {
      const include = question.sorted ? ['includeObject=Object'] : [];
      const answer = await asking.reader.json(path.path, [...include, ...path.query].join('&'), asTable);
      tables.push(readTable(answer, question.resource) ?? tableOfObjects(answer, question, asking));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(enhanced(error, question));
    }
  }
  return { tables, failures };
}

/** Whole objects, each with apiVersion and kind. */
export async function askObjects(
  question: Question,
  asking: Asking,
): Promise<{ readonly objects: readonly Json[]; readonly failures: readonly CommandError[] }> {
  const way = wayOf(question);
  if (way.way === 'mcp') {
    const objects = await objectsByTool(question, way, asking);
    if (objects !== null) return { objects, failures: [] };
  }
  const objects: Json[] = [];
  const failures: CommandError[] = [];
  for (const path of pathsOf(question)) {
    try {
      const answer = await asking.reader.json(path.path, path.query.join('&'));
      objects.push(...(question.names.length > 0 ? [answer] : itemsOf(answer)));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(enhanced(error, question));
    }
  }
  return { objects, failures };
}

/** A list that a selector made impossible says which selector. */
function enhanced(error: CommandError, { resource, names, labelSelector, fieldSelector }: Question): CommandError {
  const match = /^Error from server \((BadRequest|NotFound)\): (.*)$/s.exec(error.stderr);
  if (match === null || names.length > 0 || (labelSelector === '' && fieldSelector === '')) return error;
  const what = `${resource.group}/${resource.version}, Resource=${resource.name}`;
  return new CommandError(
    error.failure.code,
    `Error from server (${match[1] ?? ''}): Unable to find "${what}" that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${match[2] ?? ''}`,
    error.failure.remedy,
    { cause: error },
  );
}

/** Items of a list answer; the server leaves apiVersion and kind out of them. */
export function itemsOf(list: Json): Json[] {
  const apiVersion = textAt(list, 'apiVersion');
  const kind = textAt(list, 'kind').replace(/List$/, '');
  return listAt(list, 'items').map((item) => (isObject(item) ? { apiVersion, kind, ...item } : item));
}

function pathsOf(question: Question): { path: string; query: string[] }[] {
  const { resource, namespace, names, subresource } = question;
  if (names.length > 0) {
    return names.map((name) => ({ path: pathOf(resource, namespace, name, subresource ?? undefined), query: [] }));
  }
  return [{ path: pathOf(resource, namespace), query: selectorQuery(question) }];
}

export function selectorQuery(question: Pick<Question, 'labelSelector' | 'fieldSelector'>): string[] {
  return [
    ...(question.fieldSelector === '' ? [] : [`fieldSelector=${encodeURIComponent(question.fieldSelector)}`]),
    ...(question.labelSelector === '' ? [] : [`labelSelector=${encodeURIComponent(question.labelSelector)}`]),
  ];
}

function tableOfObjects(answer: Json, { resource, names }: Question, { now }: Asking): ServerTable {
  const objects = names.length > 0 ? [answer] : itemsOf(answer);
  return plainTable(objects, resource, (object) => ageOf(textAt(object, 'metadata', 'creationTimestamp'), now()));
}

/** Null where the direct way has to answer. */
async function tableByTool(
  question: Question,
  way: Extract<Way, { way: 'mcp' }>,
  asking: Asking,
): Promise<ServerTable | null> {
  const { reader, columns } = asking;
  const answer = await callTool(question, way, asking);
  if (answer === null) return null;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const definitions = await columns.of(question.resource, question.namespace, reader);
    if (definitions === null) break;
    const table = readMcpTable(answer.text, question.resource, definitions);
    if (table !== null) return withNamespace(table, question);
    columns.forget(question.resource, reader);
  }
  reader.forgetTool();
  return null;
}

function withNamespace(table: ServerTable, { namespace }: Question): ServerTable {
  if (namespace === null || !table.resource.namespaced) return table;
  return { ...table, rows: table.rows.map((row) => ({ ...row, namespace: row.namespace ?? namespace })) };
}

async function objectsByTool(
  question: Question,
  way: Extract<Way, { way: 'mcp' }>,
  asking: Asking,
): Promise<readonly Json[] | null> {
  const answer = await callTool(question, way, asking);
  if (answer === null) return null;
  const structured = fromLossless(answer.structured ?? null);
  if (way.tool === 'resources_get') return isObject(structured) ? [structured] : null;
  if (!isObject(structured)) return null;
  return listAt(structured, 'items').map((item) => (isObject(item) ? typedItem(item, question) : item));
}

function typedItem(item: JsonObject, { resource }: Question): Json {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...item };
}

async function callTool(
  question: Question,
  way: Extract<Way, { way: 'mcp' }>,
  { reader, exact }: Asking,
): Promise<ToolAnswer | null> {
  let answer: ToolAnswer;
  try {
    answer = await reader.tool(way.tool, way.args, way.form);
  } catch (error) {
    // The server itself failed: the gate still reaches the cluster. A refusal of the API server stays one.
    if (error instanceof AppError && error.failure.code.startsWith('mcp.')) return null;
    throw error;
  }
  if (answer.isError) {
    const failed = answer.report.requests.findLast(
      ({ status, path }) => status >= 400 && !path.includes('selfsubjectaccessreviews'),
    );
    if (failed?.failure != null && way.tool === 'resources_get' && failed.status === 404) {
      throw new CommandError(
        'cluster.not-found',
        `Error from server (NotFound): ${failed.failure.message}`,
        `List what is there: kubectl get ${qualified(question.resource)}.`,
      );
    }
    // Anything else is asked directly: that says exactly what the API server says.
    reader.forgetTool();
    return null;
  }
  const narrowed = narrowing(question, answer);
  if (narrowed === null) return answer;
  if (exact) {
    reader.forgetTool();
    return null;
  }
  reader.narrowed = narrowed;
  return answer;
}

/** A list of all namespaces that the tool quietly made one of its context's namespace, as the gate noticed. */
function narrowing(question: Question, { report }: ToolAnswer): string | null {
  if (question.namespace !== null || report.narrowed === null) return null;
  return `Only namespace ${report.narrowed} was read: you may not list ${qualified(question.resource)} in all namespaces.`;
}
