import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../shared/errors.ts';
import type { Answer, Incoming } from './exchange.ts';
import { badRequest, Refusal } from './refusal.ts';
import { statusBody, statusOf } from './status.ts';
import { endSocket } from './upgrade.ts';

/** Largest body that is read; the API server's own limit is a little below. */
export const bodyLimit = 3_200_000;

export interface Served {
  serve(incoming: Incoming): Promise<Answer>;
  /** Passes an upgrade through; answers nothing itself and throws what refused it. */
  upgrade(incoming: Incoming, socket: Duplex, head: Buffer): Promise<void>;
}

/** The gate's port, on this machine only. */
export class Listener {
  readonly #server: Server;
  /** Of upgrades: node's server knows nothing of them any more. */
  readonly #upgraded: ReadonlySet<Duplex>;
  readonly port: number;

  private constructor(server: Server, upgraded: ReadonlySet<Duplex>) {
    this.#server = server;
    this.#upgraded = upgraded;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(served: Served): Promise<Listener> {
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      serveOne(served, request, response).catch(() => response.destroy());
    };
    const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 60_000, noDelay: true }, answer);
    server.on('checkContinue', answer);
    const upgraded = new Set<Duplex>();
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      upgradeOne(served, request, socket, head).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new Listener(server, upgraded);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }
}

async function serveOne(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const incoming = readIncoming(request, gone.signal, () => {
      if (request.headers.expect !== undefined) response.writeContinue();
    });
    const answer = await served.serve(incoming);
    if (response.destroyed) {
      if (!Buffer.isBuffer(answer.body)) answer.body.destroy();
      return;
    }
    if (Buffer.isBuffer(answer.body)) {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
      response.end(request.method === 'HEAD' ? undefined : answer.body);
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.flushHeaders();
    await pipeline(answer.body, response);
  } catch (error) {
    if (response.headersSent || gone.signal.aborted) response.destroy();
    else sendFailure(response, error);
  }
}

function sendFailure(response: ServerResponse, error: unknown): void {
  const { code, reason, message, retryAfterMs } = describe(error);
  const body = statusBody(code, reason, message);
  response.writeHead(code, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(code === 413 ? { connection: 'close' } : {}),
    ...(retryAfterMs === undefined ? {} : { 'x-ai4k8s-retry-after-ms': String(retryAfterMs) }),
  });
  response.end(body);
}

async function upgradeOne(served: Served, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => {
    gone.abort();
  });
  socket.on('error', () => undefined);
  try {
    await served.upgrade(
      readIncoming(request, gone.signal, () => undefined),
      socket,
      head,
    );
  } catch (error) {
    const { code, reason, message } = describe(error);
    const body = statusBody(code, reason, message);
    const lines = [
      `HTTP/1.1 ${String(code)} ${reason}`,
      'Content-Type: application/json',
      `Content-Length: ${String(body.length)}`,
      'Connection: close',
    ];
    endSocket(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
  }
}

function describe(error: unknown): {
  code: number;
  reason: string;
  message: string;
  retryAfterMs?: number | undefined;
} {
  if (!(error instanceof AppError)) {
    return { code: 500, reason: 'InternalError', message: 'The gate failed on this request.' };
  }
  return { ...statusOf(error), message: error.failure.message, retryAfterMs: error.failure.retryAfterMs };
}

/** `/c/<cluster>/…` with the bearer. Throws Refusal for a request that is not to the gate. */
function readIncoming(request: IncomingMessage, signal: AbortSignal, goOn: () => void): Incoming {
  const url = request.url ?? '';
  const cut = url.indexOf('?');
  const whole = cut < 0 ? url : url.slice(0, cut);
  const match = /^\/c\/([A-Za-z0-9._~%-]+)(\/.*)?$/.exec(whole);
  if (match === null) throw badRequest('The path does not name a cluster of the gate.');
  const [, cluster = '', path = '/'] = match;
  const { authorization } = request.headers;
  const bearer = /^Bearer ([A-Za-z0-9_-]+)$/.exec(authorization ?? '');
  return {
    cluster: safeDecode(cluster),
    token: bearer?.[1] ?? null,
    method: request.method ?? '',
    path,
    query: cut < 0 ? '' : url.slice(cut + 1),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: async () => {
      goOn();
      return await readBody(request);
    },
    signal,
    prefix: `/c/${cluster}`,
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('The path does not name a cluster of the gate.');
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

export function tooLarge(): Refusal {
  return new Refusal({
    status: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${String(bodyLimit)} bytes.`,
    remedy: 'Split the object: the API server does not take more than 3 MiB either.',
  });
}
