import { describe, expect, test } from 'vitest';
import { Rate } from '../../../../main/hosts/browser/rate.ts';
import { Tickets } from '../../../../main/hosts/browser/ticket.ts';

function tickets() {
  const clock = { now: 0 };
  const ended: string[] = [];
  const all = new Tickets(
    () => clock.now,
    (client) => ended.push(client),
  );
  /** A signed-in window. */
  const signIn = () => {
    const exchange = all.exchange(all.mint());
    if (typeof exchange === 'string') throw new Error(exchange);
    return exchange.token;
  };
  return { all, clock, ended, signIn };
}

describe('tickets', () => {
  test('are good until a minute has passed, and not a millisecond longer', () => {
    const { all, clock } = tickets();
    const ticket = all.mint();
    clock.now = 60_000;
    expect(all.exchange(ticket)).toBe('wrong');
    const next = all.mint();
    clock.now += 59_999;
    expect(all.exchange(next)).toMatchObject({ token: expect.stringMatching(/^[\w-]{43}$/) as string });
  });

  test('are void once a newer one is there', () => {
    const { all } = tickets();
    const older = all.mint();
    const newer = all.mint();
    expect(all.exchange(older)).toBe('wrong');
    expect(all.exchange(newer)).toHaveProperty('token');
  });

  test('cannot be guessed more than ten times a minute, and guesses never shut the right one out', () => {
    const { all, clock } = tickets();
    const ticket = all.mint();
    const guesses = Array.from({ length: 10_000 }, (_, number) => all.exchange(`guess ${String(number)}`));
    expect(guesses.filter((guess) => guess === 'wrong')).toHaveLength(10);
    expect(all.exchange('another guess')).toBe('too-many');
    expect(all.exchange(ticket)).toHaveProperty('token');
    clock.now = 6_000;
    expect(all.exchange(ticket)).toBe('wrong');
    expect(all.exchange(ticket)).toBe('too-many');
  });

  test('do not work before there is one', () => {
    expect(tickets().all.exchange('')).toBe('wrong');
  });
});

describe('a session', () => {
  test('lasts as long as its window shows life within ten minutes', () => {
    const { all, clock, ended, signIn } = tickets();
    const token = signIn();
    clock.now += 599_999;
    const session = all.sessionOf(token);
    expect(session).not.toBeNull();
    clock.now += 599_999;
    all.touch(session?.client ?? '');
    clock.now += 599_999;
    expect(all.sessionOf(token)).not.toBeNull();
    clock.now += 600_000;
    expect(all.sessionOf(token)).toBeNull();
    expect(ended).toEqual([session?.client]);
  });

  test('is not kept alive by a stream of another', () => {
    const { all, clock, signIn } = tickets();
    const token = signIn();
    clock.now += 300_000;
    all.touch('another');
    clock.now += 300_000;
    expect(all.sessionOf(token)).toBeNull();
  });

  test('ends when another begins, and tells which', () => {
    const { all, ended, signIn } = tickets();
    const first = signIn();
    const client = all.sessionOf(first)?.client;
    const second = signIn();
    expect(ended).toEqual([client]);
    expect([all.sessionOf(first), all.sessionOf(second)?.client]).toEqual([null, expect.any(String)]);
    expect(all.sessionOf(second)?.client).not.toBe(client);
  });

  test.for(['', 'A'.repeat(43), '☃'])('is not found by %j', (token) => {
    const { all, signIn } = tickets();
    signIn();
    expect(all.sessionOf(token)).toBeNull();
  });
});

describe('a rate', () => {
  test('lets a burst through, then so many a second, and never saves up more than a burst', () => {
    const clock = { now: 0 };
    const rate = new Rate(50, 100, () => clock.now);
    const passed = (times: number) => Array.from({ length: times }, () => rate.take()).filter(Boolean).length;
    expect(passed(500)).toBe(100);
    clock.now = 1000;
    expect(passed(500)).toBe(50);
    clock.now = 3_600_000;
    expect(passed(500)).toBe(100);
  });

  test('gives nothing for a clock that goes back', () => {
    const clock = { now: 1000 };
    const rate = new Rate(1, 1, () => clock.now);
    expect([rate.take(), rate.take()]).toEqual([true, false]);
    clock.now = 0;
    expect(rate.take()).toBe(false);
    clock.now = 1500;
    expect(rate.take()).toBe(false);
  });
});
