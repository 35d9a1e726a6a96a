/**
 * Conversations: what was asked and typed, and what came of it, kept per account in the order it was asked.
 *
 * Promises: an item is durable before its command runs, its result before the reply leaves; both survive kill -9. A
 * command whose app ended first stays as an item without a result. Whoever is not the owner finds nothing.
 * Never: keeps what nobody wanted kept (a command without a conversation), keeps values of Secrets or secrets that were
 * typed (kept-secrets.ts, kept-line.ts), or drops rows silently: a result too big to
 * keep is kept trimmed, and its notes say so.
 * Decided against: result tables of their own. An item is read and written whole, and its shape is the contract's.
 */
import { randomUUID } from 'node:crypto';
import type { Account } from '../../shared/channel.ts';
import type { CommandResult } from '../../shared/commands.ts';
import type { Publish } from '../../shared/contract.ts';
import { ConversationItem, type Conversation } from '../../shared/conversations.ts';
import { AppError, type Failure } from '../../shared/errors.ts';
import type { Database } from '../storage/database.ts';
import { keptLine } from './kept-line.ts';
import { keptResult } from './kept-result.ts';
import { withoutSecrets } from './kept-secrets.ts';
import { titleOf } from './title.ts';

/** A command as it is asked, before it runs. */
export interface AskedCommand {
  readonly line: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
}

const noAssistant: Failure = {
  code: 'assistant.unavailable',
  message: 'Questions in plain language need the assistant, which this version does not have yet.',
  remedy: 'Type a command, such as kubectl get pods -A. The question is kept.',
};

const untitled = 'New conversation';
const columns = 'id, title, cluster, created_at AS createdAt, updated_at AS updatedAt';

export class Conversations {
  readonly #database: Database;
  readonly #publish: Publish;
  readonly #now: () => number;
  readonly #clean: <T>(value: T) => T;

  /** @param clean takes known secrets out of a result before it is kept */
  constructor(
    database: Database,
    publish: Publish,
    now: () => number = Date.now,
    clean: <T>(value: T) => T = (value) => value,
  ) {
    this.#database = database;
    this.#publish = publish;
    this.#now = now;
    this.#clean = clean;
  }

  /** The one that was used last comes first. */
  list(account: Account): Conversation[] {
    return this.#database
      .prepare<[string], Conversation>(
        `SELECT ${columns} FROM conversation WHERE account = ? ORDER BY updated_at DESC, rowid DESC`,
      )
      .all(account.id);
  }

  create(account: Account, cluster: string | null): Conversation {
    const id = randomUUID();
    const now = this.#now();
    this.#database
      .prepare(
        'INSERT INTO conversation (id, account, title, cluster, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(id, account.id, untitled, cluster, now, now);
    this.#announce(account);
    return this.#find(account, id);
  }

  /** Throws AppError 'conversation.unknown', as do all below that name one. */
  open(account: Account, id: string): { conversation: Conversation; items: ConversationItem[] } {
    const conversation = this.#find(account, id);
    const rows = this.#database
      .prepare<[string], string>('SELECT body FROM item WHERE conversation = ? ORDER BY seq')
      .pluck()
      .all(id);
    // One item of another version's shape must not hide the rest.
    const items = rows.flatMap((body) => ConversationItem.safeParse(JSON.parse(body)).data ?? []);
    return { conversation, items };
  }

  rename(account: Account, id: string, title: string): Conversation {
    this.#find(account, id);
    this.#database.prepare('UPDATE conversation SET title = ? WHERE id = ?').run(title.trim() || untitled, id);
    this.#announce(account);
    return this.#find(account, id);
  }

  delete(account: Account, id: string): void {
    this.#find(account, id);
    this.#database
      .transaction(() => {
        this.#database.prepare('DELETE FROM conversation WHERE id = ?').run(id);
        this.#database.prepare('DELETE FROM draft WHERE account = ? AND conversation = ?').run(account.id, id);
      })
      .immediate();
    this.#announce(account);
  }

  /** Keeps the question, with the reason why it is not answered. */
  ask(account: Account, id: string, asked: string, cluster: string | null): ConversationItem {
    const text = keptLine(asked).line;
    const item: ConversationItem = {
      kind: 'question',
      id: randomUUID(),
      at: this.#now(),
      text,
      cluster,
      failure: noAssistant,
    };
    this.#append(account, id, item, text);
    return item;
  }

  /** Keeps a command before it runs; durable when it returns. Returns the item's id, for `finish`. */
  begin(account: Account, conversation: string, asked: AskedCommand): string {
    const { line } = keptLine(asked.line);
    const item: ConversationItem = { kind: 'command', id: randomUUID(), at: this.#now(), ...asked, line, result: null };
    this.#append(account, conversation, item, line);
    return item.id;
  }

  /** Keeps what a command gave. An item that was deleted meanwhile stays deleted. */
  finish(item: string, result: CommandResult): void {
    const body = this.#database.prepare<[string], string>('SELECT body FROM item WHERE id = ?').pluck().get(item);
    if (body === undefined) return;
    const kept = { ...(JSON.parse(body) as ConversationItem), result: this.#clean(keptResult(withoutSecrets(result))) };
    this.#database.prepare('UPDATE item SET body = ? WHERE id = ?').run(JSON.stringify(kept), item);
  }

  /** `conversation` null: what was typed before any was open. */
  saveDraft(account: Account, conversation: string | null, text: string): void {
    if (conversation !== null) this.#find(account, conversation);
    this.#database
      .prepare(
        'INSERT INTO draft (account, conversation, text) VALUES (?, ?, ?) ON CONFLICT (account, conversation) DO UPDATE SET text = excluded.text',
      )
      .run(account.id, conversation ?? '', keptLine(text).line);
  }

  draft(account: Account, conversation: string | null): { text: string } {
    const text = this.#database
      .prepare<[string, string], string>('SELECT text FROM draft WHERE account = ? AND conversation = ?')
      .pluck()
      .get(account.id, conversation ?? '');
    return { text: text ?? '' };
  }

  #find(account: Account, id: string): Conversation {
    const found = this.#database
      .prepare<[string, string], Conversation>(`SELECT ${columns} FROM conversation WHERE account = ? AND id = ?`)
      .get(account.id, id);
    if (found !== undefined) return found;
    throw new AppError({
      code: 'conversation.unknown',
      message: 'This conversation is not there; it may have been deleted.',
      remedy: 'Open another, or begin a new one.',
    });
  }

  #append(account: Account, conversation: string, item: ConversationItem, words: string): void {
    const { title } = this.#find(account, conversation);
    this.#database
      .transaction(() => {
        this.#database
          .prepare('INSERT INTO item (id, conversation, at, kind, body) VALUES (?, ?, ?, ?, ?)')
          .run(item.id, conversation, item.at, item.kind, JSON.stringify(item));
        this.#database
          .prepare('UPDATE conversation SET updated_at = ?, title = ? WHERE id = ?')
          .run(item.at, title === untitled ? titleOf(words) : title, conversation);
      })
      .immediate();
    this.#announce(account);
  }

  #announce(account: Account): void {
    this.#publish('conversations.changed', this.list(account));
  }
}
