/**
 * MCP servers of the person's own: an address of Streamable HTTP, or a command over stdio.
 *
 * No gate stands in front of them: what they do to a cluster or this machine nobody here sees or stops, so each is marked
 * unguarded wherever it appears, and nothing of this app's credentials or permits ever reaches one.
 * The table keeps addresses and names of headers. Values of headers live in memory until the app ends, for there is no
 * vault yet; after a restart such a server says that it has to be added again.
 * Arguments of a command are stored as they were typed, and shown: a secret does not belong there.
 * A command is run only after the account consented to exactly that program with exactly these arguments
 * (program-consent.ts); a file that changed is asked about again.
 * A server is contacted when somebody asks for it, never by itself at start.
 */
import { randomUUID } from 'node:crypto';
import { AppError, type Failure } from '../../shared/errors.ts';
import type { Account } from '../../shared/channel.ts';
import type { ExternalServer } from '../../shared/mcp.ts';
import type { Database } from '../storage/database.ts';
import type { CatalogueTool } from './catalogue.ts';
import { ExternalConnection, type ExternalTransport } from './external-connection.ts';
import type { ProgramConsents } from './program-consent.ts';
import type { ToolResult } from './results.ts';

type Stored = ExternalServer['transport'];
type Added = {
  readonly name: string;
  readonly transport:
    | { readonly kind: 'http'; readonly urls: readonly string[]; readonly headers: Readonly<Record<string, string>> }
    | { readonly kind: 'stdio'; readonly command: string; readonly arguments: readonly string[] };
};

interface Row {
  readonly id: string;
  readonly name: string;
  readonly transport: string;
}

export class ExternalServers {
  readonly #database: Database;
  readonly #consents: ProgramConsents;
  readonly #version: string;
  readonly #now: () => number;
  readonly #headers = new Map<string, Readonly<Record<string, string>>>();
  readonly #states = new Map<string, ExternalServer['state']>();
  readonly #connections = new Map<string, ExternalConnection>();

  constructor(database: Database, version: string, consents: ProgramConsents, now: () => number = Date.now) {
    this.#database = database;
    this.#consents = consents;
    this.#version = version;
    this.#now = now;
  }

