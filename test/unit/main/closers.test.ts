import { expect, test } from 'vitest';
import { Closers } from '../../../main/closers.ts';
import type { Log } from '../../../main/log.ts';

test('closers run in reverse, each even if another threw, once, and what was thrown is logged by name', async () => {
  const done: string[] = [];
  const logged: string[] = [];
  const log: Log = { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) };
  const closers = new Closers();
  closers.add('storage', () => done.push('storage'));
  closers.add('gate', () => {
    throw new Error('port gone');
  });
  closers.add('server', () => Promise.reject(new Error('would not end')));
  closers.add('window', async () => {
    await Promise.resolve();
    done.push('window');
  });
  await Promise.all([closers.close(log), closers.close(log)]);
  expect(done).toEqual(['window', 'storage']);
  expect(logged).toEqual(['closing server failed', 'closing gate failed']);
});

test('closing that takes too long is given up, and the log names what hung', async () => {
  const warned: string[] = [];
  const log: Log = { info: () => undefined, warn: (message) => warned.push(message), error: () => undefined };
  const closers = new Closers();
  closers.add('storage', () => undefined);
  closers.add('gate', () => new Promise(() => undefined));
  closers.add('window', () => undefined);
  expect(await closers.closeWithin(20, log)).toBe('gate');
  expect(warned).toEqual(['gate did not close within 0.02 s']);
  const others = new Closers();
  others.add('window', () => undefined);
  expect(await others.closeWithin(1000, log)).toBeNull();
});
