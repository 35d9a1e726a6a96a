/**
 * The gate: the only holder of cluster credentials and the only way to a cluster.
 *
 * Promises: a request without a good permit of exactly this cluster reaches nothing. What a request does is judged by
 * its decoded path and subresource, not by its method. A read permit never changes anything; a preview changes nothing
 * and records what would change; a change permit sends exactly the approved writes, each once, in their order. What is
 * forwarded is written anew: canonical path, known query keys, listed headers, the gate's own credentials.
 *
 * Must never: guess a dry run, forward a header that acts for somebody else, keep an answer in memory that only passes
 * by, let one dead cluster slow another, or take a tool's arguments for what its requests do.
 *
 * Decided against: HTTP/2 to the API server (upgrades need 1.1, and so do node's agents, which carry certificates and
 * proxies); forcing protobuf clients to JSON by 415 (client-go gives up); adding to a query (the server reads duplicates
 * and ';' its own way); parsing Tables to trim them (four times the time of cutting in the bytes).
 */
import { performance } from 'node:perf_hooks';
import { Readable, type Duplex } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { classify, type ApiRequest } from './classify.ts';
import type { Answer, Exchange, Incoming } from './exchange.ts';
import { Discovery } from './discovery.ts';
import { Link } from './link.ts';
import { Listener } from './listener.ts';
import { openRecord, Permits, type Clocks, type OpenRecord, type Permit } from './permit.ts';
import type { Grant, PermitSpec, RequestRecord } from './permits.ts';
import { newMaskKey, type MaskKey } from './mask-secrets.ts';
import { previewWrite } from './preview.ts';
import { answerRead, checkNamespace } from './read.ts';
import { forbidden, Refusal } from './refusal.ts';
import type { Execution, GateAccess, GateRequest, GateResponse } from './request.ts';
import { runClientWrite, runRecorded, type RunTools } from './run.ts';
import { ServedGroups } from './served.ts';
import { statusOf } from './status.ts';
import { passUpgrade } from './upgrade.ts';
import type { Upstreams } from './upstream.ts';

export interface GateOptions {
  readonly upstreams: Upstreams;
  /** The cluster is marked read-only: change and exec permits are refused. */
  readonly isReadOnly: (cluster: string) => boolean;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told each request when it is over. */
  readonly report?: ((record: RequestRecord) => void) | undefined;
  /**
   * Keys the marks of masked Secret values in records. Give a kept one where a digest must be the same in another
   * process; random unless given.
   */
  readonly maskKey?: Buffer | undefined;
  /** Milliseconds that nobody can set; the process's own clock unless given. */
  readonly steady?: (() => number) | undefined;
}

interface Cluster {
  readonly identity: string;
  readonly link: Link;
  readonly groups: ServedGroups;
  readonly discovery: Discovery;
}

/** Writing these changes which kinds there are. */
const redefines = new Set(['customresourcedefinitions', 'apiservices']);
const reads = new Set(['discovery', 'get', 'list', 'watch', 'log', 'follow', 'node-read', 'review']);

