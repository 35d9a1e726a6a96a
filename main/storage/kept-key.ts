import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A random key of 256 bits that stays the same for this data folder; readable by this user alone. */
export function keptKey(dataDir: string, name: string): Buffer {
  const path = join(dataDir, `${name}.key`);
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
}
