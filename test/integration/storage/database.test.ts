import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { Conversations } from '../../../main/conversations/conversations.ts';
import { openStorage } from '../../../main/storage/database.ts';
import { localAccount } from '../../../main/storage/local-account.ts';
import { migrations } from '../../../main/storage/migrations.ts';

let dataDir: string;
const path = () => join(dataDir, 'ai4k8s.db');
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-storage-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const next = { version: 2, name: '0002-next', sql: 'ALTER TABLE conversation ADD COLUMN pinned INTEGER' };
const broken = {
  version: 2,
  name: '0002-broken',
  sql: 'CREATE TABLE extra (a TEXT) STRICT; INSERT INTO nowhere VALUES (1)',
};
const orphaning = {
  version: 2,
  name: '0002-orphaning',
  sql: `PRAGMA defer_foreign_keys = ON; INSERT INTO setting VALUES ('nobody', 'theme', '"dark"')`,
};

/** A database with something of everything in it. */
async function filled(): Promise<void> {
  const storage = await openStorage(dataDir);
  const account = localAccount(storage.database, 1);
  const conversations = new Conversations(storage.database, () => undefined);
  const { id } = conversations.create(account, 'c');
  for (let number = 0; number < 200; number += 1) conversations.ask(account, id, `why ${String(number)}?`, null);
  storage.close();
}

function dump(file = path()): string {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    const tables = database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
    const rows = tables.map((table) => database.prepare(`SELECT * FROM "${table}"`).all());
    return JSON.stringify([database.pragma('user_version'), schema, rows]);
  } finally {
    database.close();
  }
}

async function failureOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error.failure;
}

