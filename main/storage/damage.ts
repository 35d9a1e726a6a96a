import { existsSync, renameSync } from 'node:fs';

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
