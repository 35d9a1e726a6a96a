import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineBatch } from '../../../../main/kubectl/line-batch.ts';

describe('followed lines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const line = (text: string) => ({ at: null, from: null, text });

  it('that come close together are one event, in their order', () => {
    const given: string[][] = [];
    const batch = new LineBatch((lines) => given.push(lines.map(({ text }) => text)));
    batch.add(line('a'));
    vi.advanceTimersByTime(40);
    batch.add(line('b'));
    expect(given).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(given).toEqual([['a', 'b']]);
    batch.add(line('c'));
    vi.advanceTimersByTime(50);
    expect(given).toEqual([['a', 'b'], ['c']]);
  });

  it('are not lost with the end, and not said twice', () => {
    const given: string[][] = [];
    const batch = new LineBatch((lines) => given.push(lines.map(({ text }) => text)));
    batch.add(line('last'));
    batch.flush();
    batch.flush();
    vi.advanceTimersByTime(100);
    expect(given).toEqual([['last']]);
  });
});
