import type { Account, Caller } from '../../shared/channel.ts';
import type { Publish } from '../../shared/contract.ts';
import { Settings as Shape, type HostInfo } from '../../shared/settings.ts';
import type { Database } from '../storage/database.ts';

const keyed = Shape.partial();
const defaults: Shape = { theme: 'system', conversationsShown: true };

/** The settings of each account. One row per key, so that a value that no longer parses costs only itself. */
export class Settings {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #host: Omit<HostInfo, 'account'>;
  readonly #nameOf: (account: Account) => string;

  constructor(
    database: Database,
    publish: Publish,
    host: Omit<HostInfo, 'account'>,
    nameOf: (account: Account) => string,
  ) {
    this.#database = database;
    this.#publish = publish;
    this.#host = host;
    this.#nameOf = nameOf;
  }

  get(account: Account): Shape {
    const rows = this.#database
      .prepare<[string], { key: string; value: string }>('SELECT key, value FROM setting WHERE account = ?')
      .all(account.id);
    const stored = rows.flatMap(({ key, value }) =>
      Object.entries(keyed.safeParse({ [key]: JSON.parse(value) }).data ?? {}),
    );
    return { ...defaults, ...(Object.fromEntries(stored) as Partial<Shape>) };
  }

  set(account: Account, change: { [K in keyof Shape]?: Shape[K] | undefined }): Shape {
    const put = this.#database.prepare(
      'INSERT INTO setting (account, key, value) VALUES (?, ?, ?) ON CONFLICT (account, key) DO UPDATE SET value = excluded.value',
    );
    this.#database
      .transaction(() => {
        for (const [key, value] of Object.entries(change)) {
          if (value !== undefined) put.run(account.id, key, JSON.stringify(value));
        }
      })
      .immediate();
    const settings = this.get(account);
    this.#publish('settings.changed', settings);
    return settings;
  }

  host(caller: Caller): HostInfo {
    const { account } = caller;
    return { ...this.#host, account: account === null ? null : { ...account, name: this.#nameOf(account) } };
  }
}
