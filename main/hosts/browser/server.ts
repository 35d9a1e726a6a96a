/**
 * The browser host's server: the window's files, its requests and its events, on a loopback port.
 *
 * Threats, in the order the code meets them:
 * - other machines: it listens on the address 127.0.0.1 only;
 * - a web page whose name was rebound to 127.0.0.1: `Host` must be ours before anything else is looked at (421);
 * - a web page anywhere, a page on another port of this machine included: Origin on every POST, Sec-Fetch-Site, JSON
 *   only, no CORS answer ever, no cookie that could come along by itself (403, 405, 415);
 * - another user or program of this machine: connects, but has no token (401); its guesses are limited (429), its bodies
 *   bounded (413), its idle sockets dropped;
 * - script in our own page: a policy that admits our files only, on every answer;
 * - whoever reads the log: method, route, status and time, never a query, a header or a body.
 * It carries and does not decide: what may be asked, and by whom, is the door's business. A link from elsewhere may open
 * the page, which holds no secret; what a token of this tab allows, script with access to this tab can do.
 * Decided against: cookies (they reach every other port of the loopback name) and WebSockets (their upgrade is another
 * way in to guard; one fetch stream carries the events).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from '../../../shared/channel.ts';
import type { Dispatch } from '../../dispatch.ts';
import type { Log } from '../../log.ts';
import { answer, refuse, refuseRaw } from './answer.ts';
import { readBody } from './body.ts';
import { limitConnections, type Connections } from './connections.ts';
import type { EventStreams } from './event-streams.ts';
import { contentRefusalOf, refusalOf } from './guard.ts';
import { securityHeaders } from '../security-headers.ts';
import { Rate } from './rate.ts';
import { bearerOf, exchange, fieldOf, pathOf, routeOf, sendFile } from './routes.ts';
import type { StaticFile } from '../static-files.ts';
import type { Tickets } from './ticket.ts';

export interface ServerParts {
  readonly dispatch: Dispatch;
  readonly account: Account;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly tickets: Tickets;
  readonly streams: EventStreams;
  readonly log: Log;
}

/** A missing Host is ours to answer; slow heads are looked for every second. */
const serverOptions = { maxHeaderSize: 16_384, connectionsCheckingInterval: 1000, requireHostHeader: false };

interface Limits {
  /** Of the window itself. */
  readonly requests: Rate;
  /** Of whoever has no good token; the window's requests do not count. */
  readonly wrongTokens: Rate;
}

const now = () => performance.now();

/** Listens when it resolves. Port 0 takes a free one. Rejects with node's error where the port is taken. */
export async function listen(parts: ServerParts, port: number): Promise<{ server: Server; port: number }> {
  const limits: Limits = { requests: new Rate(50, 100, now), wrongTokens: new Rate(1, 50, now) };
  const server = createServer(serverOptions, (request, response) => {
    const began = performance.now();
    response.on('close', () => {
      const route = routeOf(pathOf(request), parts.files) ?? 'none';
      const ms = Math.round(performance.now() - began);
      parts.log.info('served', { method: request.method, route, status: response.statusCode, ms });
    });
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    serve(parts, limits, connections, request, response).catch((error: unknown) => {
      parts.log.error('a request broke off', error);
      response.destroy();
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.on('upgrade', (_, socket) => refuseRaw(socket, '403 Forbidden'));
  server.on('clientError', (_, socket) => refuseRaw(socket, '400 Bad Request'));
  const connections = limitConnections(server);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  await promise;
  return { server, port: (server.address() as AddressInfo).port };
}

async function serve(
  parts: ServerParts,
  limits: Limits,
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = refusalOf(request, request.socket.localPort ?? 0);
  if (refusal !== null) return refuse(response, refusal);
  const path = pathOf(request);
  const route = routeOf(path, parts.files);
  if (route === null) return refuse(response, 404);
  if ((request.method === 'POST') !== (route === 'request' || route === 'session')) return refuse(response, 405);
  if (route === 'file') return sendFile(request, response, parts.files.get(path));
  const content = route === 'events' ? null : contentRefusalOf(request);
  if (content !== null) return refuse(response, content);
  const session = route === 'session' ? null : parts.tickets.sessionOf(bearerOf(request));
  if (route !== 'session' && session === null) return refuse(response, limits.wrongTokens.take() ? 401 : 429);
  if (session !== null) connections.trust(request.socket);
  if (session !== null && !limits.requests.take()) return refuse(response, 429);
  if (session !== null && route === 'events') return parts.streams.open(session.client, response);
  const body = await readBody(request);
  if (body.kind !== 'json') return refuse(response, body.kind === 'too-large' ? 413 : 400);
  if (session === null) {
    if (exchange(parts.tickets, body.value, response)) connections.trust(request.socket);
    return;
  }
  const caller = { client: session.client, account: parts.account };
  answer(response, 200, await parts.dispatch(path.slice('/request/'.length), fieldOf(body.value, 'input'), caller));
}
