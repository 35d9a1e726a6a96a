/**
 * A cluster in use, as commands, changes and the collector see it: tools of the MCP server, and the API itself. Both
 * go through the gate, under a permit that is minted for the one call and ends with it.
 *
 * Promises: a status from 400 on is thrown with the server's own message, its Status object as the cause and a remedy;
 * integers beyond 2^53 stay exact; whatever is bound for a model is read with Secret values masked.
 * Must never: write. `preview` runs dry runs; an approved change is run by main/changes through the gate itself.
 */
import { AppError } from '../../shared/errors.ts';
import { parseExact } from '../mcp/results.ts';
import { apiFailure, type Asked } from './api-failure.ts';
import { aggregatedAccept, fromAggregated, fromLegacy, groupVersionsOf, isAggregated, pathOf } from './discovery.ts';
import { warningTexts } from '../gate/headers.ts';
import type { PermitSpec, RecordedWrite } from '../gate/permits.ts';
import type { GateAccess, GateRequest, GateResponse } from '../gate/request.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { ListForm, McpAccess, ToolAnswer } from '../mcp/tool-answer.ts';
import type {
  ApiAnswer,
  ApiResource,
  CallOptions,
  ClusterAccess,
  ClusterSessions,
  DraftWrite,
  ReadRequest,
} from './cluster-access.ts';

/** Discovery of a cluster as it was read last; the same bytes are not parsed again. */
type KnownDiscovery = Map<string, { readonly bodies: readonly Buffer[]; readonly resources: readonly ApiResource[] }>;

export class Sessions implements ClusterSessions {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #gate: GateAccess;
  readonly #mcp: McpAccess;
  readonly #nameOf: (config: ClusterConfig) => string;
  readonly #discovery: KnownDiscovery = new Map();

  /** @param nameOf display name of a cluster */
  constructor(kubeconfigs: Kubeconfigs, gate: GateAccess, mcp: McpAccess, nameOf: (config: ClusterConfig) => string) {
    this.#kubeconfigs = kubeconfigs;
    this.#gate = gate;
    this.#mcp = mcp;
    this.#nameOf = nameOf;
  }

  open(cluster: string): ClusterAccess {
    const config = this.#kubeconfigs.get(cluster);
    if (config === undefined) throw unknown('This cluster is not in the kubeconfig any more.');
    this.#kubeconfigs.assertTrusted(cluster);
    const asked = {
      cluster: this.#nameOf(config),
      user: config.user,
      credential: this.#kubeconfigs.credentialOf(cluster),
    };
    return new ClusterSession(config, asked, this.#gate, this.#mcp, this.#discovery);
  }

  byContext(context: string): ClusterAccess {
    const config = this.#kubeconfigs.list().find((one) => one.context === context);
    if (config === undefined) throw unknown(`There is no context ${context} in the kubeconfig.`);
    return this.open(config.id);
  }

  /** The next request asks the cluster, whatever became of the last one. */
  closeCircuit(cluster: string): void {
    this.#gate.closeCircuit(cluster);
  }
}

class ClusterSession implements ClusterAccess {
  readonly config: ClusterConfig;
  readonly #asked: Asked;
  readonly #gate: GateAccess;
  readonly #mcp: McpAccess;
  readonly #discovery: KnownDiscovery;

  constructor(config: ClusterConfig, asked: Asked, gate: GateAccess, mcp: McpAccess, discovery: KnownDiscovery) {
    this.config = config;
    this.#asked = asked;
    this.#gate = gate;
    this.#mcp = mcp;
    this.#discovery = discovery;
  }

  get name(): string {
    return this.#asked.cluster;
  }

  tool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    { form, signal, ...options }: CallOptions & { readonly form: ListForm },
  ): Promise<ToolAnswer> {
    return this.#mcp.call(form, name, args, this.#readPermit(options), signal);
  }

  async read({ path, query, accept }: ReadRequest, options: CallOptions): Promise<ApiAnswer> {
    const request = { method: 'GET', path, query: query ?? '', headers: { accept: accept ?? json }, body: null };
    return this.#underPermit(this.#readPermit(options), (token) => this.#whole(token, request, options));
  }

  async review(path: string, body: unknown, options: CallOptions): Promise<ApiAnswer> {
    const headers = { accept: json, 'content-type': json };
    const request = { method: 'POST', path, query: '', headers, body: JSON.stringify(body) };
    return this.#underPermit(this.#readPermit(options), (token) => this.#whole(token, request, options));
  }

