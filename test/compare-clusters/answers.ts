import type { Answer } from './api-client.ts';
import { shapeDifferences, shapeOf } from './shape.ts';

export interface Difference {
  /** `status`, `message`, `header.warning`, `columns`, `cells`, or `body.<path>`. */
  path: string;
  what: string;
}

interface TableBody {
  kind: 'Table';
  columnDefinitions: { name: string; type: string; format: string; priority: number }[];
  rows: { cells: unknown[] }[];
}

/** Compares two answers to the same request; `isListOfOthers`: the contents are each cluster's own. */
export function differencesOf(real: Answer, demo: Answer, isListOfOthers: boolean): Difference[] {
  if (real.status !== demo.status) {
    return [
      {
        path: 'status',
        what: `${String(real.status)} on the real cluster, ${String(demo.status)} on the demo: ${said(real)} | ${said(demo)}`,
      },
    ];
  }
  return [...headerDifferences(real, demo), ...bodyDifferences(real, demo, isListOfOthers)];
}

function said({ text }: Answer): string {
  const body = parse(text) as { message?: string } | undefined;
  return (body?.message ?? text).slice(0, 160);
}

function headerDifferences(real: Answer, demo: Answer): Difference[] {
  return (['content-type', 'warning'] as const).flatMap((name) => {
    const [a, b] = [String(real.headers[name] ?? ''), String(demo.headers[name] ?? '')];
    return a === b ? [] : [{ path: `header.${name}`, what: `"${a}" on the real cluster, "${b}" on the demo` }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One JSON document per line: a watch. */
function parseLines(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length < 1 || !lines.every((line) => line.startsWith('{"type":'))) return undefined;
  const events = lines.map(parse);
  return events.every((event) => event !== undefined) ? events : undefined;
}

function bodyDifferences(real: Answer, demo: Answer, isListOfOthers: boolean): Difference[] {
  const watches = [parseLines(real.text), parseLines(demo.text)];
  const [a, b] = watches[0] && watches[1] ? watches : [parse(real.text), parse(demo.text)];
  if (a === undefined || b === undefined) return textDifferences(real.text, demo.text, a, b);
  if (isTable(a) && isTable(b)) return tableDifferences(a, b, isListOfOthers);
  const messages = [a, b]
    .map((one) => one as { kind?: string; message?: string } | null)
    .map((one) => (one?.kind === 'Status' ? (one.message ?? '') : ''));
  const message =
    plain(messages[0] ?? '') === plain(messages[1] ?? '')
      ? []
      : [{ path: 'message', what: `"${messages[0] ?? ''}" on the real cluster, "${messages[1] ?? ''}" on the demo` }];
  const shapes = isListOfOthers ? [withoutItems(a), withoutItems(b)] : [a, b];
  const body = shapeDifferences(shapeOf(shapes[0]), shapeOf(shapes[1])).map(({ path, what }) => ({
    path: `body.${path}`,
    what,
  }));
  return [...message, ...body];
}

function withoutItems(value: unknown): unknown {
  const { items, ...rest } = value as { items?: unknown };
  return { ...rest, items: Array.isArray(items) ? [] : items };
}

/** A message without what must differ: uids, versions, generated names, times. */
function plain(message: string): string {
  return message
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/\b\d{2,}\b/g, 'N');
}

function textDifferences(real: string, demo: string, a: unknown, b: unknown): Difference[] {
  if ((a === undefined) !== (b === undefined))
    return [{ path: 'body', what: `${real.slice(0, 200)} | ${demo.slice(0, 200)}` }];
  const keys = (text: string): string[] =>
    [...new Set([...text.matchAll(/^\s*(?:- )?([A-Za-z]\w*):/gm)].map((match) => match[1] ?? ''))].sort();
  const isYaml = /^(apiVersion|kind):/m.test(real);
  const same = isYaml ? keys(real).join() === keys(demo).join() : wordsOf(real) === wordsOf(demo);
  return same ? [] : [{ path: 'body', what: `${real.slice(0, 200)} | ${demo.slice(0, 200)}` }];
}

function wordsOf(text: string): string {
  return plain(text.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME'));
}

function isTable(value: unknown): value is TableBody {
  return (value as { kind?: string } | null)?.kind === 'Table';
}

function tableDifferences(real: TableBody, demo: TableBody, isListOfOthers: boolean): Difference[] {
  const columns = (table: TableBody): string =>
    table.columnDefinitions
      .map(({ name, type, format, priority }) => [name, type, format, priority].join(':'))
      .join(', ');
  const differences: Difference[] = [];
  if (columns(real) !== columns(demo))
    differences.push({ path: 'columns', what: `${columns(real)} | ${columns(demo)}` });
  const types = (table: TableBody): string =>
    (table.rows[0]?.cells ?? []).map((cell) => (cell === null ? 'null' : typeof cell)).join();
  if (real.rows.length > 0 && demo.rows.length > 0 && types(real) !== types(demo)) {
    differences.push({ path: 'cells', what: `${types(real)} | ${types(demo)}` });
  }
  const bare = ({ rows, ...rest }: TableBody): unknown => ({
    ...rest,
    columnDefinitions: [],
    rows: rows.slice(0, 1).map((row) => ({ ...row, cells: [] })),
  });
  const isComparable = !isListOfOthers && real.rows.length > 0 && demo.rows.length > 0;
  const shapes = [real, demo].map((one) => shapeOf(isComparable ? bare(one) : { ...(bare(one) as object), rows: [] }));
  for (const { path, what } of shapeDifferences(shapes[0] ?? new Map(), shapes[1] ?? new Map())) {
    differences.push({ path: `body.${path}`, what });
  }
  return differences;
}
