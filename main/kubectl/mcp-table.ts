/**
 * The text table of kubernetes-mcp-server, read back: a header line whose words stand above their columns, padded by at
 * least three spaces. Exact, because every cell begins where its header does.
 */
import type { ApiResource } from '../clusters/cluster-access.ts';
import type { Json } from './exact-json.ts';
import type { ColumnDefinition, ServerRow, ServerTable } from './print/table.ts';

/** Null where the header does not hold exactly the columns of `definitions`: then the table is not understood. */
export function readMcpTable(
  text: string,
  resource: ApiResource,
  definitions: readonly ColumnDefinition[],
): ServerTable | null {
  if (text.trim() === '') return { resource, columns: definitions, rows: [] };
  const lines = text.split('\n').filter((line) => line !== '');
  const header = lines[0] ?? '';
  const starts = [...header.matchAll(/\S+( {1,2}\S+)*/g)].map((match) => ({ name: match[0], from: match.index }));
  const lead = starts[0]?.name === 'NAMESPACE' ? 3 : 2;
  const names = starts.map(({ name }) => name);
  const expected = [
    ...(lead === 3 ? ['NAMESPACE'] : []),
    'APIVERSION',
    'KIND',
    ...definitions.map(({ name }) => name.toUpperCase()),
    'LABELS',
  ];
  if (names.length !== expected.length || names.some((name, at) => name !== expected[at])) return null;
  const nameAt = definitions.findIndex(({ format }) => format === 'name');
  const rows = lines.slice(1).map((line): ServerRow => {
    const cells = cut(line, starts);
    const own = cells.slice(lead, lead + definitions.length);
    return {
      cells: own.map((cell, at) => typed(cell, definitions[at])),
      name: own[nameAt < 0 ? 0 : nameAt] ?? '',
      namespace: lead === 3 ? (cells[0] ?? null) : null,
      labels: readLabels(cells.at(-1) ?? ''),
      createdAt: null,
      object: null,
    };
  });
  return { resource, columns: definitions, rows };
}

function cut(line: string, starts: readonly { from: number }[]): string[] {
  // Columns are counted in characters; only a line with characters outside the first plane needs the slow way.
  const chars = /[\ud800-\udbff]/.test(line) ? [...line] : null;
  return starts.map(({ from }, at) => {
    const to = starts[at + 1]?.from;
    const cell = chars === null ? line.slice(from, to) : chars.slice(from, to).join('');
    return cell.trimEnd();
  });
}

function typed(cell: string, definition: ColumnDefinition | undefined): Json {
  if ((definition?.type === 'integer' || definition?.type === 'number') && /^-?\d+(\.\d+)?$/.test(cell)) {
    return Number.isSafeInteger(Number(cell)) || cell.includes('.') ? Number(cell) : cell;
  }
  return cell;
}

function readLabels(text: string): Record<string, string> {
  if (text === '<none>' || text === '') return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
