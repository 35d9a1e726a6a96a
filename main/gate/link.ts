import { request as httpRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../shared/errors.ts';
import { Circuit } from './circuit.ts';
import { Places, type Priority } from './limits.ts';
import type { CredentialHeaders, Upstream, Upstreams } from './upstream.ts';
import { codeOf, ConnectTimeout, isConnectionFailure, isTimeout, upstreamError } from './upstream-error.ts';

/** One request as it goes to the API server, without credentials. */
export interface Outgoing {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string | null;
  readonly priority: Priority;
  /** Gives the place back as soon as the answer begins: a watch or follow. */
  readonly endless: boolean;
  readonly signal: AbortSignal | undefined;
  /** How long the answer may take to begin; `answerMs.other` unless given. */
  readonly answerMs?: number;
}

/** How long TCP and TLS may take. */
const connectMs = 1800;
/** After this a connection that was open before is suspected to be dead. */
const suspectMs = 900;
const probeMs = 1400;
/** How long an answer may take to begin: less than clients wait, so that the reason reaches them. */
export const answerMs = { discovery: 8000, other: 60_000 } as const;
/** A log that is followed may be silent. The longest that a timer takes. */
const forEverMs = 2_147_483_647;

/**
 * The way to one cluster: its circuit, its places, its credentials. Never retries a write that may have arrived; a
 * cluster that does not answer fails in under 3 s and takes nothing from the others.
 */
export class Link {
  readonly cluster: string;
  readonly circuit: Circuit;
  /** Why dry runs of this cluster are no longer trusted; null while they are. */
  alarm: string | null = null;
  readonly #places = new Places();
  readonly #upstreams: Upstreams;
  #probe: Promise<boolean> | null = null;

  constructor(cluster: string, upstreams: Upstreams, steady: () => number) {
    this.cluster = cluster;
    this.#upstreams = upstreams;
    this.circuit = new Circuit(steady);
  }

  /** Throws AppError 'cluster.unknown' or 'cluster.untrusted'. */
  get upstream(): Upstream {
    return this.#upstreams.get(this.cluster);
  }

  /** Throws AppError 'cluster.*', or the signal's reason. Any HTTP status is an answer. */
  async request(outgoing: Outgoing): Promise<IncomingMessage> {
    const upstream = this.upstream;
    this.#failFast(upstream, this.circuit.peek());
    const free = await this.#places.take(outgoing.priority, outgoing.signal);
    try {
      this.#failFast(upstream, this.circuit.check());
      const answer = await this.#ask(upstream, outgoing);
      if (outgoing.endless) free();
      else answer.once('close', free);
      return answer;
    } catch (error) {
      free();
      throw error;
    }
  }

  /** A request whose answer is an upgrade; the caller listens on it. Counts for the circuit, holds no place. */
  async upgrade(outgoing: Outgoing): Promise<ClientRequest> {
    const upstream = this.upstream;
    this.#failFast(upstream, this.circuit.check());
    const request = await upstream
      .credentials(outgoing.signal)
      .then((credentials) => start(upstream, outgoing, credentials))
      .catch((error: unknown) => {
        this.circuit.abandoned();
        throw error;
      });
    limitConnect(request, upstream);
    for (const answered of ['upgrade', 'response'] as const) request.once(answered, () => this.circuit.succeeded());
    request.on('error', (error) => this.#count(upstreamError(error, upstream.config.context, upstream.base)));
    return request;
  }

  #failFast(upstream: Upstream, open: ReturnType<Circuit['check']>): void {
    if (open === null) return;
    throw new AppError({
      code: 'cluster.circuit-open',
      message: `Cluster ${upstream.config.context} failed just now and is not asked again yet. ${open.because}`,
      remedy: 'Wait a moment, or connect to the cluster again.',
      cluster: upstream.config.context,
      retryAfterMs: open.retryAfterMs,
    });
  }

  async #ask(upstream: Upstream, outgoing: Outgoing): Promise<IncomingMessage> {
    try {
      const answer = await this.#askTwice(upstream, outgoing);
      this.circuit.succeeded();
      return answer;
    } catch (error) {
      if (outgoing.signal?.aborted === true) {
        this.circuit.abandoned();
        throw outgoing.signal.reason;
      }
      const failure = upstreamError(error, upstream.config.context, upstream.base);
      this.#count(failure);
      throw failure;
    }
  }

  #count(failure: AppError): void {
    if (isConnectionFailure(failure)) this.circuit.failed(failure.message, isTimeout(failure));
    else this.circuit.abandoned();
  }

  async #askTwice(given: Upstream, outgoing: Outgoing): Promise<IncomingMessage> {
    const { upstream, credentials } = await this.#credentials(given, outgoing);
    const { agent } = upstream;
    const answer = await this.#askOnce(upstream, outgoing, credentials);
    if (answer.statusCode !== 401) return answer;
    upstream.renew();
    const renewed = await upstream.credentials(outgoing.signal);
    // A client certificate is a credential of the agent: another agent is another certificate.
    const isSame =
      String(renewed['authorization']) === String(credentials['authorization']) && upstream.agent === agent;
    if (isSame) return answer;
    answer.resume();
    return await this.#askOnce(upstream, outgoing, renewed);
  }

  /** Where the kubeconfig moved under a connection there is a new one: what only reads goes over that. */
  async #credentials(upstream: Upstream, { method, signal }: Outgoing) {
    try {
      return { upstream, credentials: await upstream.credentials(signal) };
    } catch (error) {
      const current = this.upstream;
      if (current === upstream || !['GET', 'HEAD'].includes(method)) throw error;
      return { upstream: current, credentials: await current.credentials(signal) };
    }
  }

  async #askOnce(upstream: Upstream, outgoing: Outgoing, credentials: CredentialHeaders): Promise<IncomingMessage> {
    for (;;) {
      const request = start(upstream, outgoing, credentials);
      try {
        return await this.#answerOf(request, upstream, outgoing);
      } catch (error) {
        const closedWhileIdle = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
        const harmless = outgoing.method === 'GET' || outgoing.method === 'HEAD';
        if (!closedWhileIdle || !harmless || outgoing.signal?.aborted === true) throw error;
      }
    }
  }

  async #answerOf(
    request: ClientRequest,
    upstream: Upstream,
    { signal, endless, answerMs: given }: Outgoing,
  ): Promise<IncomingMessage> {
    limitConnect(request, upstream);
    const patience = setTimeout(
      () => request.destroy(new ConnectTimeout('no answer began in time')),
      given ?? (endless ? forEverMs : answerMs.other),
    );
    const suspicion = setTimeout(() => {
      if (request.reusedSocket) this.#suspect(request, upstream);
    }, suspectMs);
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve);
        request.once('error', reject);
        const cut = () => request.destroy();
        signal?.addEventListener('abort', cut, { once: true });
        request.once('close', () => signal?.removeEventListener('abort', cut));
        if (signal?.aborted === true) cut();
      });
    } finally {
      clearTimeout(suspicion);
      clearTimeout(patience);
      // A broken answer is told by the answer's own stream.
      request.on('error', () => undefined);
    }
  }

  /** A reused connection is silent: if a new one cannot be made either, the cluster is gone. */
  #suspect(request: ClientRequest, upstream: Upstream): void {
    this.#probe ??= canConnect(upstream).finally(() => (this.#probe = null));
    this.#probe.then(
      (connects) => {
        if (!connects) request.destroy(new ConnectTimeout('no new connection could be made'));
      },
      () => undefined,
    );
  }
}

