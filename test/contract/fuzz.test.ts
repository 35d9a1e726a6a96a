import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channels } from '../../shared/contract.ts';
import type { Channel } from '../../shared/channel.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

const perChannel = 200;
const canary = 'canary-0815';

/** Numbers from 0 to 1, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const keys = [
  'cluster',
  'conversation',
  'change',
  'line',
  'run',
  'text',
  'limit',
  '__proto__',
  'constructor',
  'toJSON',
  '',
];

function anything(random: () => number, depth = 0): unknown {
  const pick = Math.floor(random() * (depth > 3 ? 7 : 10));
  const makers: (() => unknown)[] = [
    () => null,
    () => random() > 0.5,
    () => (random() - 0.5) * 2 ** 60,
    () => -1,
    () => canary,
    () => `${canary}\u0000\u202E\uD800${'x'.repeat(Math.floor(random() * 2000))}`,
    () => '',
    () => Array.from({ length: Math.floor(random() * 5) }, () => anything(random, depth + 1)),
    () => JSON.parse(`{"__proto__": {"polluted": "${canary}"}, "length": -1}`),
    () =>
      Object.fromEntries(
        Array.from({ length: Math.floor(random() * 5) }, () => [
          keys[Math.floor(random() * keys.length)] ?? '',
          anything(random, depth + 1),
        ]),
      ),
  ];
  return makers[pick]?.();
}

describe('the application', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startTestApp();
  });
  afterAll(() => running.close());

  test.for(Object.entries(channels) as [string, Channel][])(
    `answers ${String(perChannel)} inputs that %s does not take with a typed failure that repeats nothing of them`,
    async ([name, channel], { expect }) => {
      const random = randomFrom(name.length * 7919);
      let refused = 0;
      for (let number = 0; number < perChannel; number += 1) {
        const input = anything(random) ?? canary;
        if (channel.input.safeParse(input).success) continue;
        const reply = await running.ask(name, input);
        expect(reply).toMatchObject({ ok: false, failure: { code: 'request.invalid-input' } });
        expect(JSON.stringify(reply)).not.toContain(canary);
        refused += 1;
      }
      expect(refused).toBeGreaterThan(perChannel / 2);
    },
  );

  test('is not changed by any of it', () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(running.events).toEqual([]);
  });
});