export class Gate implements GateAccess {
  readonly #options: GateOptions;
  readonly #clocks: Clocks;
  readonly #permits: Permits;
  readonly #maskKey: MaskKey;
  readonly #clusters = new Map<string, Cluster>();
  #listener: Listener | null = null;
  #closed = false;

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#clocks = { wall: options.now, steady: options.steady ?? (() => performance.now()) };
    this.#permits = new Permits(this.#clocks);
    this.#maskKey = options.maskKey ?? newMaskKey();
  }

  static async start(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options);
    gate.#listener = await Listener.open({
      serve: (incoming) => gate.#serve(incoming),
      upgrade: (incoming, socket, head) => gate.#upgrade(incoming, socket, head),
    });
    return gate;
  }

  /** Revokes every permit, cutting what runs under it, and closes the port. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#permits.revokeAll();
    await this.#listener?.close();
  }

  /** Throws AppError 'change.read-only' for a change or exec permit on a read-only cluster. */
  grant(spec: PermitSpec): Grant {
    if (this.#closed) throw forbidden('The app is closing.', 'Start it again.');
    if (spec.kind === 'change' || spec.kind === 'exec') this.#checkWritable(spec.cluster);
    return this.#permits.grant(spec);
  }

  urlOf(cluster: string): string {
    if (this.#listener === null) throw new Error('the gate is not open');
    return `http://127.0.0.1:${String(this.#listener.port)}/c/${encodeURIComponent(cluster)}`;
  }

  closeCircuit(cluster: string): void {
    this.#clusters.get(cluster)?.link.circuit.close();
  }

  async send(cluster: string, token: string, request: GateRequest): Promise<GateResponse> {
    const { method, path, query, signal } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const bytes = request.body === null ? Buffer.alloc(0) : Buffer.from(request.body as Uint8Array);
    const body = () => Promise.resolve(bytes);
    const answer = await this.#serve({
      cluster,
      token,
      method,
      path,
      query,
      headers,
      rawHeaders: [],
      body,
      signal,
      prefix: '',
    });
    return { status: answer.status, headers: plainHeaders(answer.headers), body: readable(answer.body) };
  }

  async execute(cluster: string, token: string, signal?: AbortSignal): Promise<Execution> {
    const permit = this.#permitOf({ token, cluster });
    if (permit.spec.kind === 'change') this.#checkWritable(cluster);
    const { signal: cut, release } = cuttable(permit, signal);
    try {
      return await runRecorded(permit, this.#cluster(cluster).link, this.#runTools(cluster), cut);
    } finally {
      release();
    }
  }

  async #serve(incoming: Incoming): Promise<Answer> {
    return await this.#handle(incoming, (exchange, finished) => this.#route(exchange, finished));
  }

  async #upgrade(incoming: Incoming, socket: Duplex, head: Buffer): Promise<void> {
    await this.#handle(incoming, async (exchange, finished) => {
      if (exchange.permit.spec.kind === 'exec') this.#checkWritable(incoming.cluster);
      await passUpgrade(exchange, socket, head);
      finished();
    });
  }

  /** Permit, understanding, record: the same for every request, whichever way it came. */
  async #handle<T>(incoming: Incoming, work: (exchange: Exchange, finished: () => void) => Promise<T>): Promise<T> {
    const begun = this.#clocks.steady();
    const { cluster, method, path } = incoming;
    let permit: Permit | null = null;
    let record: OpenRecord | null = null;
    let release: () => void = () => undefined;
    const finished = () => {
      release();
      if (record === null) return;
      record.ms = this.#clocks.steady() - begun;
      this.#options.report?.({ ...record });
    };
    try {
      permit = this.#permitOf(incoming);
      const request = classify(method, path, incoming.query);
      record = openRecord({ at: this.#clocks.wall(), permit, cluster, method, path: request.path });
      permit.records.push(record);
      const cut = cuttable(permit, incoming.signal);
      release = cut.release;
      const { link } = this.#cluster(cluster);
      return await work({ incoming, permit, request, link, record, signal: cut.signal }, finished);
    } catch (thrown) {
      const cut = permit?.ended ?? null;
      const error = thrown instanceof AppError || cut === null ? thrown : noPermit(cut);
      record = this.#recordFailure(error, record, { at: this.#clocks.wall(), permit, cluster, method, path });
      finished();
      throw error;
    }
  }

  #recordFailure(
    error: unknown,
    record: OpenRecord | null,
    begun: Parameters<typeof openRecord>[0],
  ): OpenRecord | null {
    if (!(error instanceof AppError)) return record;
    const refused = { status: statusOf(error).code, refused: error.failure.message, code: error.failure.code };
    const kept = record ?? openRecord(begun);
    if (record === null) begun.permit?.records.push(kept);
    return Object.assign(kept, refused);
  }

  async #route(exchange: Exchange, finished: () => void): Promise<Answer> {
    const { request, permit, incoming } = exchange;
    if (reads.has(request.action)) {
      checkNamespace(exchange);
      if (permit.spec.kind === 'preview') permit.overlay.refuseWaiting(request.path);
      const tools = { discovery: this.#cluster(incoming.cluster).discovery, maskKey: this.#maskKey };
      return await answerRead(exchange, tools, finished);
    }
    const answer = await this.#write(exchange, incoming.cluster);
    finished();
    return answer;
  }

  async #write(exchange: Exchange, cluster: string): Promise<Answer> {
    const { request, permit } = exchange;
    const { kind } = permit.spec;
    if (kind === 'preview') {
      return await previewWrite(exchange, { groups: this.#cluster(cluster).groups, maskKey: this.#maskKey });
    }
    if (kind !== 'change') throw refuseWrite(request, permit);
    this.#checkWritable(cluster);
    return await runClientWrite(exchange, this.#runTools(cluster));
  }

  #runTools(cluster: string): RunTools {
    const { wall, steady } = this.#clocks;
    const written: RunTools['written'] = ({ target }) => {
      if (!redefines.has(target.resource)) return;
      this.#cluster(cluster).groups.forget();
      this.#cluster(cluster).discovery.unsettle();
    };
    return { maskKey: this.#maskKey, wall, steady, written };
  }

  /** The good permit of a request. Throws Refusal 401 or 403; nothing was looked at but the token. */
  #permitOf({ token, cluster }: Pick<Incoming, 'token' | 'cluster'>): Permit {
    const permit = token === null ? null : this.#permits.find(token);
    if (permit === null) throw noPermit('The request carries no permit of a running call.');
    const ended = permit.ended;
    if (ended !== null) throw noPermit(ended);
    if (permit.spec.cluster !== cluster) throw forbidden('The permit is of another cluster.');
    return permit;
  }

  #checkWritable(cluster: string): void {
    if (!this.#options.isReadOnly(cluster)) return;
    const name = this.#options.upstreams.get(cluster).config.context;
    throw new AppError({
      code: 'change.read-only',
      message: `Cluster ${name} is marked read-only.`,
      remedy: 'Take the mark away in Clusters to allow changes.',
      cluster: name,
    });
  }

  /** What is known of a cluster; forgotten when its context points to another server. Throws AppError 'cluster.*'. */
  #cluster(id: string): Cluster {
    const { server, caSha256 } = this.#options.upstreams.get(id).config.identity;
    const identity = `${server} ${caSha256 ?? ''}`;
    const known = this.#clusters.get(id);
    if (known?.identity === identity) return known;
    const link = new Link(id, this.#options.upstreams, this.#clocks.steady);
    const { steady } = this.#clocks;
    const cluster = { identity, link, groups: new ServedGroups(link, steady), discovery: new Discovery(steady) };
    this.#clusters.set(id, cluster);
    return cluster;
  }
}

function noPermit(message: string): Refusal {
  const remedy = 'Start the command or question again.';
  return new Refusal({ status: 401, reason: 'Unauthorized', message, remedy });
}

function refuseWrite(request: ApiRequest, permit: Permit): Refusal {
  return forbidden(`${request.method} ${request.path} is not allowed under a ${permit.spec.kind} permit.`);
}

/** One signal for client and permit. */
function cuttable(permit: Permit, client: AbortSignal | undefined): { signal: AbortSignal; release: () => void } {
  const cut = new AbortController();
  const onClient = () => {
    cut.abort(client?.reason);
  };
  client?.addEventListener('abort', onClient, { once: true });
  if (client?.aborted === true) onClient();
  const forget = permit.onRevoke(() => {
    cut.abort(new DOMException('The permit was revoked.', 'AbortError'));
  });
  const release = () => {
    forget();
    client?.removeEventListener('abort', onClient);
  };
  return { signal: cut.signal, release };
}

function readable(body: Readable | Buffer): Readable {
  return Buffer.isBuffer(body) ? Readable.from([body], { objectMode: false }) : body;
}

function plainHeaders(headers: Answer['headers']): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
