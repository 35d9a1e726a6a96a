import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type Begun } from '../../main/changes/journal.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { keptKey } from '../../main/storage/kept-key.ts';

const begun: Omit<Begun, 'kind'> = {
  at: 1000,
  account: 'me',
  change: {
    id: 'c1',
    title: 'Scale deployment/web to 2',
    cluster: 'real',
    clusterName: 'real',
    namespace: 'shop',
    origin: { kind: 'command', text: 'kubectl scale deployment web --replicas 2' },
    digest: 'd1',
    objects: [],
  },
};
const done = {
  method: 'PATCH' as const,
  path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
  target: {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    namespace: 'shop',
    name: 'web',
    subresource: 'scale',
  },
  before: { spec: { replicas: 3 } },
  after: { spec: { replicas: 2 } },
  status: 200,
  auditId: 'a1',
};

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  storage = await openStorage(folder);
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true });
});
const open = () => new Journal(storage.database, keptKey(folder, 'journal'));
function filled(): Journal {
  const journal = open();
  for (const id of ['c1', 'c2', 'c3']) {
    const seq = journal.begin({ ...begun, change: { ...begun.change, id } });
    journal.end('me', { at: 2000, begun: seq, outcome: 'verified', text: '2 of 2 pods ready.', writes: [done] });
  }
  return journal;
}

describe('the journal', () => {
  it('tells a change with its end, newest first, page by page', () => {
    const journal = filled();
    const first = journal.list('me', null, 2);
    expect(first.total).toBe(3);
    expect(first.entries.map((entry) => [entry.change, entry.outcome])).toEqual([
      ['c3', 'verified'],
      ['c2', 'verified'],
    ]);
    expect(journal.list('me', first.entries.at(-1)?.seq ?? 0, 2).entries.map((entry) => entry.change)).toEqual(['c1']);
    expect(journal.list('somebody else', null, 10)).toEqual({ entries: [], total: 0 });
  });

  it('shows a change whose end is missing as what it is', () => {
    const journal = open();
    const seq = journal.begin(begun);
    expect(journal.list('me', null, 1).entries[0]).toMatchObject({ outcome: 'running', undo: { possible: false } });
    expect(journal.done('me', seq)).toBeNull();
  });

  it('gives undo what ran, and only to the account whose change it was', () => {
    const journal = filled();
    expect(journal.done('me', 1)?.ended.writes).toEqual([done]);
    expect(journal.done('somebody else', 1)).toBeNull();
    expect(journal.done('me', 2)).toBeNull();
  });

  it('keeps its chain over a restart, with a key that only this user can read', () => {
    filled();
    expect(open().verify()).toBe('intact');
    expect(statSync(join(folder, 'journal.key')).mode & 0o777).toBe(0o600);
  });

  it('is not opened with a key that a killed start left empty', () => {
    writeFileSync(join(folder, 'journal.key'), '');
    expect(open).toThrow(/damaged/);
  });

  it.each([
    ['an altered entry', `UPDATE journal SET entry = replace(entry, '"me"', '"ma"') WHERE seq = 3`],
    ['an altered account', `UPDATE journal SET account = 'mb' WHERE seq = 3`],
    ['a removed line', 'DELETE FROM journal WHERE seq = 3'],
    ['a removed first line', 'DELETE FROM journal WHERE seq = 1'],
    ['an inserted line', `INSERT INTO journal SELECT 7, account, entry, mac FROM journal WHERE seq = 2`],
    [
      "two lines in each other's place",
      `UPDATE journal SET seq = -1 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = -1`,
    ],
    ['a shortened mac', `UPDATE journal SET mac = substr(mac, 1, 31) WHERE seq = 4`],
  ])('sees %s', (_what, sql) => {
    const journal = filled();
    expect(journal.verify()).toBe('intact');
    storage.database.exec(sql);
    expect(journal.verify()).toBe('broken');
  });
});
