import { createHash } from 'node:crypto';
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
export type MarkChange = { readonly [K in keyof Said]?: Said[K] | undefined };

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

  /** For many clusters at once; a row that no longer parses counts as nothing said. */
  all(account: Account): (config: ClusterConfig) => Said {
    const rows = this.#database
      .prepare<[string], { cluster: string; value: string }>(
        'SELECT cluster, value FROM cluster_mark WHERE account = ?',
      )
      .all(account.id);
    const said = new Map(rows.map(({ cluster, value }) => [cluster, saidIn(value)]));
    return (config) => {
      const { production, readOnly } = said.get(identityKey(config)) ?? {};
      return { ...said.get(config.id), ...known({ production, readOnly }) };
    };
  }

  of(account: Account, config: ClusterConfig): Said {
    const { production, readOnly } = this.#row(account, identityKey(config));
    return { ...this.#row(account, config.id), ...known({ production, readOnly }) };
  }

  /** Production and read-only are of the server, whatever file or name leads there; the rest is of the context. */
  set(account: Account, config: ClusterConfig, { production, readOnly, ...own }: MarkChange): void {
    this.#put(account, config.id, own);
    this.#put(account, identityKey(config), { production, readOnly });
  }

  #row(account: Account, key: string): Said {
    const row = this.#database
      .prepare<[string, string], { value: string }>('SELECT value FROM cluster_mark WHERE account = ? AND cluster = ?')
      .get(account.id, key);
    return row === undefined ? {} : saidIn(row.value);
  }

  #put(account: Account, key: string, change: MarkChange): void {
    const said = known(change);
    if (Object.keys(said).length === 0) return;
    const put = this.#database.prepare(
      'INSERT INTO cluster_mark (account, cluster, value) VALUES (?, ?, ?) ON CONFLICT (account, cluster) DO UPDATE SET value = excluded.value',
    );
    this.#database
      .transaction(() => put.run(account.id, key, JSON.stringify({ ...this.#row(account, key), ...said })))
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

function identityKey({ identity }: ClusterConfig): string {
  const digest = createHash('sha256').update(JSON.stringify([identity.server, identity.caSha256]));
  return `identity:${digest.digest('hex')}`;
}

/** Without the keys that say nothing. */
function known(said: MarkChange): Said {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
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
