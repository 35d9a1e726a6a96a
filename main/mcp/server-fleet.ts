import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import { findBinary } from './binary.ts';
import { Connection } from './connection.ts';
import { RuntimeDir } from './runtime-dir.ts';
import { ServerPool } from './server-pool.ts';
import { McpServer } from './server.ts';
import { syntheticKubeconfig } from './synthetic-kubeconfig.ts';
import type { ListForm } from './tool-answer.ts';

/** A server takes a new kubeconfig over 0.1 to 0.2 s after it was written; it tells when. */
const takeoverMs = 2_000;
const kubeconfigName = 'kubeconfig';

export interface FleetOptions {
  readonly runtimeBase: string;
  readonly version: string;
  readonly binary?: string;
}

/** The processes of every list form, over one private folder and one synthetic kubeconfig. */
export class ServerFleet {
  readonly #options: FleetOptions;
  readonly #urlOf: (cluster: string) => string;
  readonly #pools: Readonly<Record<ListForm, ServerPool>>;
  #runtime: Promise<RuntimeDir> | null = null;
  #clusters: readonly Pick<ClusterConfig, 'id' | 'namespace'>[] = [];
  /** Counts what was written, so that a server that read an older text while it started is noticed. */
  #revision = 0;
  /** Writes follow one another, each with what is known when its turn comes. */
  #written: Promise<unknown> = Promise.resolve();
  readonly #live = new Set<Connection>();

  constructor(options: FleetOptions, urlOf: (cluster: string) => string) {
    this.#options = options;
    this.#urlOf = urlOf;
    this.#pools = {
      table: new ServerPool((signal) => this.#open('table', signal)),
      yaml: new ServerPool((signal) => this.#open('yaml', signal)),
    };
  }

  /** Resolves when the running servers have taken it over. */
  async setClusters(clusters: readonly Pick<ClusterConfig, 'id' | 'namespace'>[]): Promise<void> {
    this.#clusters = clusters;
    if (this.#revision > 0) await this.#tell();
  }

  /** Whether a server ought to know this cluster. */
  knows(cluster: string): boolean {
    return this.#clusters.some(({ id }) => id === cluster);
  }

  /** Writes the kubeconfig again, for a server that missed a change; resolves when the running ones have read it. */
  tellAgain(): Promise<void> {
    return this.#tell();
  }

  /** Throws AppError 'mcp.*' where no server of this form can be had. */
  connection(form: ListForm): Promise<Connection> {
    return this.#pools[form].connection();
  }

  /** After a connection broke: waits until its process is known to have ended, and ends it where it has not. */
  async dropped({ server }: Connection, withinMs: number): Promise<void> {
    const news = new AbortController();
    await Promise.race([server.exited, delay(withinMs, undefined, { signal: news.signal }).catch(() => undefined)]);
    news.abort();
    if (!server.hasEnded) await server.close();
  }

  /** The servers that run now, for the self-check: started, whether or not ready. */
  running(form: ListForm): ServerPool['running'] {
    return this.#pools[form].running;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pools.table.close(), this.#pools.yaml.close()]);
    await (await this.#runtime)?.close();
  }

  async #open(form: ListForm, signal: AbortSignal): Promise<Connection> {
    const binary = this.#options.binary ?? findBinary();
    const runtime = await this.#folder();
    await (this.#revision === 0 ? this.#write(runtime) : this.#written);
    const revision = this.#revision;
    const kubeconfig = `${runtime.path}/${kubeconfigName}`;
    const server = await McpServer.start(form, binary, kubeconfig, runtime, signal);
    try {
      const connection = await Connection.open(server, this.#options.version);
      this.#live.add(connection);
      const forget = () => this.#live.delete(connection);
      server.exited.then(forget, forget);
      if (revision !== this.#revision) await this.#tell();
      return connection;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  #folder(): Promise<RuntimeDir> {
    this.#runtime ??= RuntimeDir.open(this.#options.runtimeBase);
    this.#runtime.catch(() => {
      this.#runtime = null;
    });
    return this.#runtime;
  }

  #write(runtime: RuntimeDir): Promise<unknown> {
    this.#revision += 1;
    const write = () => runtime.write(kubeconfigName, syntheticKubeconfig(this.#clusters, this.#urlOf));
    this.#written = this.#written.then(write, write);
    return this.#written;
  }

  async #tell(): Promise<void> {
    const taken = [...this.#live].map((connection) => connection.toolsChanged(AbortSignal.timeout(takeoverMs)));
    await this.#write(await this.#folder());
    await Promise.all(taken);
  }
}
