/**
 * A server's Table as kubectl shows it: which columns, the NAMESPACE, label and kind decorations, and its text. The same
 * decorated rows become the table of a view, where the wide columns stay, to be chosen.
 */
import type { Column, ObjectRef, Row, Table } from '../../../shared/commands.ts';
import type { ApiResource } from '../../clusters/cluster-access.ts';
import type { Json } from '../exact-json.ts';
import { apiVersionOf, kindPrefix, qualified } from '../resource-names.ts';
import { floatG, jsonNumber } from './go-number.ts';
import { alignCells, tableStops } from './tabwriter.ts';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
  readonly description: string;
}

export interface ServerRow {
  readonly cells: readonly Json[];
  readonly name: string;
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly createdAt: number | null;
  /** The whole object, where it was asked for. */
  readonly object: Json;
}

/** Rows of one resource type. */
export interface ServerTable {
  readonly resource: ApiResource;
  readonly columns: readonly ColumnDefinition[];
  readonly rows: readonly ServerRow[];
  /** In the order that the command asked for. */
  readonly sorted?: boolean;
}

export interface TableOptions {
  readonly wide: boolean;
  readonly headers: boolean;
  readonly namespaces: boolean;
  readonly kinds: boolean;
  readonly labels: boolean;
  readonly labelColumns: readonly string[];
}

/** Columns and cells as they are shown, before the choice by priority. */
interface Decorated {
  readonly columns: readonly ColumnDefinition[];
  readonly rows: readonly { readonly cells: readonly Json[]; readonly row: ServerRow }[];
}

function decorate(table: ServerTable, options: TableOptions): Decorated {
  const withNamespace = options.namespaces && table.resource.namespaced;
  const nameAt = options.kinds
    ? table.columns.findIndex(({ format, type }) => format === 'name' && type === 'string')
    : -1;
  const extra = [
    ...options.labelColumns.map((label) => plainColumn((label.split('/').at(-1) ?? label).toUpperCase())),
    ...(options.labels ? [plainColumn('Labels')] : []),
  ];
  const columns = [...(withNamespace ? [plainColumn('Namespace')] : []), ...table.columns, ...extra];
  const prefix = kindPrefix(table.resource);
  const rows = table.rows.map((row) => {
    if (!withNamespace && nameAt < 0 && extra.length === 0) return { cells: row.cells, row };
    const cells: Json[] = row.cells.map((cell, at) => (at === nameAt ? `${prefix}/${cellText(cell)}` : cell));
    while (extra.length > 0 && cells.length < table.columns.length) cells.push(null);
    for (const label of options.labelColumns) cells.push(row.labels[label] ?? '');
    if (options.labels) cells.push(labelText(row.labels));
    return { cells: withNamespace ? [row.namespace ?? '', ...cells] : cells, row };
  });
  return { columns, rows };
}

function plainColumn(name: string): ColumnDefinition {
  return { name, type: 'string', format: '', priority: 0, description: '' };
}

/** `a=1,b=2`; `<none>` without labels. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key] ?? ''}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

/** kubectl's text of one table; '' where there are no rows. */
export function printTable(table: ServerTable, options: TableOptions): string {
  if (table.rows.length === 0) return '';
  const { columns, rows } = decorate(table, options);
  const shown = columns.flatMap(({ priority }, at) => (priority === 0 || options.wide ? [at] : []));
  const lines: string[][] = rows.map(({ cells }) =>
    shown.filter((at) => at < cells.length).map((at) => cellText(cells[at] ?? null)),
  );
  if (options.headers) lines.unshift(shown.map((at) => (columns[at]?.name ?? '').toUpperCase()));
  return alignCells(lines, tableStops);
}

/** Tables one after the other, as `get all` prints them: a blank line between those that have rows. */
export function printTables(tables: readonly ServerTable[], options: TableOptions): string {
  return tables
    .map((table) => printTable(table, options))
    .filter((text) => text !== '')
    .join(options.headers ? '\n' : '');
}

/** A cell as kubectl writes it: cut at the first newline, terminal escapes made visible. */
function cellText(cell: Json): string {
  if (cell === null) return '';
  if (typeof cell === 'string') {
    if (!/[\f\n\r\x1b\t]/.test(cell)) return cell;
    const at = cell.search(/[\f\n\r]/);
    const text = at >= 0 ? `${cell.slice(0, at)}...` : cell;
    return text.replaceAll('\x1b', '^[').replaceAll('\t', ' ');
  }
  if (typeof cell === 'number') return Number.isInteger(cell) ? jsonNumber(cell) : floatG(cell);
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** The table a view draws: all columns, those beyond the first priority to be chosen. */
export function viewTable(table: ServerTable, options: TableOptions): Table {
  const { columns, rows } = decorate(table, options);
  return {
    resource: qualified(table.resource),
    sorted: table.sorted === true,
    columns: columns.map((column) => viewColumn(column, options.wide)),
    rows: rows.map(({ cells, row }): Row => ({
      cells: columns.map((_, at) => viewCell(cells[at] ?? null)),
      object: refOf(table.resource, row),
      createdAt: row.createdAt,
    })),
  };
}

function viewColumn({ name, type, format, priority, description }: ColumnDefinition, isWide: boolean): Column {
  const isAge = format === 'date' || type === 'date' || /^(age|last seen|first seen)$/i.test(name);
  const known = type === 'integer' || type === 'number' || type === 'boolean' ? type : 'string';
  return { name: name.toUpperCase(), type: isAge ? 'age' : known, priority: isWide ? 0 : priority, description };
}

function viewCell(cell: Json): string | number | boolean | null {
  if (cell === null || typeof cell === 'number' || typeof cell === 'boolean') return cell;
  return typeof cell === 'string' ? cell : cellText(cell);
}

function refOf(resource: ApiResource, row: ServerRow): ObjectRef | null {
  if (row.name === '') return null;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace: row.namespace, name: row.name };
}
