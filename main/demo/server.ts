/**
 * The demo cluster's API server: HTTPS on 127.0.0.1, one handler per kind of request. From the outside it is a
 * Kubernetes API server of the recorded version; facts/kubernetes-api.md says how one answers, and where the two differ
 * this one is wrong.
 *
 * Promises: every request passes the same order (path, identity, impersonation, authorization, handler), and whatever is
 * thrown becomes a Status. A dry run commits nothing.
 * Must never: listen beyond this machine; import the product it is a test of.
 * Decided against: HTTP/2. Every client we have speaks HTTP/1.1 as well, upgrades need it, and it halves the code.
 */
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { Answer } from './answer.ts';
import { authenticate, impersonated } from './auth.ts';
import type { User } from './auth.ts';
import type { Call, Cluster } from './context.ts';
import { ApiError, badRequest, noSuchResource } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { handleResource, verbOf } from './handle.ts';
import { Query } from './query.ts';
import { denial } from './rbac.ts';
import type { PathAttributes, ResourceAttributes } from './rbac.ts';
import { parsePath } from './route.ts';
import type { ResourcePath } from './route.ts';
import { describeServer, refuseWrite } from './self-description.ts';
import type { CertificateAuthority } from './tls.ts';
import { upgradeExec } from './exec.ts';

const bodyLimitBytes = 3_145_728;
const knownMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Fields of a review, of a request: who asks for what. */
interface Asked {
  user: User;
  path: ReturnType<typeof parsePath>;
  query: Query;
}

export class ApiServer {
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #authority: CertificateAuthority;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(cluster: Cluster, authority: CertificateAuthority, faults: Faults) {
    this.#cluster = cluster;
    this.#authority = authority;
    this.#faults = faults;
  }

  /** Listens on 127.0.0.1; resolves with the port (0 asks for a free one). */
  async listen(port: number): Promise<number> {
    const { certificate, key } = this.#authority.server();
    const ca = this.#authority.certificate;
    const server = createServer({
      key,
      cert: certificate,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    server.keepAliveTimeout = 120_000;
    server.requestTimeout = 0;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    this.#server = server;
    this.#faults.onCertificate = (validMs) => {
      this.#renewCertificate(server, validMs);
    };
    this.#faults.onDropConnections = () => {
      this.#dropConnections();
    };
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    this.#dropConnections();
    await closed;
  }

  #renewCertificate(server: Server, validMs: number | undefined): void {
    const { certificate, key } = this.#authority.server(validMs);
    server.setSecureContext({ key, cert: certificate, ca: this.#authority.certificate });
    this.#dropConnections();
  }

  #dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = new Answer(response, request.headers['accept-encoding']);
    try {
      if (await this.#faults.intercept(request, answer)) return;
      await this.#answer(request, answer);
    } catch (error) {
      answer.failure(error);
    }
  }

  async #answer(request: IncomingMessage, answer: Answer): Promise<void> {
    const method = request.method ?? '';
    const { user, path, query } = this.#identify(request);
    if (!path) {
      answer.text(404, '404 page not found\n');
      return;
    }
    if (path.kind === 'plain') {
      if (path.path === '/demo/faults') {
        await this.#answerFaults(method, request, answer);
        return;
      }
      if (method !== 'GET' && method !== 'HEAD') throw refuseWrite(path.path);
      const url = new URL(request.url ?? '/', 'https://localhost');
      const { accept } = request.headers;
      describeServer(
        this.#cluster,
        { path: path.path, query: url.searchParams, accept, ifNoneMatch: request.headers['if-none-match'] },
        answer,
      );
      return;
    }
    if (!knownMethods.has(method)) {
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      );
    }
    const definition = this.#cluster.catalogue.find(path.group, path.version, path.plural);
    if (!definition) {
      if (this.#cluster.catalogue.hasVersion(path.group, path.version)) throw noSuchResource();
      answer.text(404, '404 page not found\n');
      return;
    }
    const abort = new AbortController();
    answer.response.on('close', () => {
      abort.abort();
    });
    const body = await readBody(request);
    const { headers } = request;
    const call: Call = { method, path, query, headers, user, body, definition, answer, signal: abort.signal };
    await handleResource(this.#cluster, call);
  }

  /** Shows, replaces or ends the faults in force. */
  async #answerFaults(method: string, request: IncomingMessage, answer: Answer): Promise<void> {
    if (method === 'PUT') this.#faults.set(JSON.parse((await readBody(request)).toString('utf8')) as Fault[]);
    else if (method === 'DELETE') this.#faults.set([]);
    else if (method !== 'GET') throw refuseWrite('/api');
    answer.object(200, this.#faults.inForce);
  }

  /** @throws ApiError 400, 401, 403. */
  #identify(request: IncomingMessage): Asked {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const query = new Query(mark < 0 ? '' : url.slice(mark + 1));
    const path = parsePath(decodePath(mark < 0 ? url : url.slice(0, mark)));
    const socket = request.socket as TLSSocket;
    const subject = socket.authorized ? socket.getPeerCertificate().subject : undefined;
    const now = this.#cluster.store.now();
    const caller = authenticate(request.headers, subject, this.#cluster.tokens, now);
    const user = this.#impersonate(request, caller);
    if (path) this.#authorize(user, attributesOf(request.method ?? '', path, query));
    return { user, path, query };
  }

  #impersonate(request: IncomingMessage, caller: User): User {
    const wanted = impersonated(request.headers);
    if (!wanted) return caller;
    const asked = (resource: string, name: string): ResourceAttributes => {
      return { verb: 'impersonate', group: '', resource, subresource: '', namespace: '', name };
    };
    this.#authorize(caller, asked('users', wanted.name));
    for (const group of wanted.groups) {
      if (group !== 'system:authenticated') this.#authorize(caller, asked('groups', group));
    }
    return wanted;
  }

  #authorize(user: User, asked: ResourceAttributes | PathAttributes): void {
    if (!this.#cluster.authorizer.allows(user, asked)) throw denial(user, asked);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      const { path, query } = this.#identify(request);
      if (path?.kind !== 'resource') throw noSuchResource();
      upgradeExec(this.#cluster, { request, path, query }, socket, head);
    } catch (error) {
      const { status } = error instanceof ApiError ? error : badRequest(String(error));
      const body = JSON.stringify(status);
      socket.end(
        `HTTP/1.1 ${String(status.code ?? 500)} ${status.reason ?? 'Error'}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badRequest('invalid URL escape');
  }
}

function attributesOf(
  method: string,
  path: NonNullable<ReturnType<typeof parsePath>>,
  query: Query,
): ResourceAttributes | PathAttributes {
  if (path.kind === 'plain') return { verb: method.toLowerCase(), path: path.path };
  const { group, plural, subresource, name } = path;
  return {
    verb: verbOf(method, path, query),
    group,
    resource: plural,
    subresource,
    namespace: namespaceOf(path),
    name,
  };
}

/** A namespace itself is authorized within itself, as the real server does. */
function namespaceOf(path: ResourcePath): string {
  return path.group === '' && path.plural === 'namespaces' ? path.name : path.namespace;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimitBytes) {
      const message = `Request entity too large: limit is ${String(bodyLimitBytes)}`;
      throw new ApiError(413, 'RequestEntityTooLarge', message, {});
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
