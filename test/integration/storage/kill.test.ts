import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CommandHistory } from '../../../main/conversations/command-history.ts';
import { Conversations } from '../../../main/conversations/conversations.ts';
import { openStorage } from '../../../main/storage/database.ts';
import { localAccount } from '../../../main/storage/local-account.ts';

const kills = 40;
const writer = join(import.meta.dirname, '..', '..', 'support', 'storage-writer.ts');
const dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-kill-'));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Lets the writer work for `ms` after it is ready, kills it, and gives what it said was kept. */
async function writeUntilKilled(run: number, ms: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, dataDir, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const ready = Promise.withResolvers<undefined>();
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString();
    if (said.startsWith('ready\n')) ready.resolve(undefined);
  });
  child.on('exit', () => ready.reject(new Error(`the writer ended by itself: ${said}`)));
  await ready.promise;
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await once(child, 'close');
  clearTimeout(timer);
  // The last line may be cut; what was not said whole was not acknowledged.
  return said.split('\n').slice(1, -1);
}

/** Of a draft, `…# <run>-<number>`. */
function orderOf(draft: string): number {
  const [, run = '-1', number = '0'] = /(\d+)-(\d+)$/.exec(draft) ?? [];
  return Number(run) * 1_000_000 + Number(number);
}

test(`nothing that was acknowledged is lost, torn or doubled over ${String(kills)} kills at random moments`, async () => {
  const begun: string[] = [];
  const finished: string[] = [];
  const lines: string[] = [];
  let draft = '';
  for (let run = 0; run < kills; run += 1) {
    for (const said of await writeUntilKilled(run, Math.random() * 60)) {
      const [kind, ...rest] = said.split(' ');
      const value = rest.join(' ');
      if (kind === 'begun') begun.push(value);
      else if (kind === 'finished') finished.push(value);
      else if (kind === 'history') lines.push(value);
      else draft = value;
    }
    const storage = await openStorage(dataDir);
    try {
      expect(storage.notices).toEqual([]);
      const account = localAccount(storage.database, 0);
      const conversations = new Conversations(storage.database, () => undefined);
      const all = conversations.list(account);
      expect(all).toHaveLength(1);
      const items = new Map(conversations.open(account, all[0]?.id ?? '').items.map((item) => [item.id, item]));
      expect(begun.filter((id) => !items.has(id))).toEqual([]);
      expect(finished.filter((id) => (items.get(id) as { result: unknown } | undefined)?.result == null)).toEqual([]);
      const kept = new Set(new CommandHistory(storage.database).last(account, 100_000));
      expect(lines.filter((line) => !kept.has(line))).toEqual([]);
      // The draft after the last acknowledged one may have been written too, an older one must not be there.
      expect(orderOf(conversations.draft(account, null).text)).toBeGreaterThanOrEqual(orderOf(draft));
    } finally {
      storage.close();
    }
  }
  expect(finished.length).toBeGreaterThan(kills);
}, 120_000);
