import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { Gate, type GateOptions } from '../../../main/gate/gate.ts';
import type { Grant, PermitReport, PermitSpec, Purpose, RecordedWrite } from '../../../main/gate/permits.ts';
import type { Upstream } from '../../../main/gate/upstream.ts';
import { upstreamOf, upstreamsOf } from './upstreams.ts';

/** A request as it reached the API server. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer | null;
  readonly chunked?: boolean;
}

export const purpose: Purpose = { account: null, client: null, call: 'test', origin: 'command' };

/** One raw HTTP request: path and headers exactly as written. */
export async function ask(url: string, { method = 'GET', headers = {}, body, chunked }: Asked = {}): Promise<Answered> {
  const [, origin = '', path = ''] = /^(https?:\/\/[^/]+)(.*)$/s.exec(url) ?? [];
  const { hostname, port } = new URL(origin);
  return await new Promise((resolve, reject) => {
    const framing =
      body === undefined || body === null
        ? {}
        : chunked === true
          ? { 'transfer-encoding': 'chunked' }
          : { 'content-length': Buffer.byteLength(body) };
    const request = httpRequest({ hostname, port, method, path, headers: { ...headers, ...framing } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = () => JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.once('error', reject);
    request.end(body ?? undefined);
  });
}

/** An API server's front that keeps every request it passes on: what reached the server, and that nothing did. */
export async function startRecorder(
  real: Upstream,
): Promise<{ upstream: Upstream; seen: Seen[]; close: () => Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      const forward = (credentials: Awaited<ReturnType<Upstream['credentials']>>) => {
        const { host: _host, ...rest } = headers;
        const { hostname, port } = real.base;
        const options = { hostname, port, method, path: url, headers: { ...rest, ...credentials }, agent: real.agent };
        const onward = httpsRequest(options, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
          answer.pipe(response);
          response.once('close', () => answer.destroy());
        });
        onward.once('error', () => response.destroy());
        onward.end(body);
      };
      real.credentials().then(forward, () => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  const agent = new Agent({ keepAlive: true });
  const upstream: Upstream = { ...real, base, agent, credentials: () => Promise.resolve({}) };
  const close = async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise<void>((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  };
  return { upstream, seen, close };
}

/** A gate in front of a cluster named `c`, with everything that reached it. */
export class GateUnderTest {
  readonly gate: Gate;
  readonly upstream: Upstream;
  /** The cluster itself, without the gate. */
  readonly real: Upstream;
  readonly seen: Seen[];
  readonly #close: () => Promise<void>;

  private constructor(gate: Gate, upstream: Upstream, real: Upstream, seen: Seen[], close: () => Promise<void>) {
    this.gate = gate;
    this.upstream = upstream;
    this.real = real;
    this.seen = seen;
    this.#close = close;
  }

  static async start(
    kubeconfig: string,
    options: Partial<GateOptions> & { direct?: boolean } = {},
  ): Promise<GateUnderTest> {
    const real = upstreamOf('c', kubeconfig);
    const recorder = options.direct === true ? null : await startRecorder(real);
    const upstream = recorder?.upstream ?? real;
    const gate = await Gate.start({
      upstreams: upstreamsOf(upstream),
      isReadOnly: () => false,
      now: Date.now,
      ...options,
    });
    return new GateUnderTest(gate, upstream, real, recorder?.seen ?? [], async () => {
      await gate.close();
      await recorder?.close();
      real.agent.destroy();
    });
  }

  async close(): Promise<void> {
    await this.#close();
  }

  read(limits: Partial<Extract<PermitSpec, { kind: 'read' }>> = {}): Grant {
    return this.gate.grant({ kind: 'read', cluster: 'c', purpose, namespaces: null, maskSecrets: true, ...limits });
  }

  preview(): Grant {
    return this.gate.grant({ kind: 'preview', cluster: 'c', purpose });
  }

  change(writes: readonly RecordedWrite[]): Grant {
    return this.gate.grant({ kind: 'change', cluster: 'c', purpose, identity: this.upstream.config.identity, writes });
  }

  /** Through the gate's port, under a permit. */
  async ask(grant: Pick<Grant, 'token'> | null, path: string, asked: Asked = {}): Promise<Answered> {
    const authorization = grant === null ? {} : { authorization: `Bearer ${grant.token}` };
    return await ask(`${this.gate.urlOf('c')}${path}`, { ...asked, headers: { ...authorization, ...asked.headers } });
  }

  /** One write under a preview permit of its own. */
  async previewed(path: string, asked: Asked): Promise<{ answer: Answered; report: PermitReport }> {
    const grant = this.preview();
    const answer = await this.ask(grant, path, asked);
    return { answer, report: grant.revoke() };
  }

  /** Straight to the API server, as the administrator. */
  async direct(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answered> {
    const credentials = await this.real.credentials();
    const { hostname, port } = this.real.base;
    const length = { 'content-length': Buffer.byteLength(body ?? '') };
    const all = { ...headers, ...length, ...credentials };
    const options = { hostname, port, method, path, headers: all, agent: this.real.agent };
    return await new Promise((resolve, reject) => {
      const request = httpsRequest(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = () => JSON.parse(text) as Record<string, unknown>;
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
        });
      });
      request.once('error', reject);
      request.end(body ?? undefined);
    });
  }

  /** Makes an object straight at the API server, and throws where it says no. */
  async make(path: string, object: unknown): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json' };
    const answer = await this.direct(path, { method: 'POST', headers, body: JSON.stringify(object) });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
    return answer.json();
  }

  async makeNamespace(name: string): Promise<void> {
    await this.make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  async removeNamespace(name: string): Promise<void> {
    await this.direct(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
  }
}

export const json = { 'content-type': 'application/json' };

export function configMap(name: string, data: Record<string, string> = { a: '1' }): unknown {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** A name that no other run uses. */
export function unique(topic: string): string {
  return `t-gate-${topic}-${Math.random().toString(36).slice(2, 8)}`;
}

/** A kind of the cluster's own, `widgets`, with status and scale; resolves when it is served. */
export async function defineWidgets(gate: GateUnderTest, group: string): Promise<void> {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
  };
  const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
  await gate.make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: { group, scope: 'Namespaced', names, versions: [version] },
  });
  await vi.waitFor(
    async () => {
      expect((await gate.direct(`/apis/${group}/v1/widgets`)).status).toBe(200);
    },
    { timeout: 20_000, interval: 100 },
  );
}