function start(upstream: Upstream, outgoing: Outgoing, credentials: CredentialHeaders): ClientRequest {
  const { base, agent } = upstream;
  const prefix = base.pathname.replace(/\/$/, '');
  const send = base.protocol === 'http:' ? httpRequest : httpsRequest;
  const length = outgoing.body === null ? {} : { 'content-length': Buffer.byteLength(outgoing.body) };
  const emptied = outgoing.body === null && !['GET', 'HEAD'].includes(outgoing.method) ? { 'content-length': 0 } : {};
  const request = send({
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port === '' ? undefined : base.port,
    method: outgoing.method,
    path: `${prefix}${outgoing.path}`,
    headers: { ...outgoing.headers, ...length, ...emptied, ...credentials },
    agent,
  });
  request.end(outgoing.body ?? undefined);
  return request;
}

function limitConnect(request: ClientRequest, { base }: Upstream, ms = connectMs): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new ConnectTimeout('connecting took too long')), ms);
    const done = () => {
      clearTimeout(timer);
    };
    socket.once(base.protocol === 'http:' ? 'connect' : 'secureConnect', done);
    request.once('close', done);
  });
}

async function canConnect(upstream: Upstream): Promise<boolean> {
  for (const socket of Object.values(upstream.agent.freeSockets).flatMap((free) => free ?? [])) socket.destroy();
  const signal = undefined;
  const probe = {
    method: 'GET',
    path: '/livez',
    headers: {},
    body: null,
    priority: 'polling',
    endless: false,
    signal,
  } as const;
  const request = start(upstream, probe, {});
  limitConnect(request, upstream, probeMs);
  return await new Promise<boolean>((resolve) => {
    request.once('response', (answer) => {
      answer.resume();
      resolve(true);
    });
    request.once('socket', (socket) =>
      socket.once('secureConnect', () => {
        resolve(true);
      }),
    );
    request.on('error', () => {
      resolve(false);
    });
  });
}
