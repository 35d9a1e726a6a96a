import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../../main/clusters/cluster-access.ts';
import { numberAt } from '../../../../main/kubectl/exact-json.ts';
import { readMcpTable } from '../../../../main/kubectl/mcp-table.ts';
import { humanDuration } from '../../../../main/kubectl/print/age.ts';
import { floatG } from '../../../../main/kubectl/print/go-number.ts';
import { sortObjects } from '../../../../main/kubectl/print/sort.ts';
import {
  printTable,
  printTables,
  viewTable,
  type ColumnDefinition,
  type ServerTable,
} from '../../../../main/kubectl/print/table.ts';
import { alignTabs, describeStops } from '../../../../main/kubectl/print/tabwriter.ts';

const pods: ApiResource = {
  group: '',
  version: 'v1',
  name: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['log'],
  preferred: true,
};
const column = (name: string, priority = 0, type = 'string', format = ''): ColumnDefinition => ({
  name,
  type,
  format,
  priority,
  description: '',
});
const columns = [
  column('Name', 0, 'string', 'name'),
  column('Restarts', 0, 'integer'),
  column('Node', 1),
  column('Age'),
];
const table: ServerTable = {
  resource: pods,
  columns,
  rows: [
    {
      name: 'web',
      namespace: 'shop',
      labels: { app: 'web', b: '1' },
      createdAt: 5,
      object: null,
      cells: ['web', 12, 'node-1', '5m'],
    },
    {
      name: 'a-longer-name',
      namespace: 'x',
      labels: {},
      createdAt: null,
      object: null,
      cells: ['a-longer-name', 0, null, '2d'],
    },
  ],
};
const plain = { wide: false, headers: true, namespaces: false, kinds: false, labels: false, labelColumns: [] };

describe('a table', () => {
  it('leaves wide columns out unless asked, and pads all but the last', () => {
    expect(printTable(table, plain)).toBe(
      'NAME            RESTARTS   AGE\nweb             12         5m\na-longer-name   0          2d\n',
    );
    expect(printTable(table, { ...plain, wide: true })).toContain('NODE     AGE');
  });
  it('decorates with namespace, kind, label columns and labels', () => {
    const text = printTable(table, {
      ...plain,
      namespaces: true,
      kinds: true,
      labels: true,
      labelColumns: ['app', 'x/nope'],
    });
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAMESPACE', 'NAME', 'RESTARTS', 'AGE', 'APP', 'NOPE', 'LABELS'],
      ['shop', 'pod/web', '12', '5m', 'web', 'app=web,b=1'],
      ['x', 'pod/a-longer-name', '0', '2d', '<none>'],
      [''],
    ]);
  });
  it('cuts a cell at its first newline and shows escapes instead of obeying them', () => {
    const row = {
      name: 'x',
      namespace: null,
      labels: {},
      createdAt: null,
      object: null,
      cells: ['a\nb', '\u001b[31mred', '', ''],
    };
    expect(printTable({ ...table, rows: [row] }, { ...plain, headers: false })).toBe('a...   ^[[31mred   \n');
  });
  it('separates tables by a blank line where there are headers, and skips those without rows', () => {
    const empty = { ...table, rows: [] };
    expect(printTables([table, empty, table], plain).split('\n\n')).toHaveLength(2);
    expect(printTables([table, table], { ...plain, headers: false })).not.toContain('\n\n');
  });
  it('gives a view every column, the object behind each row, and its age', () => {
    const view = viewTable(table, { ...plain, namespaces: true });
    expect(view.columns.map(({ name, type, priority }) => [name, type, priority])).toEqual([
      ['NAMESPACE', 'string', 0],
      ['NAME', 'string', 0],
      ['RESTARTS', 'integer', 0],
      ['NODE', 'string', 1],
      ['AGE', 'age', 0],
    ]);
    expect(view.rows[0]).toEqual({
      cells: ['shop', 'web', 12, 'node-1', '5m'],
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
      createdAt: 5,
    });
  });
});

describe("the MCP server's table", () => {
  const text = [
    'NAMESPACE   APIVERSION   KIND   NAME            RESTARTS      NODE     AGE   LABELS',
    'shop        v1           Pod    web             3 (5m ago)    node-1   5m    app=web,b=1',
    'x           v1           Pod    a-longer-name   0             <none>   2d    <none>',
    '',
  ].join('\n');
  it('is read back by where its headers stand', () => {
    expect(readMcpTable(text, pods, columns)?.rows).toMatchObject([
      { name: 'web', namespace: 'shop', labels: { app: 'web', b: '1' }, cells: ['web', '3 (5m ago)', 'node-1', '5m'] },
      { name: 'a-longer-name', namespace: 'x', labels: {}, cells: ['a-longer-name', 0, '<none>', '2d'] },
    ]);
  });
  it('is not understood where the columns are others than the server said', () => {
    expect(readMcpTable(text, pods, [...columns, column('New')])).toBeNull();
    expect(readMcpTable('# something else\n', pods, columns)).toBeNull();
  });
  it('is an empty table where the text is empty', () => {
    expect(readMcpTable('', pods, columns)?.rows).toEqual([]);
  });
});

describe('tab stops', () => {
  it('end a column where a line has no cell in it', () => {
    expect(alignTabs('a\tb\nlong name\tc\nEvents:\n  x\ty\n', describeStops)).toBe(
      'a          b\nlong name  c\nEvents:\n  x  y\n',
    );
  });
  it('count characters, not bytes or units', () => {
    expect(alignTabs('é\tx\n😀😀😀\ty\n', describeStops)).toBe('é    x\n😀😀😀  y\n');
  });
});

describe('ages', () => {
  it.each([
    [-5000, '<invalid>'],
    [-900, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [150_000, '2m30s'],
    [599_000, '9m59s'],
    [600_000, '10m'],
    [179 * 60_000, '179m'],
    [180 * 60_000, '3h'],
    [190 * 60_000, '3h10m'],
    [8 * 3_600_000, '8h'],
    [47 * 3_600_000, '47h'],
    [50 * 3_600_000, '2d2h'],
    [192 * 3_600_000, '8d'],
    [729 * 86_400_000, '729d'],
    [800 * 86_400_000, '2y70d'],
    [9 * 365 * 86_400_000, '9y'],
  ])('write %d ms as %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('--sort-by', () => {
  const objects = [{ q: '1Gi', n: 2 }, { q: '900Mi', n: 10 }, { n: 1 }, { q: '2', n: 3 }];
  it('compares quantities by amount, and puts objects without the field first', () => {
    expect(sortObjects(objects, '.q')).toEqual([{ n: 1 }, { q: '2', n: 3 }, { q: '900Mi', n: 10 }, { q: '1Gi', n: 2 }]);
  });
  it('compares numbers by value', () => {
    expect(sortObjects(objects, '{.n}').map((one) => numberAt(one, 'n'))).toEqual([1, 2, 3, 10]);
  });
  it('says which field nothing has', () => {
    expect(() => sortObjects(objects, '.nope')).toThrow('{.nope}');
  });
});

describe('floats', () => {
  it.each([
    [0.5, '0.5'],
    [100, '100'],
    [1e6, '1e+06'],
    [123456.7, '123456.7'],
    [1000000.5, '1.0000005e+06'],
    [0.00001, '1e-05'],
    [0.0001, '0.0001'],
    [-2.25, '-2.25'],
  ])('write %d as Go does: %s', (value, text) => {
    expect(floatG(value)).toBe(text);
  });
});
