import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/**
 * A random key of 256 bits that stays the same for this data folder; readable by this user alone. Written aside and put
 * in place whole, so that a kill in between leaves none rather than an empty one.
 * Throws AppError 'storage.damaged' where the file holds anything else: a guessable key would prove nothing.
 */
export function keptKey(dataDir: string, name: string): Buffer {
  const path = join(dataDir, `${name}.key`);
  if (!existsSync(path)) make(path);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length === 32) return key;
  throw new AppError({
    code: 'storage.damaged',
    message: `The key file ${path} is damaged.`,
    remedy:
      'Put it back from a backup of the data folder. Without it, move it aside: what it marked no longer verifies.',
  });
}

function make(path: string): void {
  const aside = `${path}.${String(process.pid)}`;
  const file = openSync(aside, 'w', 0o600);
  try {
    writeSync(file, randomBytes(32).toString('hex'));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    // Another start of the app was first; its key is the one.
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
