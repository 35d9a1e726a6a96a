/**
 * The app's one database: a SQLite file in the data folder, with one writer, which is this process.
 *
 * Promises: what a statement acknowledged survives kill -9 and power loss (WAL with synchronous=FULL); every setting is
 * read back after the open; a second app on the same folder is told the pid of the first; a schema of an older version is
 * brought forward in a transaction, after a verified backup; a schema of a newer version is left alone.
 * Never: deletes a file of the person's. What is damaged is set aside under `…damaged-<time>`, and that is said.
 * Decided against: a repository layer over SQL (services say their SQL themselves), several connections (EXCLUSIVE
 * locking is also the lock on the folder, and spares the shared-memory file).
 */
import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type Failure } from '../../shared/errors.ts';
import { newestBackup } from './backup.ts';
import { DamageSeen, setAside, whyDamaged, whyNotOurs } from './damage.ts';
import { migrate } from './migrate.ts';
import { migrations as ours, type Migration } from './migrations.ts';

export type Database = BetterSqlite3.Database;

/** 'AI4K', so that another program's file is never taken for ours. */
const applicationId = 0x4149344b;

/** facts: each is asserted after every open. `wal_autocheckpoint` small, so that a full disk can still be checkpointed. */
const pragmas = {
  locking_mode: 'exclusive',
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  busy_timeout: 5000,
  trusted_schema: 0,
  cell_size_check: 1,
  temp_store: 2,
  secure_delete: 1,
  journal_size_limit: 8_388_608,
  wal_autocheckpoint: 100,
  checkpoint_fullfsync: 1,
  mmap_size: 0,
} as const;

export interface Storage {
  readonly database: Database;
  readonly path: string;
  readonly schema: number;
  /** What the person has to know about the open: a damaged file that was set aside. */
  readonly notices: readonly Failure[];
  close(): void;
}

export interface StorageOptions {
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
}

/**
 * Opens `ai4k8s.db` in `dataDir`, which is created where it is missing. Throws AppError 'storage.busy' while another app
 * has it, 'storage.failed' where the folder or a migration does not work or the file is of a newer version.
 */
export async function openStorage(dataDir: string, options: StorageOptions = {}): Promise<Storage> {
  const { now = Date.now, migrations = ours } = options;
  const path = join(dataDir, 'ai4k8s.db');
  const notices: Failure[] = [];
  const opened = openSound(dataDir, path, now, notices);
  try {
    await migrate(opened, migrations, { folder: join(dataDir, 'backups'), now });
  } catch (error) {
    opened.close();
    throw error;
  }
  const pidFile = join(dataDir, 'ai4k8s.pid');
  writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  return {
    database: opened,
    path,
    schema: opened.pragma('user_version', { simple: true }) as number,
    notices,
    close() {
      if (!opened.open) return;
      try {
        opened.pragma('optimize');
      } finally {
        opened.close();
        rmSync(pidFile, { force: true });
      }
    },
  };
}

/**
 * Throws AppError 'storage.busy' while another app has the folder; for what must not be touched before `openStorage` has
 * it. Writes nothing.
 */
export function assertFree(dataDir: string): void {
  const path = join(dataDir, 'ai4k8s.db');
  if (!existsSync(path)) return;
  let database: Database | null = null;
  try {
    database = new BetterSqlite3(path, { readonly: true, timeout: 500 });
    database.pragma('schema_version');
  } catch (error) {
    if (isBusy(error)) throw busy(dataDir, error);
    // Whatever else is wrong with the file is told by the open.
  } finally {
    database?.close();
  }
}

/** Opens the file, or sets it aside where it is damaged and opens a new one. */
function openSound(dataDir: string, path: string, now: () => number, notices: Failure[]): Database {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const foreign = existsSync(path) ? whyNotOurs(path, applicationId) : null;
    if (foreign !== null) notices.push(aside(dataDir, path, foreign, now()));
    try {
      return connect(dataDir, path);
    } catch (error) {
      const because = whyDamaged(error);
      if (because === null) throw error;
      notices.push(aside(dataDir, path, because, now()));
      return connect(dataDir, path);
    }
  } catch (error) {
    throw error instanceof AppError ? error : cannotOpen(dataDir, error);
  }
}

function connect(dataDir: string, path: string): Database {
  const isNew = !existsSync(path);
  const database = new BetterSqlite3(path, { timeout: 500 });
  try {
    // Before the log is switched on, so that it is in the file's own header from the first byte.
    if (isNew) database.pragma(`application_id = ${String(applicationId)}`);
    for (const [name, value] of Object.entries(pragmas)) database.pragma(`${name} = ${String(value)}`);
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    for (const [name, value] of Object.entries(pragmas)) {
      const is = database.pragma(name, { simple: true });
      if (is !== value) throw new Error(`SQLite kept ${name}=${String(is)}`);
    }
    const found = database.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new DamageSeen('Its pages contradict each other.');
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? busy(dataDir, error) : error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}

function busy(dataDir: string, cause: unknown): AppError {
  const pid = readPid(join(dataDir, 'ai4k8s.pid'));
  return new AppError(
    {
      code: 'storage.busy',
      message: `AI4K8s already runs with the data folder ${dataDir}${pid === null ? '' : `, as process ${pid}`}.`,
      remedy: 'Use that one, end it, or start with another folder: --data-dir DIR.',
    },
    { cause },
  );
}

function readPid(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function aside(dataDir: string, path: string, because: string, at: number): Failure {
  const backup = newestBackup(join(dataDir, 'backups'));
  return {
    code: 'storage.damaged',
    message: `The app's database was damaged and a new one was begun. ${because} The old one is kept as ${setAside(path, at)}.`,
    remedy:
      backup === null
        ? 'Conversations and settings begin anew; there is no backup yet.'
        : `The newest backup is of ${new Date(backup.at).toISOString()}: ${backup.path}. End the app and put it in the place of ${path}.`,
  };
}

function cannotOpen(dataDir: string, cause: unknown): AppError {
  return new AppError(
    {
      code: 'storage.failed',
      message: `The data folder ${dataDir} cannot be used.`,
      remedy: 'See that the folder can be written and its disk has space, or use another: --data-dir DIR.',
    },
    { cause },
  );
}
