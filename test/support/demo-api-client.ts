import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { parse } from 'yaml';

export interface Replied {
  code: number;
  headers: IncomingHttpHeaders;
  /** Texts of the Warning headers, without their quotes. */
  warnings: string[];
  text: string;
  /** Parsed where it is JSON, else null. */
  body: unknown;
}

export interface WatchEvent {
  type: string;
  object: Record<string, unknown>;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { name: string; user: { token?: string } }[];
}

/** Requests to an API server byte for byte as a test writes them: the query is not touched. */
export class ApiClient {
  readonly #server: URL;
  readonly #token: string;
  readonly #agent: Agent;

  /** @param user a user of the kubeconfig that signs in by token. */
  constructor(kubeconfig: string, user: string) {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    const cluster = clusters[0]?.cluster;
    this.#server = new URL(cluster?.server ?? '');
    this.#token = users.find(({ name }) => name === user)?.user.token ?? '';
    const ca = Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64');
    this.#agent = new Agent({ ca, keepAlive: true, maxCachedSessions: 0 });
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<IncomingMessage> {
    const { hostname, port } = this.#server;
    return new Promise((resolve, reject) => {
      const sent: Record<string, string> = { Authorization: `Bearer ${this.#token}`, ...headers };
      if (!sent['Authorization']) delete sent['Authorization'];
      if (body !== undefined) sent['Content-Length'] = String(Buffer.byteLength(body));
      request({ hostname, port, method, path, headers: sent, agent: this.#agent }, resolve)
        .on('error', reject)
        .end(body);
    });
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
    headers: Record<string, string> = {},
  ): Promise<Replied> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.#open(method, path, text, {
      ...(text === undefined ? {} : { 'Content-Type': type }),
      ...headers,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const answered = Buffer.concat(chunks).toString('utf8');
    const warnings = [...(response.headers['warning'] ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(
      ([, warning = '']) => warning.replace(/\\(.)/g, '$1'),
    );
    let parsed: unknown = null;
    if (response.headers['content-type']?.startsWith('application/json') && answered) parsed = JSON.parse(answered);
    return { code: response.statusCode ?? 0, headers: response.headers, warnings, text: answered, body: parsed };
  }

  /** Events of a watch one by one; null at its end. */
  watch(path: string): { next: () => Promise<WatchEvent | null>; close: () => void } {
    let opened: IncomingMessage | undefined;
    const events = this.#events(path, (response) => {
      opened = response;
    });
    return {
      next: async () => (await events.next()).value ?? null,
      close: () => opened?.destroy(),
    };
  }

  async *#events(path: string, opened: (response: IncomingMessage) => void): AsyncGenerator<WatchEvent, undefined> {
    const response = await this.#open('GET', path, undefined, {});
    opened(response);
    let pending = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const lines = (pending + chunk.toString('utf8')).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as WatchEvent;
    }
    return undefined;
  }
}