  list(account: Account): ExternalServer[] {
    const sql = 'SELECT id, name, transport FROM external_server WHERE account = ? ORDER BY name, id';
    return this.#database
      .prepare<[string], Row>(sql)
      .all(account.id)
      .map((row) => this.#shown(row));
  }

  /** Throws AppError 'request.invalid-input' for an address that would carry credentials in clear. */
  add(account: Account, { name, transport }: Added): ExternalServer {
    if (transport.kind === 'http') transport.urls.forEach((url) => checkAddress(url, transport.headers));
    const id = randomUUID();
    const stored: Stored =
      transport.kind === 'http'
        ? { kind: 'http', urls: [...transport.urls], headerNames: Object.keys(transport.headers) }
        : { kind: 'stdio', command: transport.command, arguments: [...transport.arguments] };
    if (transport.kind === 'http') this.#headers.set(id, transport.headers);
    const sql = 'INSERT INTO external_server (id, account, name, transport) VALUES (?, ?, ?, ?)';
    this.#database.prepare(sql).run(id, account.id, name, JSON.stringify(stored));
    return this.#shown({ id, name, transport: JSON.stringify(stored) });
  }

  async remove(account: Account, id: string): Promise<void> {
    this.#row(account, id);
    this.#database.prepare('DELETE FROM external_server WHERE account = ? AND id = ?').run(account.id, id);
    this.#headers.delete(id);
    this.#states.delete(id);
    await this.#drop(id);
  }

  /**
   * Connects anew, whatever was before; a failure is the state of what is returned, with its hop in the code, and so is the
   * question whether its program may run. `allow`: the id of that question, as the person saw it.
   */
  async connect(account: Account, id: string, allow?: string): Promise<ExternalServer> {
    const row = this.#row(account, id);
    await this.#drop(id);
    try {
      const asked = await this.#consents.admit(account, row, this.#transport(row), allow);
      if (asked.kind === 'untrusted') {
        this.#states.set(id, asked);
        return this.#shown(row);
      }
      const connection = await ExternalConnection.open(row.name, asked.transport, this.#version);
      this.#connections.set(id, connection);
      const { tools, serverName, serverVersion } = connection;
      this.#states.set(id, {
        kind: 'connected',
        tools: tools.length,
        name: serverName,
        version: serverVersion,
        at: this.#now(),
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#states.set(id, { kind: 'failed', failure: error.failure, at: this.#now() });
    }
    return this.#shown(row);
  }

  /** What a connected server offers. Throws AppError 'mcp.server-not-running' where it is not connected. */
  tools(account: Account, id: string): readonly CatalogueTool[] {
    return this.#connected(account, id).tools;
  }

  /**
   * Calls a tool, unguarded: whoever calls has asked the person. `fingerprint` is that of the definition the person saw.
   * Throws AppError 'mcp.*'.
   */
  call(
    account: Account,
    id: string,
    tool: { readonly name: string; readonly fingerprint: string },
    args: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<ToolResult> {
    return this.#connected(account, id).call(tool, args, signal);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.keys()].map((id) => this.#drop(id)));
  }

  #connected(account: Account, id: string): ExternalConnection {
    const row = this.#row(account, id);
    const connection = this.#connections.get(id);
    if (connection?.isOpen === true) return connection;
    throw new AppError({
      code: 'mcp.server-not-running',
      message: `${row.name} is not connected.`,
      remedy: 'Connect to it first.',
    });
  }

  #row(account: Account, id: string): Row {
    const sql = 'SELECT id, name, transport FROM external_server WHERE account = ? AND id = ?';
    const row = this.#database.prepare<[string, string], Row>(sql).get(account.id, id);
    if (row !== undefined) return row;
    throw new AppError({
      code: 'request.invalid-input',
      message: 'There is no such MCP server.',
      remedy: 'Look at the list again; it may have been removed in another window.',
    });
  }

  #transport(row: Row): ExternalTransport {
    const stored = JSON.parse(row.transport) as Stored;
    if (stored.kind === 'stdio') return stored;
    const headers = this.#headers.get(row.id) ?? {};
    const missing = stored.headerNames.filter((name) => !Object.hasOwn(headers, name));
    if (missing.length === 0) return { ...stored, headers };
    throw new AppError({
      code: 'mcp.http-error',
      message: `The values of the headers of ${row.name} (${missing.join(', ')}) ended with the last run of the app.`,
      remedy: 'Remove the server and add it again with its headers.',
    });
  }

  #shown(row: Row): ExternalServer {
    const seen = this.#states.get(row.id) ?? { kind: 'untried' };
    const lost = seen.kind === 'connected' && this.#connections.get(row.id)?.isOpen !== true;
    return {
      id: row.id,
      name: row.name,
      transport: JSON.parse(row.transport) as Stored,
      unguarded: true,
      state: lost ? { kind: 'failed', failure: lostFailure(row.name), at: this.#now() } : seen,
    };
  }

  async #drop(id: string): Promise<void> {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    await connection?.close();
  }
}

function lostFailure(name: string): Failure {
  return { code: 'mcp.server-not-running', message: `${name} ended.`, remedy: 'Connect to it again.' };
}

function checkAddress(text: string, headers: Readonly<Record<string, string>>): void {
  const url = new URL(text);
  const refuse = (message: string, remedy: string) => {
    throw new AppError({ code: 'request.invalid-input', message, remedy });
  };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    refuse(`An MCP server has an http or https address, not ${url.protocol}`, 'Correct the address.');
  }
  if (url.username !== '' || url.password !== '') {
    refuse('A name or password in an address would be stored and shown.', 'Give it as an Authorization header.');
  }
  const secret = [...url.searchParams.keys()].find((name) => /token|key|secret|passw|auth|sig/i.test(name));
  if (secret !== undefined) {
    refuse(
      `The value of ${secret} in an address would be stored and shown.`,
      'Give it as a header, if the server allows.',
    );
  }
  const isLoopback = /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && Object.keys(headers).length > 0) {
    refuse(`Headers would travel to ${url.host} in clear.`, 'Use an https address, or leave the headers out.');
  }
}
