import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Upstream } from '../../main/gate/upstream.ts';
import { upstreamTo } from '../integration/gate/upstreams.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An API server with pods only, whose answer to a list of pods is written by the test: for faults no real one makes. */
export class ScriptedApi {
  readonly #server = createServer((request, response) => this.#serve(request, response));
  /** Method and path of every request, in order. */
  readonly asked: string[] = [];
  /** Answers a list of pods; an empty table unless set. */
  pods: Answer = (_request, response) => json(response, 200, emptyTable);

  static async start(): Promise<ScriptedApi> {
    const api = new ScriptedApi();
    await once(api.#server.listen(0, '127.0.0.1'), 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  upstream(id: string): Upstream {
    // The gate takes the agent of the protocol at hand; its type names the usual one.
    return { ...upstreamTo(id, this.url, {}), agent: new Agent({ keepAlive: true }) as Upstream['agent'] };
  }

  /** Resolves with the next request for a list of pods, and with the end of its connection. */
  nextPods(): Promise<{ readonly response: ServerResponse; readonly closed: Promise<unknown> }> {
    return new Promise((resolve) => {
      this.pods = (_request, response) => resolve({ response, closed: once(response, 'close') });
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0] ?? '';
    this.asked.push(`${request.method ?? ''} ${path}`);
    request.resume();
    if (path.endsWith('/pods')) this.pods(request, response);
    else if (path.includes('/pods/')) json(response, 200, podNamed(path.split('/').at(-1) ?? ''));
    else if (path === '/api') json(response, 200, core, aggregated);
    else if (path === '/apis') json(response, 200, { ...core, items: [] }, aggregated);
    else if (path === '/api/v1') json(response, 200, legacyCore);
    else if (path.endsWith('/selfsubjectaccessreviews')) json(response, 201, allowed);
    else if (path === '/version') json(response, 200, { gitVersion: 'v1.36.0' });
    else statusAnswer(404, 'NotFound', 'the server could not find the requested resource')(request, response);
  }
}

/** Kubernetes' own error object with its status. */
export function statusAnswer(code: number, reason: string, message: string): Answer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return (_request, response) => json(response, code, status);
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const core = {
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: [
    {
      metadata: {},
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'pods',
              responseKind: { group: '', version: '', kind: 'Pod' },
              scope: 'Namespaced',
              singularResource: 'pod',
              verbs,
            },
          ],
        },
      ],
    },
  ],
};
const legacyCore = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs }],
};
const allowed = { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', status: { allowed: true } };
const podNamed = (name: string) => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', uid: 'u-1', resourceVersion: '1' },
});
const emptyTable = {
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: {},
  columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
  rows: [],
};
