import type { Cell, Column, Row, Table } from '../../shared/commands.ts';
import { statusOf } from './status-of.ts';

export interface Sort {
  /** Index of the column. */
  readonly column: number;
  readonly descending: boolean;
}

export const textOf = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell));

/** The column that says how things are, or -1. */
export function statusColumn(columns: readonly Column[]): number {
  const named = (name: string) => columns.findIndex((column) => column.name === name);
  if (named('STATUS') !== -1) return named('STATUS');
  if (named('PHASE') !== -1) return named('PHASE');
  // An event says in TYPE what others say in STATUS; a Service or Secret has another kind of TYPE.
  if (named('REASON') !== -1 && named('MESSAGE') !== -1) return named('TYPE');
  return named('READY');
}

export const readyColumn = (columns: readonly Column[]): number =>
  columns.findIndex((column) => column.name === 'READY');

/** The worst first where the rows have a status and the command asked for no order of its own, else as they came. */
export function firstSort(table: Table): Sort | null {
  const column = table.sorted ? -1 : statusColumn(table.columns);
  return column === -1 ? null : { column, descending: false };
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  '%': 1,
};
const units: Readonly<Record<string, number>> = { y: 31_536_000, d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of '5d3h', '31m', '40s'; null for anything else. */
export function secondsOf(age: string): number | null {
  if (!/^(?:\d+[ydhms])+$/.test(age)) return null;
  return [...age.matchAll(/(\d+)([ydhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}

/** A number where the text reads as one: '250m', '1Gi', '7 (48s ago)', '1/3' as its ratio; else null. */
export function numberOf(text: string): number | null {
  const ratio = /^(\d+)\/(\d+)$/.exec(text);
  if (ratio !== null) return Number(ratio[1]) / Math.max(1, Number(ratio[2]));
  const quantity = /^(-?\d+(?:\.\d+)?)([numkMGT%]|[KMGTP]i)?(?: \(.*\))?$/.exec(text);
  return quantity === null ? null : Number(quantity[1]) * (factors[quantity[2] ?? ''] ?? 1);
}

type Key = number | string;

function keyOf(table: Table, column: number): (row: Row) => Key {
  const type = table.columns[column]?.type;
  if (column === statusColumn(table.columns)) {
    const ready = readyColumn(table.columns);
    // Thousands of rows share a handful of statuses.
    const known = new Map<string, string>();
    return (row) => {
      const text = textOf(row.cells[column]);
      const readiness = ready === -1 ? null : textOf(row.cells[ready]);
      const both = `${text}\n${readiness ?? ''}`;
      let key = known.get(both);
      if (key === undefined) {
        const { rank, word } = statusOf(text, readiness);
        key = `${String(rank)} ${word}`;
        known.set(both, key);
      }
      return key;
    };
  }
  if (type === 'age' || table.columns[column]?.name === 'AGE') {
    return (row) =>
      row.createdAt === null ? (secondsOf(textOf(row.cells[column])) ?? Infinity) : -row.createdAt / 1000;
  }
  return (row) => {
    const cell = row.cells[column];
    if (typeof cell === 'number') return cell;
    const text = textOf(cell);
    return numberOf(text) ?? secondsOf(text) ?? text.toLowerCase();
  };
}

/** Numbers before words, words by code point; equal rows keep the order they came in, either way round. */
export function sortRows(table: Table, rows: readonly Row[], sort: Sort | null): readonly Row[] {
  if (sort === null) return rows;
  const key = keyOf(table, sort.column);
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort(({ key: one }, { key: other }) => {
    if (typeof one !== typeof other) return (typeof one === 'number' ? -1 : 1) * sign;
    return one < other ? -sign : one > other ? sign : 0;
  });
  return keyed.map(({ row }) => row);
}

/** Rows in which each word of the filter is in some cell, in any case. */
export function filterRows(rows: readonly Row[], filter: string): readonly Row[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = row.cells.map(textOf).join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Indices of the columns shown at first. `wide`: the person asked for all. */
export function firstColumns(table: Table, wide: boolean): number[] {
  return table.columns.flatMap((column, index) => (wide || column.priority === 0 ? [index] : []));
}

/** Tab-separated, with a head; whole names. */
export function asText(table: Table, rows: readonly Row[], columns: readonly number[]): string {
  const head = columns.map((index) => table.columns[index]?.name ?? '').join('\t');
  return [head, ...rows.map((row) => columns.map((index) => textOf(row.cells[index])).join('\t'))].join('\n');
}

/** Widest text of a column in characters, its head included. */
export function charactersOf(table: Table, column: number): number {
  // A status is drawn with its shape, which is three characters wide; the letters of an age are wide ones.
  const isAge = table.columns[column]?.type === 'age' || table.columns[column]?.name === 'AGE';
  const extra = column === statusColumn(table.columns) ? 3 : isAge ? 2 : 0;
  let most = (table.columns[column]?.name.length ?? 0) + 2;
  for (const row of table.rows) most = Math.max(most, textOf(row.cells[column]).length + extra);
  return most;
}
