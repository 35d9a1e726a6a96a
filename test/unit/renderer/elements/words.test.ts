import { describe, expect, it } from 'vitest';
import { cutMiddle } from '../../../../renderer/elements/cut-middle.ts';
import { foldSummary } from '../../../../renderer/elements/fold-summary.ts';
import { statusOf } from '../../../../renderer/elements/status-of.ts';
import { ago, dayName, duration } from '../../../../renderer/elements/time.ts';

describe('cutting a name in the middle', () => {
  it('keeps the last seven characters, which tell two pods apart', () => {
    expect(cutMiddle('recommendations-6b9f7c5d4-q8xwn', 20)).toMatch(/^recom.*…-q8xwn$|^recom.*…4-q8xwn$/);
    expect(cutMiddle('recommendations-6b9f7c5d4-q8xwn', 20)).toHaveLength(20);
    expect(cutMiddle('recommendations-6b9f7c5d4-q8xwn', 3).endsWith('4-q8xwn')).toBe(true);
  });
  it('leaves a name that fits', () => {
    expect(cutMiddle('web-1', 5)).toBe('web-1');
  });
});

describe('reading a status', () => {
  it.each([
    ['CrashLoopBackOff', 'critical'],
    ['ImagePullBackOff', 'critical'],
    ['Init:CrashLoopBackOff', 'critical'],
    ['CreateContainerConfigError', 'critical'],
    ['OOMKilled', 'critical'],
    ['NotReady', 'critical'],
    ['NotReady,SchedulingDisabled', 'critical'],
    ['Ready,SchedulingDisabled', 'warning'],
    ['Terminating', 'warning'],
    ['Init:0/1', 'pending'],
    ['Pending', 'pending'],
    ['Completed', 'completed'],
    ['Running', 'healthy'],
    ['Ready', 'healthy'],
    ['Bound', 'healthy'],
    ['2/2', 'healthy'],
    ['1/2', 'warning'],
    ['0/0', 'healthy'],
    ['SomethingNew', 'note'],
  ] as const)('draws %s as %s', (text, shape) => {
    expect(statusOf(text, null).shape).toBe(shape);
  });

  it('does not call a pod healthy that runs without being ready', () => {
    expect(statusOf('Running', '1/2')).toMatchObject({ shape: 'warning', word: 'Running, not ready' });
    expect(statusOf('Running', '2/2')).toMatchObject({ shape: 'healthy', word: 'Running' });
    expect(statusOf('Completed', '0/1').shape).toBe('completed');
  });
});

describe('summing up what is folded', () => {
  it('names plain values, counts what is nested, and says how many lines', () => {
    const metadata =
      '\n  name: checkout\n  namespace: shop\n  labels:\n    app: checkout\n    team: payments\n  uid: "1"';
    expect(foldSummary(metadata)).toBe('name: checkout, namespace: shop, 2 labels, 6 lines');
  });
  it('puts what tells objects apart before the rest', () => {
    expect(foldSummary('  creationTimestamp: x\n  generation: 1\n  labels:\n    a: b\n  name: web')).toBe(
      'name: web, 1 label, creationTimestamp: x, 5 lines',
    );
  });
  it('counts list items that stand at the depth of their key', () => {
    expect(foldSummary('  containers:\n  - name: a\n    image: b\n  - name: c\n  volumes:\n  - name: v')).toBe(
      '2 containers, 1 volume, 6 lines',
    );
  });
  it('survives text without keys', () => {
    expect(foldSummary('- a\n- b')).toBe('2 lines');
    expect(foldSummary('')).toBe('0 lines');
  });
});

describe('saying times', () => {
  const noon = new Date(2026, 10, 24, 12, 0).getTime();
  it('says ages in the largest whole unit', () => {
    expect([1, 12, 14 * 60, 3 * 3600, 49 * 3600].map((seconds) => ago(noon - seconds * 1000, noon))).toEqual([
      'now',
      '12 s ago',
      '14 min ago',
      '3 h ago',
      '2 d ago',
    ]);
  });
  it('names days by the calendar, not by 24 hours', () => {
    expect(dayName(new Date(2026, 10, 23, 23, 59).getTime(), noon)).toBe('Yesterday');
    expect(dayName(new Date(2026, 10, 24, 0, 1).getTime(), noon)).toBe('Today');
    expect(dayName(new Date(2026, 10, 20, 8, 0).getTime(), noon)).toBe('Friday');
    expect(dayName(new Date(2026, 9, 1, 8, 0).getTime(), noon)).toBe('2026-10-01');
  });
  it('says durations shortly', () => {
    expect([41, 412, 5200, 65_000].map(duration)).toEqual(['41 ms', '0.4 s', '5.2 s', '1 min 5 s']);
  });
});
