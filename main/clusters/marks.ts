import { z } from 'zod';
import type { Account } from '../../shared/channel.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { Database } from '../storage/database.ts';
import { defaultColour, looksLikeProduction } from './protection.ts';

/** What a person said of a cluster; a key that is not there was not said. */
const Said = z
  .object({
    name: z.string(),
    colour: z.int().min(0).max(11),
    group: z.string().nullable(),
    favourite: z.boolean(),
    production: z.boolean(),
    readOnly: z.boolean(),
    namespace: z.string(),
  })
  .partial();
export type Said = z.infer<typeof Said>;

/** A change of marks; undefined leaves the mark as it is. */
export type MarkChange = { readonly [K in keyof Said]: Said[K] | undefined };

export interface Marks {
  readonly name: string;
  readonly colour: number;
  readonly group: string | null;
  readonly favourite: boolean;
  readonly production: boolean;
  readonly readOnly: boolean;
  readonly namespace: string;
}

const selectedKey = 'clusters.selected';

/** What a person marked, chose and uses, per account. */
export class ClusterMarks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By cluster id; a row that no longer parses counts as nothing said. */
  all(account: Account): ReadonlyMap<string, Said> {
    const rows = this.#database
      .prepare<[string], { cluster: string; value: string }>(
        'SELECT cluster, value FROM cluster_mark WHERE account = ?',
      )
      .all(account.id);
    return new Map(rows.map(({ cluster, value }) => [cluster, saidIn(value)]));
  }

  of(account: Account, cluster: string): Said {
    const row = this.#database
      .prepare<[string, string], { value: string }>('SELECT value FROM cluster_mark WHERE account = ? AND cluster = ?')
      .get(account.id, cluster);
    return row === undefined ? {} : saidIn(row.value);
  }

  set(account: Account, cluster: string, change: MarkChange): void {
    const put = this.#database.prepare(
      'INSERT INTO cluster_mark (account, cluster, value) VALUES (?, ?, ?) ON CONFLICT (account, cluster) DO UPDATE SET value = excluded.value',
    );
    const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    this.#database
      .transaction(() => put.run(account.id, cluster, JSON.stringify({ ...this.of(account, cluster), ...said })))
      .immediate();
  }

  selected(account: Account): string | null {
    const row = this.#database
      .prepare<[string, string], { value: string }>('SELECT value FROM setting WHERE account = ? AND key = ?')
      .get(account.id, selectedKey);
    const parsed = row === undefined ? null : z.string().safeParse(jsonOf(row.value)).data;
    return parsed ?? null;
  }

  select(account: Account, cluster: string): void {
    this.#database
      .prepare(
        'INSERT INTO setting (account, key, value) VALUES (?, ?, ?) ON CONFLICT (account, key) DO UPDATE SET value = excluded.value',
      )
      .run(account.id, selectedKey, JSON.stringify(cluster));
  }
}

/** What holds where nothing was said: the context's own name and namespace, and care with what looks like production. */
export function marksOf(said: Said, config: ClusterConfig): Marks {
  return {
    name: said.name ?? config.context,
    colour: said.colour ?? defaultColour(config.id),
    group: said.group ?? null,
    favourite: said.favourite ?? false,
    production: said.production ?? (!config.demo && looksLikeProduction(config.context)),
    readOnly: said.readOnly ?? false,
    namespace: said.namespace ?? config.namespace,
  };
}

function saidIn(value: string): Said {
  return Said.safeParse(jsonOf(value)).data ?? {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
