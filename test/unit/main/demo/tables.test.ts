import { describe, expect, it } from 'vitest';
import { humanDuration, since } from '../../../../main/demo/tables/age.ts';
import { selectorText } from '../../../../main/demo/tables/cells.ts';
import { customCell, readPath } from '../../../../main/demo/tables/custom.ts';
import { tableColumns, tableRow } from '../../../../main/demo/tables.ts';
import type { Manifest } from '../../../../main/demo/kinds.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const before = (ms: number): string => new Date(now - ms).toISOString();
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('ages', () => {
  it.each([
    [-2 * second, '<invalid>'],
    [-1 * second, '0s'],
    [0, '0s'],
    [119 * second, '119s'],
    [120 * second, '2m'],
    [9 * minute + 59 * second, '9m59s'],
    [10 * minute + 59 * second, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [7 * hour + 59 * minute, '7h59m'],
    [8 * hour + 59 * minute, '8h'],
    [47 * hour, '47h'],
    [2 * day, '2d'],
    [7 * day + 23 * hour, '7d23h'],
    [8 * day + 23 * hour, '8d'],
    [729 * day, '729d'],
    [731 * day, '2y1d'],
    [8 * 365 * day + day, '8y'],
  ])('prints %d ms as Kubernetes does: %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  it('says <unknown> where there is no time', () => {
    expect(since(null, now)).toBe('<unknown>');
  });
});

describe('pods', () => {
  const pod = (status: object, spec: object = {}, metadata: object = {}): Manifest =>
    ({
      metadata: { name: 'web-1', creationTimestamp: before(10 * day), ...metadata },
      spec: { containers: [{ name: 'web' }], ...spec },
      status,
    }) as Manifest;
  const cells = (object: Manifest): unknown[] => tableRow('api/v1/pods', object, now).cells;

  it('shows the waiting reason and the age of the last restart of a crash loop', () => {
    const object = pod({
      phase: 'Running',
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: before(5 * minute) } },
        },
      ],
    });
    expect(cells(object).slice(0, 5)).toEqual(['web-1', '0/1', 'CrashLoopBackOff', '3 (5m ago)', '10d']);
  });

  it('counts how many init containers are done', () => {
    const object = pod(
      {
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'a', ready: true, restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          { name: 'b', ready: false, restartCount: 0, state: { running: {} } },
        ],
      },
      { initContainers: [{ name: 'a' }, { name: 'b' }] },
    );
    expect(cells(object)[2]).toBe('Init:1/2');
  });

  it('counts a ready sidecar as a container', () => {
    const object = pod(
      {
        phase: 'Running',
        initContainerStatuses: [{ name: 'proxy', ready: true, started: true, restartCount: 1, state: { running: {} } }],
        containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: {} } }],
      },
      { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
    );
    expect(cells(object).slice(1, 4)).toEqual(['2/2', 'Running', '1']);
  });

  it('stays Running when one of two containers is done', () => {
    const object = pod(
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          { name: 'a', ready: false, restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          { name: 'b', ready: true, restartCount: 0, state: { running: {} } },
        ],
      },
      { containers: [{ name: 'a' }, { name: 'b' }] },
    );
    expect(cells(object).slice(1, 3)).toEqual(['1/2', 'Running']);
  });

  it('is Terminating from the moment of deletion, but not once it has finished', () => {
    const going = { deletionTimestamp: before(0) };
    expect(cells(pod({ phase: 'Running' }, {}, going))[2]).toBe('Terminating');
    expect(cells(pod({ phase: 'Succeeded' }, {}, going))[2]).toBe('Succeeded');
  });

  it('names signal or exit code where a container gave no reason', () => {
    const end = (terminated: object): Manifest =>
      pod({
        phase: 'Failed',
        containerStatuses: [{ name: 'web', ready: false, restartCount: 0, state: { terminated } }],
      });
    expect(cells(end({ exitCode: 137, signal: 9 }))[2]).toBe('Signal:9');
    expect(cells(end({ exitCode: 3 }))[2]).toBe('ExitCode:3');
    expect(tableRow('api/v1/pods', end({ exitCode: 3 }), now).conditions?.[0]?.reason).toBe('Failed');
  });
});

describe('other kinds', () => {
  it('writes a selector with expressions as kubectl does', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['b', 'a'] },
        { key: 'legacy', operator: 'DoesNotExist' },
      ],
    };
    expect(selectorText(selector)).toBe('app=web,!legacy,tier in (a,b)');
  });

  it('shows an autoscaler without metrics yet as unknown', () => {
    const object = {
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web' },
        maxReplicas: 4,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    } as Manifest;
    const { cells } = tableRow('apis/autoscaling/v2/horizontalpodautoscalers', object, now);
    expect(cells).toEqual(['web', 'Deployment/web', 'cpu: <unknown>/50%', '<unset>', 4, 0, '<unknown>']);
  });

  it('prints the columns of a custom kind, null where the object has no value', () => {
    const columns = [
      { name: 'Percent', type: 'integer', jsonPath: '.spec.percent' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    const object = {
      metadata: { name: 'ten', creationTimestamp: before(hour) },
      spec: { percent: 10 },
      status: { conditions: [{ type: 'Synced', status: 'True' }] },
    } as Manifest;
    expect(tableColumns('apis/shop.example/v1/coupons', columns).map((column) => column.name)).toEqual([
      'Name',
      'Percent',
      'Ready',
      'Age',
    ]);
    expect(tableRow('apis/shop.example/v1/coupons', object, now, columns).cells).toEqual(['ten', 10, null, '60m']);
  });

  it('reads keys with dots, indexes and wildcards', () => {
    const value = { metadata: { annotations: { 'a.b/c': 'x' } }, list: [{ n: 1 }, { n: 2 }] };
    expect(readPath(value, ".metadata.annotations['a.b/c']")).toEqual(['x']);
    expect(readPath(value, '.list[1].n')).toEqual([2]);
    expect(readPath(value, '{.list[*].n}')).toEqual([1, 2]);
    expect(readPath(value, '.constructor')).toEqual([]);
    expect(
      customCell({ metadata: { name: 'a' } }, { name: 'x', type: 'date', jsonPath: '.spec.none' }, now),
    ).toBeNull();
  });
});
