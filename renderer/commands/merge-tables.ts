import type { Row, Table } from '../../shared/commands.ts';

/** What tells one row from another while its cells change; null where the row is no object. */
export function rowKey(row: Row): string | null {
  return row.object === null ? null : `${row.object.kind}/${row.object.namespace ?? ''}/${row.object.name}`;
}

function mergeRows(known: readonly Row[], news: readonly Row[]): Row[] {
  const merged = [...known];
  const places = new Map(known.map((row, index) => [rowKey(row), index]));
  for (const row of news) {
    const key = rowKey(row);
    const place = key === null ? undefined : places.get(key);
    if (place === undefined) {
      places.set(key, merged.length);
      merged.push(row);
    } else {
      merged[place] = row;
    }
  }
  return merged;
}

/** Known rows keep their place and take their new cells; new rows come last. Tables are told apart by resource. */
export function mergeTables(known: readonly Table[], news: readonly Table[]): readonly Table[] {
  if (news.length === 0) return known;
  const merged = [...known];
  for (const table of news) {
    const place = merged.findIndex((other) => other.resource === table.resource);
    const old = merged[place];
    if (old === undefined) merged.push(table);
    else merged[place] = { ...table, rows: mergeRows(old.rows, table.rows) };
  }
  return merged;
}
