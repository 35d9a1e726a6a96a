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
