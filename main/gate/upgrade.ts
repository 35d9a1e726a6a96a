import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { failureIn, readWhole } from './answer.ts';
import { priorityOf, type Exchange } from './exchange.ts';
import { userAgentOf } from './headers.ts';
import { readQuery, writeQuery } from './query.ts';
import { forbidden } from './refusal.ts';
import { checkIdentity } from './run.ts';
import { upstreamError } from './upstream-error.ts';

const forwarded = [
  'upgrade',
  'connection',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'x-stream-protocol-version',
];

/**
 * Lets one approved stream through, WebSocket or SPDY: exactly that path and query, once. A client that falls back to
 * SPDY after the API server refused its WebSocket has not used it up. Resolves when the stream is over. Throws Refusal.
 */
export async function passUpgrade(exchange: Exchange, client: Duplex, head: Buffer): Promise<void> {
  const { permit, request, link } = exchange;
  const { spec } = permit;
  const name = `${request.method} ${request.path}`;
  if (request.action !== 'stream') throw forbidden(`${name} is no stream that can be upgraded.`);
  if (spec.kind !== 'exec') throw forbidden(`The stream ${request.path} is not allowed under a ${spec.kind} permit.`);
  if (request.method !== 'GET' && request.method !== 'POST') throw forbidden(`${name} opens no stream.`);
  const query = writeQuery(request.query);
  if (request.path !== spec.path || query !== writeQuery(readQuery(spec.query))) {
    throw forbidden(`The stream ${request.path} is not the approved one.`);
  }
  checkIdentity(permit, link);
  if (permit.streamed) throw forbidden('The approved stream was already opened; it is good for once.');
  permit.streamed = true;
  try {
    await pass(exchange, client, head, query);
  } finally {
    if (exchange.record.status !== 101) permit.streamed = false;
  }
}

async function pass(exchange: Exchange, client: Duplex, head: Buffer, query: string): Promise<void> {
  const { permit, request, incoming, link, record, signal } = exchange;
  const upgrade = await link.upgrade({
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    headers: { 'user-agent': userAgentOf(incoming.headers), ...streamHeaders(incoming.rawHeaders) },
    body: null,
    priority: priorityOf(permit),
    endless: true,
    signal,
  });
  await new Promise<void>((resolve, reject) => {
    const cut = () => {
      upgrade.destroy();
      client.destroy();
    };
    signal.addEventListener('abort', cut, { once: true });
    upgrade.once('error', (error) => {
      if (signal.aborted) resolve();
      else reject(upstreamError(error, link.upstream.config.context, link.upstream.base));
    });
    upgrade.once('response', (message) => {
      record.status = message.statusCode ?? 502;
      answerRefused(exchange, message, client).then(resolve, reject);
    });
    upgrade.once('upgrade', (message, server, early) => {
      record.status = 101;
      client.write(headOf(message));
      if (early.length > 0) client.write(early);
      if (head.length > 0) server.write(head);
      join(client, server, record, resolve);
      signal.addEventListener('abort', () => server.destroy(), { once: true });
    });
  });
}

/** A header that came several times (`X-Stream-Protocol-Version`) goes on as often. */
function streamHeaders(raw: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (forwarded.includes(name)) (found[name] ??= []).push(raw[at + 1] ?? '');
  }
  return found;
}

function headOf(message: IncomingMessage): string {
  const lines = [`HTTP/1.1 101 ${message.statusMessage ?? 'Switching Protocols'}`];
  for (const name of forwarded) {
    for (const value of message.headersDistinct[name] ?? []) lines.push(`${name}: ${value}`);
  }
  const accept = message.headers['sec-websocket-accept'];
  if (accept !== undefined) lines.push(`sec-websocket-accept: ${accept}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Pipes both ways until one side ends, then ends the other. */
function join(client: Duplex, server: Duplex, record: Exchange['record'], over: () => void): void {
  server.on('data', (chunk: Buffer) => (record.bytes += chunk.length));
  client.pipe(server);
  server.pipe(client);
  const end = () => {
    client.destroy();
    server.destroy();
    over();
  };
  for (const side of [client, server]) {
    side.once('error', end);
    side.once('close', end);
  }
}

async function answerRefused({ record }: Exchange, message: IncomingMessage, socket: Duplex): Promise<void> {
  const body = await readWhole(message, 1_000_000);
  record.failure = failureIn(body);
  record.bytes = body.length;
  const lines = [
    `HTTP/1.1 ${String(message.statusCode ?? 502)} ${message.statusMessage ?? ''}`,
    `Content-Type: ${message.headers['content-type'] ?? 'application/json'}`,
    `Content-Length: ${String(body.length)}`,
    'Connection: close',
  ];
  endSocket(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}

/** Says this and closes, whether or not the client closes its half too. */
export function endSocket(socket: Duplex, last: Buffer): void {
  socket.end(last, () => socket.destroy());
}
