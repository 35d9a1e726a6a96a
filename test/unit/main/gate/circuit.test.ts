import { describe, expect, it } from 'vitest';
import { Circuit } from '../../../../main/gate/circuit.ts';
import { Places } from '../../../../main/gate/limits.ts';

describe('the circuit', () => {
  function circuit() {
    const clock = { now: 1000 };
    return { clock, circuit: new Circuit(() => clock.now) };
  }

  it('opens at the third cheap failure, and at the first that cost a timeout', () => {
    const one = circuit().circuit;
    one.failed('x', false);
    one.failed('x', false);
    expect(one.check()).toBeNull();
    one.failed('x', false);
    expect(one.check()).toMatchObject({ because: 'x' });
    const other = circuit().circuit;
    other.failed('slow', true);
    expect(other.check()).toMatchObject({ because: 'slow', retryAfterMs: 1000 });
  });

  it('lets one request probe after the pause, and waits longer each time it fails', () => {
    const { clock, circuit: one } = circuit();
    one.failed('x', true);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      clock.now += one.peek()?.retryAfterMs ?? 0;
      expect(one.check()).toBeNull();
      expect(one.check()).not.toBeNull();
      one.failed('x', true);
      pauses.push(one.peek()?.retryAfterMs ?? 0);
    }
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
  });

  it('closes when the probe is answered, and gives the probe to another when it is given up', () => {
    const { clock, circuit: one } = circuit();
    one.failed('x', true);
    clock.now += 1000;
    expect(one.check()).toBeNull();
    one.abandoned();
    expect(one.check()).toBeNull();
    one.succeeded();
    expect([one.check(), one.check()]).toEqual([null, null]);
  });
});

describe('places', () => {
  it('are taken by interactive calls before polling, and given back once', async () => {
    const places = new Places();
    const held = await Promise.all(Array.from({ length: 24 }, () => places.take('interactive')));
    const order: string[] = [];
    const polling = places.take('polling').then((free) => {
      order.push('polling');
      return free;
    });
    const interactive = places.take('interactive').then((free) => {
      order.push('interactive');
      return free;
    });
    held[0]?.();
    held[0]?.();
    await interactive;
    expect(order).toEqual(['interactive']);
    held[1]?.();
    await polling;
    expect(order).toEqual(['interactive', 'polling']);
  });

  it('leave room beside polling, and forget who stopped waiting', async () => {
    const places = new Places();
    const polls = await Promise.all(Array.from({ length: 4 }, () => places.take('polling')));
    const abort = new AbortController();
    const fifth = places.take('polling', abort.signal);
    const free = await places.take('interactive');
    abort.abort(new Error('stopped'));
    await expect(fifth).rejects.toThrow('stopped');
    free();
    for (const one of polls) one();
    expect(await Promise.all(Array.from({ length: 24 }, () => places.take('interactive')))).toHaveLength(24);
  });
});
