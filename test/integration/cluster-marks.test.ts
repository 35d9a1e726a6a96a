import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClusterMarks, marksOf } from '../../main/clusters/marks.ts';
import type { ClusterConfig } from '../../main/kubeconfig/cluster-config.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { localAccount } from '../../main/storage/local-account.ts';

const config = (id: string, server = 'https://a', caSha256: string | null = 'aa'): ClusterConfig => ({
  id,
  context: 'real',
  source: `/kubeconfigs/${id}`,
  server,
  user: 'admin',
  namespace: 'default',
  identity: { server, caSha256 },
  questions: [],
  demo: false,
});

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'marks-'));
  storage = await openStorage(folder);
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true });
});

it('keeps production and read-only with the server, so that a moved kubeconfig does not lose them', () => {
  const marks = new ClusterMarks(storage.database);
  const account = localAccount(storage.database, 1);
  marks.set(account, config('one'), { name: 'Shop', production: true, readOnly: true });
  for (const said of [marks.of(account, config('two')), marks.all(account)(config('two'))]) {
    expect(marksOf(said, config('two'))).toMatchObject({ name: 'real', production: true, readOnly: true });
  }
  expect(marksOf(marks.of(account, config('one')), config('one')).name).toBe('Shop');
  marks.set(account, config('two'), { production: false });
  expect(marks.of(account, config('one'))).toMatchObject({ name: 'Shop', production: false, readOnly: true });
});

it.each([
  ['server', config('two', 'https://b')],
  ['CA', config('two', 'https://a', 'bb')],
])('does not take another %s for the same cluster', (_what, other) => {
  const marks = new ClusterMarks(storage.database);
  const account = localAccount(storage.database, 1);
  marks.set(account, config('one'), { production: true });
  expect(marksOf(marks.of(account, other), other).production).toBe(false);
});
