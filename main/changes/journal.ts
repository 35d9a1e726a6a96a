import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Change, JournalEntry } from '../../shared/changes.ts';
import type { Database } from '../storage/database.ts';
import { canonical } from './shown.ts';
import { undoable, type DoneWrite } from './undo.ts';

/** Written before the first request of a change leaves, so that a crash in between leaves its trace. */
export interface Begun {
  readonly kind: 'begun';
  readonly at: number;
  readonly account: string;
  readonly change: Pick<
    Change,
    'id' | 'title' | 'cluster' | 'clusterName' | 'namespace' | 'origin' | 'digest' | 'objects'
  >;
}

/** Written when it is over. `writes` holds what ran, with the server's answers: what undo works from. */
export interface Ended {
  readonly kind: 'ended';
  readonly at: number;
  readonly begun: number;
  readonly outcome: 'verified' | 'unverified' | 'failed';
  readonly text: string;
  readonly writes: readonly (DoneWrite & { readonly status: number; readonly auditId: string | null })[];
}

interface Line {
  readonly seq: number;
  readonly account: string;
  readonly entry: string;
  readonly mac: Buffer;
}

/**
 * The journal of changes: append-only, each line chained to the one before it by HMAC-SHA-256, so that an altered,
 * removed, inserted or reordered line is seen. A change is two lines, its begin and its end; nothing is ever updated.
 * The key lies beside the database, readable by this user alone, until the vault holds it. A tail that is cut off as a
 * whole is not seen: that needs the head sealed elsewhere.
 */
export class Journal {
  readonly #database: Database;
  readonly #key: Buffer;

  /** @param key of the chain's HMAC, 32 bytes */
  constructor(database: Database, key: Buffer) {
    this.#database = database;
    this.#key = key;
  }

  /** Appends the begin of a change; returns its number. Durable when it returns. */
  begin(begun: Omit<Begun, 'kind'>): number {
    return this.#append(begun.account, { kind: 'begun', ...begun });
  }

  end(account: string, ended: Omit<Ended, 'kind'>): void {
    this.#append(account, { kind: 'ended', ...ended });
  }

  /** The newest changes first, below `before` where given. */
  list(account: string, before: number | null, limit: number): { entries: JournalEntry[]; total: number } {
    const lines = this.#database
      .prepare<[string, number, number], Pick<Line, 'seq' | 'entry'>>(
        `SELECT seq, entry FROM journal WHERE account = ? AND entry ->> 'kind' = 'begun' AND seq < ?
         ORDER BY seq DESC LIMIT ?`,
      )
      .all(account, before ?? Number.MAX_SAFE_INTEGER, limit);
    const total = this.#database
      .prepare<[string], { n: number }>(
        `SELECT count(*) AS n FROM journal WHERE account = ? AND entry ->> 'kind' = 'begun'`,
      )
      .get(account);
    const entries = lines.map(({ seq, entry }) => told(seq, JSON.parse(entry) as Begun, this.#endOf(account, seq)));
    return { entries, total: total?.n ?? 0 };
  }

  /** Begin and end of one change of this account; null where there is none, or it has not ended. */
  done(account: string, seq: number): { begun: Begun; ended: Ended } | null {
    const line = this.#database
      .prepare<[string, number], Pick<Line, 'entry'>>(
        `SELECT entry FROM journal WHERE account = ? AND seq = ? AND entry ->> 'kind' = 'begun'`,
      )
      .get(account, seq);
    const ended = this.#endOf(account, seq);
    return line === undefined || ended === null ? null : { begun: JSON.parse(line.entry) as Begun, ended };
  }

  /** Whether every line is the one that was written, in its place. */
  verify(): 'intact' | 'broken' {
    let previous: Buffer = Buffer.alloc(32);
    let expected = 1;
    for (const line of this.#database.prepare<[], Line>('SELECT * FROM journal ORDER BY seq').iterate()) {
      const mac = this.#mac(previous, line.seq, line.account, line.entry);
      if (line.seq !== expected || line.mac.length !== mac.length || !timingSafeEqual(line.mac, mac)) return 'broken';
      previous = mac;
      expected += 1;
    }
    return 'intact';
  }

  #endOf(account: string, begun: number): Ended | null {
    const line = this.#database
      .prepare<[string, number, number], Pick<Line, 'entry'>>(
        `SELECT entry FROM journal WHERE account = ? AND seq > ? AND entry ->> 'kind' = 'ended' AND entry ->> 'begun' = ?`,
      )
      .get(account, begun, begun);
    return line === undefined ? null : (JSON.parse(line.entry) as Ended);
  }

  #append(account: string, entry: Begun | Ended): number {
    const text = canonical(entry);
    return this.#database
      .transaction(() => {
        const last = this.#database
          .prepare<[], { seq: number; mac: Buffer }>('SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1')
          .get();
        const seq = (last?.seq ?? 0) + 1;
        const mac = this.#mac(last?.mac ?? Buffer.alloc(32), seq, account, text);
        this.#database
          .prepare('INSERT INTO journal (seq, account, entry, mac) VALUES (?, ?, ?, ?)')
          .run(seq, account, text, mac);
        return seq;
      })
      .immediate();
  }

  #mac(previous: Buffer, seq: number, account: string, entry: string): Buffer {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(account));
    return createHmac('sha256', this.#key)
      .update(previous)
      .update(`${String(seq)}\0`)
      .update(length)
      .update(account)
      .update(entry)
      .digest();
  }
}

function told(seq: number, begun: Begun, ended: Ended | null): JournalEntry {
  const { id, origin, ...change } = begun.change;
  const undo = (ended?.writes ?? []).map(undoable);
  const not = undo.find((one) => !one.possible);
  return {
    ...change,
    seq,
    at: begun.at,
    change: id,
    account: begun.account,
    origin: origin.text,
    objects: [...change.objects],
    outcome: ended?.outcome ?? 'running',
    text: ended?.text ?? 'Begun; its end is not known. Look at the objects.',
    undo:
      not ??
      (undo.length === 0
        ? { possible: false, text: 'Nothing was written.' }
        : { possible: true, text: undo.map((one) => one.text).join(' ') }),
  };
}
