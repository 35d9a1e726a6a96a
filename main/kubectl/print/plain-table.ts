/** Tables whose rows are no listed resources: contexts, usage, access. One description gives the view and the text. */
import type { Cell, ObjectRef, Table } from '../../../shared/commands.ts';
import { outcome, type Outcome } from '../outcome.ts';
import type { CommandError } from '../command-error.ts';
import { alignCells, tableStops } from './tabwriter.ts';

export interface PlainRow {
  readonly cells: readonly Cell[];
  readonly object?: ObjectRef | null;
  /** Epoch ms. */
  readonly createdAt?: number | null;
}

export interface PlainTable {
  readonly resource: string;
  readonly columns: readonly string[];
  readonly rows: readonly PlainRow[];
  readonly headers: boolean;
  /** In the order that the command asked for. */
  readonly sorted?: boolean;
  /** kubectl ends every cell of some tables with a tab, so that the last column is padded too. */
  readonly padsLast?: boolean;
  /** Lines below the rows that are no rows: a sum. */
  readonly footer?: readonly (readonly string[])[];
}

export function plainText({ columns, rows, headers, padsLast, footer = [] }: PlainTable): string {
  const lines = [
    ...(headers ? [columns] : []),
    ...rows.map(({ cells }) => cells.map((cell) => String(cell ?? ''))),
    ...footer,
  ];
  if (lines.length === 0) return '';
  return alignCells(padsLast === true ? lines.map((line) => [...line, '']) : lines, tableStops);
}

export function plainOutcome(
  table: PlainTable,
  notes: readonly string[] = [],
  failures: readonly CommandError[] = [],
): Outcome {
  return outcome({ kind: 'tables', tables: [plainView(table)] }, () => plainText(table), notes, failures);
}

export function plainView({ resource, columns, rows, sorted }: PlainTable): Table {
  return {
    resource,
    sorted: sorted === true,
    columns: columns.map((name, at) => ({ name, type: typeOf(name, rows, at), priority: 0, description: '' })),
    rows: rows.map(({ cells, object, createdAt }) => ({
      cells: [...cells],
      object: object ?? null,
      createdAt: createdAt ?? null,
    })),
  };
}

function typeOf(name: string, rows: readonly PlainRow[], at: number): 'string' | 'integer' | 'boolean' | 'age' {
  if (/^(age|last seen)$/i.test(name)) return 'age';
  if (rows.length > 0 && rows.every(({ cells }) => typeof cells[at] === 'boolean')) return 'boolean';
  return rows.length > 0 && rows.every(({ cells }) => Number.isInteger(cells[at])) ? 'integer' : 'string';
}
