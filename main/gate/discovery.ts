import type { IncomingMessage } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { errorAnswer, headersFor, readWhole } from './answer.ts';
import { userAgentOf } from './headers.ts';
import { answerMs } from './link.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import { valueOf, writeQuery } from './query.ts';

interface Kept {
  readonly body: Buffer;
  readonly headers: Answer['headers'];
  readonly etag: string | null;
  at: number;
  refreshing: boolean;
}

/** Served without asking. */
const freshMs = 10_000;
/** Served while asking behind it; older ones wait for the answer. */
const usableMs = 60_000;
/** A kind appears a moment after its definition was written. */
const unsettledMs = 5000;
const mostBytes = 24_000_000;
const cacheable = /^\/(api|apis|api\/v1|apis\/[^/]+(\/[^/]+)?|openapi\/v3(\/.+)?)$/;

/**
 * What one cluster says of its kinds, kept so that kubernetes-mcp-server, which asks at every call, gets it at once.
 * Asked again by age, with ETag; at once after a definition was written or a kind was not found.
 */
export class Discovery {
  readonly #steady: () => number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #unsettledUntil = 0;

  constructor(steady: () => number) {
    this.#steady = steady;
  }

  isFor({ request }: Exchange): boolean {
    return request.method === 'GET' && request.action === 'discovery' && cacheable.test(request.path);
  }

  /** Kinds changed, or something says that what is kept is out of date. */
  unsettle(): void {
    this.#unsettledUntil = this.#steady() + unsettledMs;
  }

  /** Throws AppError 'cluster.*'. */
  async answer(exchange: Exchange): Promise<Answer> {
    const key = keyOf(exchange);
    const kept = this.#kept.get(key);
    const age = kept === undefined ? Infinity : this.#steady() - kept.at;
    const settled = this.#steady() > this.#unsettledUntil;
    if (kept === undefined || age > usableMs || !settled) return await this.#ask(exchange, key, kept);
    if (age > freshMs && !kept.refreshing) this.#refreshBehind(exchange, key, kept);
    return serve(exchange, kept);
  }

  async #ask(exchange: Exchange, key: string, kept: Kept | undefined): Promise<Answer> {
    const message = await this.#request(exchange, kept);
    const answer = await this.#keep(exchange, key, kept, message);
    return answer === null ? await errorAnswer(exchange, message) : serve(exchange, answer);
  }

  #refreshBehind(exchange: Exchange, key: string, kept: Kept): void {
    kept.refreshing = true;
    this.#request({ ...exchange, signal: new AbortController().signal }, kept)
      .then(async (message) => {
        if ((await this.#keep(exchange, key, kept, message)) === null) message.resume();
      })
      .catch((error: unknown) => {
        // The request itself was answered; what is wrong shows at the next one that waits.
        if (!(error instanceof AppError)) this.#kept.delete(key);
      })
      .finally(() => {
        kept.refreshing = false;
      });
  }

  async #request(exchange: Exchange, kept: Kept | undefined): Promise<IncomingMessage> {
    const { request, incoming, link, permit, signal } = exchange;
    const query = writeQuery(request.query);
    const match = kept?.etag ?? null;
    return await link.request({
      method: 'GET',
      path: query === '' ? request.path : `${request.path}?${query}`,
      headers: {
        accept: acceptOf(exchange),
        ...(match === null ? {} : { 'if-none-match': match }),
        'user-agent': userAgentOf(incoming.headers),
      },
      body: null,
      priority: priorityOf(permit),
      endless: false,
      signal,
      answerMs: answerMs.discovery,
    });
  }

  /** Null: an error, whose body was not read. */
  async #keep(exchange: Exchange, key: string, kept: Kept | undefined, message: IncomingMessage): Promise<Kept | null> {
    exchange.record.status = message.statusCode ?? 502;
    if (message.statusCode === 304 && kept !== undefined) {
      message.resume();
      kept.at = this.#steady();
      return kept;
    }
    if (message.statusCode !== 200) return null;
    const body = await readWhole(message);
    const headers = headersFor(exchange, message, true);
    const fresh: Kept = { body, headers, etag: message.headers.etag ?? null, at: this.#steady(), refreshing: false };
    this.#bytes += body.length - (kept?.body.length ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, fresh);
    for (const [oldest, one] of this.#kept) {
      if (this.#bytes <= mostBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= one.body.length;
    }
    return fresh;
  }
}

function serve({ record, incoming }: Exchange, { body, headers, etag }: Kept): Answer {
  const tagged = etag === null ? headers : { ...headers, etag };
  if (etag !== null && incoming.headers['if-none-match'] === etag) {
    record.status = 304;
    return { status: 304, headers: tagged, body: Buffer.alloc(0) };
  }
  record.status = 200;
  record.bytes = body.length;
  return { status: 200, headers: tagged, body };
}

function keyOf(exchange: Exchange): string {
  return `${exchange.request.path}\n${valueOf(exchange.request.query, 'hash') ?? ''}\n${acceptOf(exchange)}`;
}

function acceptOf({ incoming }: Exchange): string {
  return incoming.headers.accept ?? 'application/json';
}