describe('an open database', () => {
  test.for([
    ['journal_mode', 'wal'],
    ['locking_mode', 'exclusive'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['busy_timeout', 5000],
    ['trusted_schema', 0],
    ['cell_size_check', 1],
    ['temp_store', 2],
    ['secure_delete', 1],
    ['journal_size_limit', 8_388_608],
    ['wal_autocheckpoint', 100],
    ['checkpoint_fullfsync', 1],
    ['mmap_size', 0],
    ['application_id', 0x4149344b],
    ['user_version', migrations.length],
  ] as const)('has %s = %s', async ([name, value]) => {
    const storage = await openStorage(dataDir);
    expect(storage.database.pragma(name, { simple: true })).toBe(value);
    storage.close();
  });

  test('a second app on the same folder is told the pid of the first, at once, and harms nothing', async () => {
    const writer = join(import.meta.dirname, '..', '..', 'support', 'storage-writer.ts');
    const first = spawn(process.execPath, [writer, dataDir, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(first.stdout, 'data');
      const began = performance.now();
      const failure = await failureOf(openStorage(dataDir));
      expect(failure.code).toBe('storage.busy');
      expect(failure.message).toContain(`process ${String(first.pid)}`);
      expect(performance.now() - began).toBeLessThan(2000);
    } finally {
      first.stdout.resume();
      first.kill('SIGKILL');
      await once(first, 'close');
    }
    const storage = await openStorage(dataDir);
    expect(storage.notices).toEqual([]);
    storage.close();
  });

  test('gives the folder back when it closes', async () => {
    (await openStorage(dataDir)).close();
    expect(readdirSync(dataDir)).toEqual(['ai4k8s.db']);
    (await openStorage(dataDir)).close();
  });
});

describe('a migration', () => {
  test('backs the file up, proves the backup, and keeps every row', async () => {
    await filled();
    const before = dump();
    const storage = await openStorage(dataDir, { migrations: [...migrations, next], now: () => 1_700_000_000_000 });
    expect(storage.schema).toBe(2);
    expect(storage.database.prepare('SELECT count(*) FROM item').pluck().get()).toBe(200);
    storage.close();
    const backup = join(dataDir, 'backups', '2023-11-14T22-13-20.000Z-before-0002-next.db');
    expect(dump(backup)).toBe(before);
    const manifest = JSON.parse(readFileSync(`${backup}.json`, 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ schema: 1, rows: { item: 200, conversation: 1, account: 1 } });
    expect(manifest['sha256']).toBe(createHash('sha256').update(readFileSync(backup)).digest('hex'));
  });

  test.for([broken, orphaning])('that fails ($name) leaves the file as it was and names the backup', async (step) => {
    await filled();
    const before = dump();
    const failure = await failureOf(openStorage(dataDir, { migrations: [...migrations, step] }));
    expect(failure).toMatchObject({ code: 'storage.failed' });
    expect(failure.message).toContain(step.name);
    expect(failure.remedy).toContain(join(dataDir, 'backups'));
    expect(dump()).toBe(before);
    (await openStorage(dataDir)).close();
  });

  test('does not begin where its backup cannot be made', async () => {
    await filled();
    const before = dump();
    writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be');
    const failure = await failureOf(openStorage(dataDir, { migrations: [...migrations, next] }));
    expect(failure.message).toContain('backup');
    expect(dump()).toBe(before);
  });

  test('of a newer version is refused and the file left alone', async () => {
    (await openStorage(dataDir, { migrations: [...migrations, next] })).close();
    const before = readFileSync(path());
    const failure = await failureOf(openStorage(dataDir));
    expect(failure.message).toContain('newer version');
    expect(readFileSync(path()).equals(before)).toBe(true);
    expect(readdirSync(dataDir).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test('killed while it copies or alters leaves the old schema or the new, and never an unfinished backup under a good name', async () => {
    await filled();
    const original = readFileSync(path());
    const migrator = join(import.meta.dirname, '..', '..', 'support', 'storage-migrator.ts');
    for (let run = 0; run < 20; run += 1) {
      writeFileSync(path(), original);
      const child = spawn(process.execPath, [migrator, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
      await once(child, 'close');
      clearTimeout(timer);
      const storage = await openStorage(dataDir, { migrations: [...migrations, next] });
      expect(storage.notices).toEqual([]);
      expect(storage.database.prepare('SELECT count(*) FROM item').pluck().get()).toBe(200);
      storage.close();
      for (const name of readdirSync(join(dataDir, 'backups')).filter((one) => one.endsWith('.db'))) {
        expect(JSON.parse(dump(join(dataDir, 'backups', name)))).toMatchObject([[{ user_version: 1 }], {}, {}]);
      }
    }
  }, 60_000);
});

describe('a damaged file', () => {
  const damages: Record<string, () => void> = {
    'is empty': () => truncateSync(path(), 0),
    'is text': () => writeFileSync(path(), 'not a database, but long enough to look like one\n'.repeat(100)),
    'has no header': () => overwrite(0, Buffer.alloc(100)),
    'has a zeroed page': () => overwrite(4096 * 3, Buffer.alloc(4096)),
    'is cut in half': () => truncateSync(path(), Math.floor(statSync(path()).size / 2 / 4096) * 4096),
    'belongs to another program': () => {
      const other = new BetterSqlite3(join(dataDir, 'other.db'));
      other.exec('CREATE TABLE theirs (a)');
      other.close();
      copyFileSync(join(dataDir, 'other.db'), path());
    },
  };

  test.for(Object.keys(damages))('that %s is set aside byte for byte, said, and a new one begun', async (kind) => {
    await filled();
    damages[kind]?.();
    const bytes = readFileSync(path());
    const storage = await openStorage(dataDir, { now: () => 0 });
    expect(storage.notices).toHaveLength(1);
    expect(storage.notices[0]).toMatchObject({ code: 'storage.damaged' });
    const aside = join(dataDir, 'ai4k8s.db.damaged-1970-01-01T00-00-00.000Z');
    expect(storage.notices[0]?.message).toContain(aside);
    expect(readFileSync(aside).equals(bytes)).toBe(true);
    expect(storage.database.prepare('SELECT count(*) FROM item').pluck().get()).toBe(0);
    storage.close();
    const again = await openStorage(dataDir);
    expect(again.notices).toEqual([]);
    again.close();
  });

  test('is offered the newest backup', async () => {
    await filled();
    (await openStorage(dataDir, { migrations: [...migrations, next] })).close();
    truncateSync(path(), 0);
    const storage = await openStorage(dataDir, { migrations: [...migrations, next] });
    expect(storage.notices[0]?.remedy).toContain('-before-0002-next.db');
    storage.close();
  });

  test('a folder that cannot be made is named', async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'file'), '');
    const failure = await failureOf(openStorage(join(dataDir, 'file', 'below')));
    expect(failure).toMatchObject({ code: 'storage.failed' });
    expect(failure.message).toContain(join(dataDir, 'file', 'below'));
    expect(existsSync(path())).toBe(false);
  });
});

function overwrite(at: number, bytes: Buffer): void {
  const content = readFileSync(path());
  bytes.copy(content, at);
  writeFileSync(path(), content);
}
