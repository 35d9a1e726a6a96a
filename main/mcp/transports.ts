/**
 * How MCP messages travel over HTTP, ours and other people's servers alike.
 *
 * On node:http and not on the global fetch, whose 300 seconds between bytes end long calls and idle streams. Redirects
 * are not followed: a header with a permit or a bearer goes to the address it was meant for and nowhere else.
 * A permit travels with one request: the first that a call sends. What the SDK sends later on behalf of the same call
 * (its cancellation) carries none.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { eventData } from './event-stream.ts';
import { parseExact } from './results.ts';

const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgent = new HttpsAgent({ keepAlive: true });

const permitOfCall = new AsyncLocalStorage<{ token: string | null }>();

/** Runs `send` so that the first request that `bundledFetch` makes in it carries the permit. */
export function withPermit<T>(token: string, send: () => Promise<T>): Promise<T> {
  return permitOfCall.run({ token }, send);
}

/** For servers of the person's own. Without any limit of time: that is the caller's signal. */
export const externalFetch: FetchLike = async (url, init) => {
  const response = await exchange(new URL(url), init ?? {}, {});
  return new Response(mayHaveBody(response) ? (Readable.toWeb(response) as ReadableStream<Uint8Array>) : null, {
    status: response.statusCode ?? 500,
    headers: headersOf(response),
  });
};

/**
 * For the bundled server. The answer to a POST is read whole and handed on as JSON, for two reasons: integers stay exact,
 * which the SDK's own JSON.parse would round, and a connection that breaks in the middle rejects the call at once, where
 * the SDK would wait for its timeout. In time it makes no difference (5,000 pods: 0.1 s of the app's CPU either way).
 * Nothing is lost: this server sends one event per POST, and asks nothing back, for we offer it no elicitation.
 */
export const bundledFetch: FetchLike = async (url, init) => {
  const permit = init?.method === 'POST' ? permitOfCall.getStore() : undefined;
  const authorization = permit?.token == null ? {} : { authorization: `Bearer ${permit.token}` };
  if (permit !== undefined) permit.token = null;
  const response = await exchange(new URL(url), init ?? {}, authorization);
  const headers = headersOf(response);
  const status = response.statusCode ?? 500;
  if (init?.method === 'POST' && status === 200 && headers.get('content-type')?.startsWith('text/event-stream')) {
    headers.set('content-type', 'application/json');
    return new ReadResponse(await buffer(response), { status, headers });
  }
  const body = mayHaveBody(response) ? (Readable.toWeb(response) as ReadableStream<Uint8Array>) : null;
  return new Response(body, { status, headers });
};

/** An answer that was read already; its JSON keeps integers exact. */
class ReadResponse extends Response {
  override readonly json: () => Promise<unknown>;

  constructor(events: Buffer, init: ResponseInit) {
    super(null, init);
    this.json = () => {
      const messages = eventData(events).map(parseExact);
      return Promise.resolve(messages.length === 1 ? messages[0] : messages);
    };
  }
}

function exchange(url: URL, init: RequestInit, added: Record<string, string>): Promise<IncomingMessage> {
  const headers = { ...Object.fromEntries(new Headers(init.headers)), ...added };
  const secure = url.protocol === 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (secure ? httpsRequest : httpRequest)(url, {
    method: init.method ?? 'GET',
    headers,
    agent: secure ? httpsAgent : httpAgent,
    ...(init.signal == null ? {} : { signal: init.signal }),
  });
  request.once('response', resolve).once('error', reject);
  request.end(init.body ?? undefined);
  return promise;
}

function headersOf(response: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function mayHaveBody(response: IncomingMessage): boolean {
  if (![101, 204, 205, 304].includes(response.statusCode ?? 500)) return true;
  response.resume();
  return false;
}
