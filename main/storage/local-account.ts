import { userInfo } from 'node:os';
import type { Account } from '../../shared/channel.ts';
import type { Database } from './database.ts';

export interface NamedAccount extends Account {
  readonly name: string;
}

/** The account 'just me on this machine': there from the first start, and whoever reaches the window is it. */
export function localAccount(database: Database, now: number): NamedAccount {
  database
    .prepare(`INSERT INTO account (id, name, role, created_at) VALUES ('local', ?, 'admin', ?) ON CONFLICT DO NOTHING`)
    .run(nameOfUser(), now);
  const found = database.prepare<[], NamedAccount>(`SELECT id, name, role FROM account WHERE id = 'local'`).get();
  if (found === undefined) throw new Error('the local account is not there');
  return found;
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry for this uid, as in many containers.
    return 'This machine';
  }
}
