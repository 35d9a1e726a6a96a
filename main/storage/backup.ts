import BetterSqlite3 from 'better-sqlite3';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Database } from './database.ts';

/** What `<name>.json` beside a backup says of it. Written last: a backup without it was never finished. */
export interface Backup {
  readonly path: string;
  readonly at: number;
  readonly schema: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Rows per table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Copies the open database to `<folder>/<time>-<reason>.db`. Under a temporary name first, opened again and checked
 * (integrity, schema, rows of every table), then made durable and renamed: what bears the name is good.
 * Throws AppError 'storage.failed'; the database and older backups are untouched.
 */
export async function backUp(database: Database, folder: string, reason: string, at: number): Promise<Backup> {
  const path = join(folder, `${new Date(at).toISOString().replaceAll(':', '-')}-${reason}.db`);
  const temporary = `${path}.part`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await database.backup(temporary);
    const seen = verify(temporary);
    const expected = describe(database);
    if (JSON.stringify(seen) !== JSON.stringify(expected)) throw new Error('the copy is not what was copied');
    syncPath(temporary);
    const content = readFileSync(temporary);
    renameSync(temporary, path);
    syncPath(folder);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const backup: Backup = { path, at, bytes: content.length, sha256, ...seen };
    writeFileSync(`${path}.json`, JSON.stringify(backup), { mode: 0o600, flush: true });
    return backup;
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new AppError(
      {
        code: 'storage.failed',
        message: `A backup of the app's database could not be made in ${folder}.`,
        remedy: 'Free space on that disk and start again. Nothing was changed.',
      },
      { cause: error },
    );
  }
}

/** The newest finished backup in the folder; null where there is none. */
export function newestBackup(folder: string): Backup | null {
  if (!existsSync(folder)) return null;
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.db.json'))
    .sort()
    .at(-1);
  return newest === undefined ? null : (JSON.parse(readFileSync(join(folder, newest), 'utf8')) as Backup);
}

type Described = Pick<Backup, 'schema' | 'rows'>;

/** Opens a copy read-only and reads all of it. Throws where it is damaged. */
function verify(path: string): Described {
  const copy = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    const found = copy.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`the copy is damaged: ${String(found)}`);
    return describe(copy);
  } finally {
    copy.close();
  }
}

function describe(database: Database): Described {
  const tables = database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .pluck()
    .all();
  return {
    schema: database.pragma('user_version', { simple: true }) as number,
    rows: Object.fromEntries(
      tables.map((table) => [table, database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number]),
    ),
  };
}

function syncPath(path: string): void {
  // A folder cannot be opened for this on Windows, where renames are durable by themselves.
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
