import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';

/** Thrown on the way of an open where SQLite itself sees nothing wrong. */
export class DamageSeen extends Error {}

const damageCodes = /^SQLITE_(CORRUPT|NOTADB)/;

/** One sentence on why the file cannot be used; null where the error says nothing about the file's content. */
export function whyDamaged(error: unknown): string | null {
  if (error instanceof DamageSeen) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return damageCodes.test(code) ? 'SQLite cannot read it.' : null;
}

/**
 * Why the file at `path`, which exists, is not a database of ours, judged by its header alone: SQLite itself would begin
 * to write to it. Null where it is one.
 */
export function whyNotOurs(path: string, applicationId: number): string | null {
  const header = Buffer.alloc(100);
  const handle = openSync(path, 'r');
  try {
    const bytes = readSync(handle, header, 0, header.length, 0);
    if (bytes === 0) return 'It is empty.';
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'It is no database.';
    return header.readUInt32BE(68) === applicationId ? null : 'It is the database of another program.';
  } finally {
    closeSync(handle);
  }
}

/**
 * Moves the database and its write-ahead log out of the way, under a name that says when; the log would otherwise be
 * applied to whatever comes in its place. Returns the new path.
 */
export function setAside(path: string, at: number): string {
  const to = `${path}.damaged-${new Date(at).toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, to + suffix);
  }
  return to;
}
