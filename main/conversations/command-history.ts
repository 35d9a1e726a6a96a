import type { Account } from '../../shared/channel.ts';
import type { Database } from '../storage/database.ts';
import { keptLine } from './kept-line.ts';

/** Lines kept per account; the oldest go first. */
const most = 10_000;

/** The command lines of each account, in the order they were typed. */
export class CommandHistory {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** Durable when it returns. A line typed twice in a row is kept once, and without secrets that were typed. */
  add(account: Account, typed: string, cluster: string | null): void {
    const { line } = keptLine(typed);
    this.#database
      .transaction(() => {
        if (this.last(account, 1)[0] === line) return;
        this.#database
          .prepare('INSERT INTO command (account, line, cluster, at) VALUES (?, ?, ?, ?)')
          .run(account.id, line, cluster, this.#now());
        this.#database
          .prepare(
            'DELETE FROM command WHERE account = ? AND seq <= (SELECT seq FROM command WHERE account = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)',
          )
          .run(account.id, account.id, most);
      })
      .immediate();
  }

  /** The newest first. */
  last(account: Account, limit: number): string[] {
    return this.#database
      .prepare<[string, number], string>('SELECT line FROM command WHERE account = ? ORDER BY seq DESC LIMIT ?')
      .pluck()
      .all(account.id, limit);
  }
}