  async stream({ path, query, accept }: ReadRequest, options: CallOptions): Promise<GateResponse> {
    const grant = this.#gate.grant(this.#readPermit(options));
    try {
      const request = { method: 'GET', path, query: query ?? '', headers: { accept: accept ?? json }, body: null };
      const response = await this.#gate.send(this.config.id, grant.token, { ...request, signal: options.signal });
      if (response.status >= 400) throw await this.#failureOf(response);
      response.body.once('close', () => grant.revoke());
      return response;
    } catch (error) {
      grant.revoke();
      throw error;
    }
  }

  async preview(writes: readonly DraftWrite[], options: CallOptions): Promise<readonly RecordedWrite[]> {
    const { purpose } = options;
    const grant = this.#gate.grant({ kind: 'preview', cluster: this.config.id, purpose });
    try {
      for (const { contentType, ...write } of writes) {
        const headers = { accept: json, ...(contentType === null ? {} : { 'content-type': contentType }) };
        await this.#whole(grant.token, { ...write, headers }, options);
      }
    } finally {
      grant.revoke();
    }
    return grant.report().writes;
  }

  async resources(options: CallOptions): Promise<readonly ApiResource[]> {
    const accept = aggregatedAccept;
    const answers = await Promise.all(['/api', '/apis'].map((path) => this.read({ path, accept }, options)));
    const bodies = answers.map(({ body }) => body);
    const known = this.#discovery.get(this.config.id);
    if (known !== undefined && bodies.every((body, index) => known.bodies[index]?.equals(body) === true)) {
      return known.resources;
    }
    const [core, named] = answers.map((answer) => answer.json());
    if (!isAggregated(core) || !isAggregated(named)) return this.#legacyResources(core, named, options);
    const resources = [...fromAggregated(core), ...fromAggregated(named)];
    this.#discovery.set(this.config.id, { bodies, resources });
    return resources;
  }

  /** As every server before 1.27 answers: one document per version. One that fails does not hide the others. */
  async #legacyResources(core: unknown, named: unknown, options: CallOptions): Promise<readonly ApiResource[]> {
    const lists = await Promise.all(
      groupVersionsOf(core, named).map(async (groupVersion) => {
        try {
          return fromLegacy((await this.read({ path: pathOf(groupVersion) }, options)).json(), groupVersion);
        } catch (error) {
          if (error instanceof AppError && ['cluster.failed', 'cluster.not-found'].includes(error.failure.code))
            return [];
          throw error;
        }
      }),
    );
    return lists.flat();
  }

  #readPermit({ purpose }: CallOptions): PermitSpec {
    const maskSecrets = purpose.origin === 'assistant';
    return { kind: 'read', cluster: this.config.id, purpose, namespaces: null, maskSecrets };
  }

  async #underPermit<T>(spec: PermitSpec, work: (token: string) => Promise<T>): Promise<T> {
    const grant = this.#gate.grant(spec);
    try {
      return await work(grant.token);
    } finally {
      grant.revoke();
    }
  }

  async #whole(token: string, request: GateRequest, { signal }: CallOptions): Promise<ApiAnswer> {
    signal?.throwIfAborted();
    const response = await this.#gate.send(this.config.id, token, { ...request, signal });
    if (response.status >= 400) throw await this.#failureOf(response);
    const body = await this.#bodyOf(response, signal);
    return {
      status: response.status,
      contentType: response.headers['content-type'] ?? '',
      warnings: warningTexts([response.headers['warning'] ?? []].flat()),
      body,
      json: () => this.#parse(body),
    };
  }

  async #bodyOf({ body }: GateResponse, signal?: AbortSignal): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of body) chunks.push(chunk as Buffer);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AppError) throw error;
      const message = `${this.name} broke off its answer.`;
      const remedy = 'Try again; if it stays, look at the network and at the API server.';
      throw new AppError({ code: 'cluster.failed', message, remedy, cluster: this.name }, { cause: error });
    }
    return Buffer.concat(chunks);
  }

  async #failureOf(response: GateResponse): Promise<AppError> {
    const body = (await this.#bodyOf(response)).toString('utf8');
    return apiFailure(response.status, response.headers, body, this.#asked);
  }

  #parse(body: Buffer): unknown {
    try {
      return parseExact(body.toString('utf8'));
    } catch (error) {
      const message = `${this.name} answered with something that is not JSON.`;
      const remedy =
        'Check that the server address in the kubeconfig is an API server, and not a proxy or a sign-in page.';
      throw new AppError({ code: 'cluster.failed', message, remedy, cluster: this.name }, { cause: error });
    }
  }
}

const json = 'application/json';

function unknown(message: string): AppError {
  const remedy = 'Choose another cluster, or put the context back into the kubeconfig.';
  return new AppError({ code: 'cluster.unknown', message, remedy });
}
