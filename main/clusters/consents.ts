import type { Account } from '../../shared/channel.ts';
import type { TrustQuestion } from '../../shared/clusters.ts';
import type { Database } from '../storage/database.ts';

/** What an account allowed of what kubeconfigs and MCP servers ask for; each by the digest of exactly that. */
export class Consents {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #find: (account: string, question: string) => boolean;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    // Asked for every question of every context each time the list is made.
    const find = database.prepare<[string, string]>('SELECT 1 FROM trust WHERE account = ? AND question = ?');
    this.#find = (account, question) => find.get(account, question) !== undefined;
    this.#now = now;
  }

  has(account: Account, question: string): boolean {
    return this.#find(account.id, question);
  }

  give(account: Account, questions: readonly Pick<TrustQuestion, 'id' | 'text'>[]): void {
    const put = this.#database.prepare(
      'INSERT INTO trust (account, question, text, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#database
      .transaction(() => {
        for (const { id, text } of questions) put.run(account.id, id, text, this.#now());
      })
      .immediate();
  }
}
