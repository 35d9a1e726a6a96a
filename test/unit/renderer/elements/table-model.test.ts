import { describe, expect, it } from 'vitest';
import {
  asText,
  filterRows,
  firstColumns,
  firstSort,
  numberOf,
  secondsOf,
  sortRows,
} from '../../../../renderer/elements/table-model.ts';
import type { Cell, Column, Row, Table } from '../../../../shared/commands.ts';

const column = (name: string, type: Column['type'] = 'string', priority = 0): Column => ({
  name,
  type,
  priority,
  description: '',
});
const row = (cells: Cell[], createdAt: number | null = null): Row => ({ cells, object: null, createdAt });
const table = (columns: Column[], rows: Row[]): Table => ({ resource: 'pods', columns, rows, sorted: false });
const names = (rows: readonly Row[]) => rows.map((each) => each.cells[0]);

const pods = table(
  [
    column('NAME'),
    column('READY'),
    column('STATUS'),
    column('RESTARTS'),
    column('AGE', 'age'),
    column('IP', 'string', 1),
  ],
  [
    row(['web-1', '1/1', 'Running', '0', '2d', '10.0.0.1']),
    row(['web-2', '0/1', 'CrashLoopBackOff', '14 (2m ago)', '31m', '10.0.0.2']),
    row(['web-3', '0/1', 'Pending', '0', '40s', '10.0.0.3']),
    row(['web-4', '1/2', 'Running', '3', '5d3h', '10.0.0.4']),
    row(['web-5', '0/1', 'Completed', '0', '9h', '10.0.0.5']),
  ],
);

describe('the order a table is shown in at first', () => {
  it('is the one that the command asked for, where it asked for one', () => {
    expect(firstSort(pods)).toEqual({ column: 2, descending: false });
    expect(firstSort({ ...pods, sorted: true })).toBeNull();
  });
});

describe('sorting a table', () => {
  it('puts the worst status first, and what runs without being ready before what waits', () => {
    expect(names(sortRows(pods, pods.rows, firstSort(pods)))).toEqual(['web-2', 'web-4', 'web-3', 'web-5', 'web-1']);
  });

  it('takes the warning of an event, and the readiness of a workload, for its status', () => {
    const events = table(
      [column('LAST SEEN'), column('TYPE'), column('REASON'), column('MESSAGE')],
      [row(['1m', 'Normal', 'Pulled', 'm']), row(['2m', 'Warning', 'BackOff', 'm'])],
    );
    expect(names(sortRows(events, events.rows, firstSort(events)))).toEqual(['2m', '1m']);
    const workloads = table([column('NAME'), column('READY')], [row(['whole', '2/2']), row(['short', '1/2'])]);
    expect(names(sortRows(workloads, workloads.rows, firstSort(workloads)))).toEqual(['short', 'whole']);
  });

  it('does not take the type of a Service for a status', () => {
    expect(firstSort(table([column('NAME'), column('TYPE')], []))).toBeNull();
  });

  it('leaves a table without a status as it came', () => {
    const services = table([column('NAME')], [row(['b']), row(['a'])]);
    expect(firstSort(services)).toBeNull();
    expect(names(sortRows(services, services.rows, null))).toEqual(['b', 'a']);
  });

  it('compares restarts as numbers although their age stands behind them', () => {
    expect(names(sortRows(pods, pods.rows, { column: 3, descending: true })).slice(0, 2)).toEqual(['web-2', 'web-4']);
  });

  it('compares ages by their length, not by their first digit', () => {
    expect(names(sortRows(pods, pods.rows, { column: 4, descending: false }))).toEqual([
      'web-3',
      'web-2',
      'web-5',
      'web-1',
      'web-4',
    ]);
  });

  it('prefers the instant to the rounded age', () => {
    const aged = table(
      [column('NAME'), column('AGE', 'age')],
      [row(['older', '2d'], 1000), row(['younger', '2d'], 9000)],
    );
    expect(names(sortRows(aged, aged.rows, { column: 1, descending: false }))).toEqual(['younger', 'older']);
  });

  it('keeps equal rows in the order they came, either way round', () => {
    const same = table([column('NAME'), column('NODE')], [row(['b', 'n']), row(['a', 'n']), row(['c', 'n'])]);
    expect(names(sortRows(same, same.rows, { column: 1, descending: false }))).toEqual(['b', 'a', 'c']);
    expect(names(sortRows(same, same.rows, { column: 1, descending: true }))).toEqual(['b', 'a', 'c']);
  });

  it('does not change the rows it was given', () => {
    const before = [...pods.rows];
    sortRows(pods, pods.rows, { column: 0, descending: true });
    expect(pods.rows).toEqual(before);
  });

  it('sorts and filters 5,000 rows in a fraction of a frame budget of 50 ms', () => {
    const states = ['Running', 'Pending', 'Error', 'CrashLoopBackOff'];
    const many = table(
      pods.columns,
      Array.from({ length: 5000 }, (_, at) =>
        row([`web-${String((at * 7919) % 5000)}`, '1/1', states[at % 4] ?? '', '0', '2d', 'x']),
      ),
    );
    sortRows(many, many.rows, firstSort(many));
    const started = performance.now();
    const rows = filterRows(sortRows(many, many.rows, firstSort(many)), 'web-1 back');
    const tookMs = performance.now() - started;
    expect(rows.length).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(50);
  });
});

describe('reading cells as quantities', () => {
  it.each([
    ['250m', 0.25],
    ['1Gi', 2 ** 30],
    ['64Mi', 64 * 2 ** 20],
    ['7 (48s ago)', 7],
    ['1/4', 0.25],
    ['12%', 12],
    ['web-1', null],
    ['10.0.0.1', null],
  ])('reads %s', (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  it.each([
    ['40s', 40],
    ['5d3h', 442_800],
    ['2y10d', 2 * 31_536_000 + 864_000],
    ['<unknown>', null],
    ['', null],
  ])('reads the age %s', (text, value) => {
    expect(secondsOf(text)).toBe(value);
  });
});

describe('filtering, columns and copying', () => {
  it('asks for every word, in any case and any column', () => {
    expect(names(filterRows(pods.rows, 'WEB running'))).toEqual(['web-1', 'web-4']);
    expect(filterRows(pods.rows, '  ')).toBe(pods.rows);
  });

  it('hides wide columns until they are asked for', () => {
    expect(firstColumns(pods, false)).toEqual([0, 1, 2, 3, 4]);
    expect(firstColumns(pods, true)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('copies the shown columns and rows with their head', () => {
    expect(asText(pods, pods.rows.slice(0, 1), [0, 5])).toBe('NAME\tIP\nweb-1\t10.0.0.1');
  });
});
