import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

/** One answer of an API server, whole. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What to ask; `stopAfterMs` ends a stream (a watch, a followed log) after that time and returns what had come. */
export interface Ask {
  method?: string;
  accept?: string;
  contentType?: string;
  body?: string;
  headers?: Record<string, string>;
  stopAfterMs?: number;
}

interface KubeconfigFile {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

/**
 * A client of one API server that neither retries nor reshapes: comparing and recording need the bytes as they came.
 * It reads the current context of a kubeconfig with a client certificate or a token, and nothing else.
 */
export class ApiClient {
  readonly server: URL;
  readonly #tls: { ca: Buffer | undefined; cert: Buffer | undefined; key: Buffer | undefined };
  readonly #token: string | undefined;

  constructor(kubeconfigPath: string) {
    const file = parse(readFileSync(kubeconfigPath, 'utf8')) as KubeconfigFile;
    const context = file.contexts.find((entry) => entry.name === file['current-context'])?.context;
    const cluster = file.clusters.find((entry) => entry.name === context?.cluster)?.cluster;
    const user = file.users.find((entry) => entry.name === context?.user)?.user;
    if (!cluster?.['server'] || !user) throw new Error(`${kubeconfigPath} has no usable current context`);
    const bytes = (from: Record<string, string>, name: string): Buffer | undefined => {
      const inline = from[`${name}-data`];
      if (inline) return Buffer.from(inline, 'base64');
      const path = from[name];
      return path ? readFileSync(resolve(dirname(kubeconfigPath), path)) : undefined;
    };
    this.server = new URL(cluster['server']);
    this.#tls = {
      ca: bytes(cluster, 'certificate-authority'),
      cert: bytes(user, 'client-certificate'),
      key: bytes(user, 'client-key'),
    };
    this.#token = user['token'];
  }

  /** Sends one request and resolves with the whole answer, whatever its status. */
  ask(path: string, ask: Ask = {}): Promise<Answer> {
    return new Promise((resolveAnswer, reject) => {
      const headers: Record<string, string> = { Accept: ask.accept ?? 'application/json', ...ask.headers };
      if (this.#token) headers['Authorization'] = `Bearer ${this.#token}`;
      if (ask.body !== undefined) {
        headers['Content-Type'] ??= ask.contentType ?? 'application/json';
        headers['Content-Length'] = String(Buffer.byteLength(ask.body));
      }
      const tls = Object.fromEntries(Object.entries(this.#tls).filter(([, value]) => value !== undefined));
      const outgoing = httpsRequest(
        {
          host: this.server.hostname,
          port: this.server.port,
          path,
          method: ask.method ?? 'GET',
          headers,
          agent: false,
          ...tls,
        },
        (incoming) => {
          collect(incoming, ask.stopAfterMs).then(resolveAnswer, reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(ask.body);
    });
  }

  /** GET of a JSON document; throws where the status is not 200. */
  async json(path: string, accept = 'application/json'): Promise<unknown> {
    let answer = await this.ask(path, { accept });
    const moved = answer.headers.location;
    if (answer.status === 301 && moved) answer = await this.ask(moved, { accept });
    if (answer.status !== 200) throw new Error(`GET ${path}: ${String(answer.status)} ${answer.text.slice(0, 300)}`);
    return JSON.parse(answer.text) as unknown;
  }
}

function collect(incoming: IncomingMessage, stopAfterMs: number | undefined): Promise<Answer> {
  return new Promise((resolveAnswer, reject) => {
    const chunks: Buffer[] = [];
    const finish = (): void => {
      clearTimeout(timer);
      resolveAnswer({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      });
    };
    const timer = stopAfterMs === undefined ? undefined : setTimeout(() => incoming.destroy(), stopAfterMs);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', finish);
    incoming.on('close', finish);
    incoming.on('error', stopAfterMs === undefined ? reject : finish);
  });
}
