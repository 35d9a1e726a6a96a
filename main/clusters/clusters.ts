/**
 * The person's clusters: which there are, how each is marked, which one and which namespace is in use, and whether it
 * can be reached.
 *
 * Promises: switching answers at once with the last known state, the cluster is asked behind it; a consent is taken only
 * for a question that is asked right now; the list follows the kubeconfigs, and everybody is told.
 * Must never: ask a cluster while a question about it is open, or write to a kubeconfig. What is chosen here (the
 * cluster and the namespace in use) is this app's alone; kubectl's current context stays as it is.
 */
import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { seenAgain } from './seen-again.ts';
import { weaknessesOf } from './weaknesses.ts';
import { marksOf, type ClusterMarks, type MarkChange, type Marks, type Said } from './marks.ts';
import type { Account } from '../../shared/channel.ts';
import type { Cluster, ClusterList, ClusterState } from '../../shared/clusters.ts';
import type { Output, Publish } from '../../shared/contract.ts';
import type { Purpose, RequestRecord } from '../gate/permits.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { ClusterAccess, CallOptions } from './cluster-access.ts';
import type { Consents } from './consents.ts';

export interface ClusterParts {
  readonly kubeconfigs: Kubeconfigs;
  readonly sessions: { open(cluster: string): ClusterAccess; closeCircuit(cluster: string): void };
  readonly marks: ClusterMarks;
  readonly consents: Consents;
  readonly publish: Publish;
}

/** Failures that say that the cluster itself cannot be used. */
const lost: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'cluster.dns',
  'cluster.unreachable',
  'cluster.certificate',
  'cluster.credentials',
]);

/** What was seen of a cluster last, of the connection as the kubeconfig described it then. */
interface Seen {
  readonly revision: string;
  readonly state: ClusterState;
}

export class Clusters {
  readonly #parts: ClusterParts;
  readonly #account: Account;
  readonly #now: () => number;
  readonly #seen = new Map<string, Seen>();
  readonly #connecting = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;

  /** @param account whose choices and consents hold; the one account of this machine */
  constructor(parts: ClusterParts, account: Account, now: () => number) {
    this.#parts = parts;
    this.#account = account;
    this.#now = now;
    this.#unsubscribe = parts.kubeconfigs.onChange(() => this.#announce());
  }

  list(): ClusterList {
    const { kubeconfigs, marks } = this.#parts;
    const said = marks.all(this.#account);
    const clusters = kubeconfigs.list().map((config) => this.#describe(config, said(config)));
    return { clusters, selected: this.#selected(), problems: [...kubeconfigs.problems()] };
  }

  /** Asks the cluster in use for its version, so that its state is known when the window opens. */
  start(): void {
    const selected = this.#selected();
    if (selected !== null) this.#inBackground(selected);
  }

  /** Answers at once, with what is known. Throws AppError 'cluster.unknown'. */
  select(cluster: string): Cluster {
    const config = this.#config(cluster);
    this.#parts.marks.select(this.#account, cluster);
    this.#inBackground(cluster);
    this.#announce();
    return this.#describe(config);
  }

  /** Asks the cluster for its version now. Whatever comes of it is the state; throws only AppError 'cluster.unknown'. */
  async connect(cluster: string): Promise<Cluster> {
    this.#config(cluster);
    await this.#connect(cluster);
    return this.#describe(this.#config(cluster));
  }

  /** Throws AppError 'cluster.unknown'. */
  mark(cluster: string, change: MarkChange): Cluster {
    const config = this.#config(cluster);
    this.#parts.marks.set(this.#account, config, change);
    this.#announce();
    return this.#describe(config);
  }

  /** Throws AppError 'cluster.unknown', or 'cluster.untrusted' where one of these is not asked (any more). */
  async trust(cluster: string, questions: readonly string[]): Promise<Cluster> {
    const { kubeconfigs, consents } = this.#parts;
    this.#config(cluster);
    const asked = new Map((await kubeconfigs.recheck(cluster)).questions.map((question) => [question.id, question]));
    const known = questions.map((id) => asked.get(id));
    if (known.includes(undefined)) {
      throw new AppError({
        code: 'cluster.untrusted',
        message: `What the kubeconfig of ${this.#marks(this.#config(cluster)).name} asks for has changed.`,
        remedy: 'Look at what it asks for now.',
        cluster: this.#marks(this.#config(cluster)).name,
      });
    }
    consents.give(
      this.#account,
      known.filter((question) => question !== undefined),
    );
    // What may be read now belongs to the cluster's identity: its certificate authority.
    const config = await kubeconfigs.recheck(cluster);
    if (kubeconfigs.pending(cluster).length === 0) this.#inBackground(cluster);
    this.#announce();
    return this.#describe(config);
  }

  /** Names of the namespaces, or the one in use where they may not be listed. Throws AppError 'cluster.*'. */
  async namespaces(cluster: string): Promise<Output<'clusters.namespaces'>> {
    const session = this.#parts.sessions.open(cluster);
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    try {
      const answer = await session.read({ path: '/api/v1/namespaces', accept }, this.#options());
      const { items = [] } = answer.json() as { items?: readonly { metadata: { name: string } }[] };
      return { namespaces: items.map(({ metadata }) => metadata.name), complete: true, at: this.#now() };
    } catch (error) {
      if (!(error instanceof AppError) || error.failure.code !== 'cluster.forbidden') throw error;
      const { namespace } = this.#marks(session.config);
      const namespaces = [...new Set([namespace, session.config.namespace])];
      return { namespaces, complete: false, at: this.#now() };
    }
  }

  /**
   * Told of every request, so that a cluster that goes or comes back is seen without being asked for it: where the last
   * request says otherwise than the state, the cluster is asked once. A request that went well says when it was seen.
   */
  observe(record: RequestRecord): void {
    const { cluster, code, status } = record;
    const seen = this.#seen.get(cluster);
    const kind = seen?.state.kind;
    const isLost = kind === 'reachable' && code !== null && lost.has(code);
    const isBack = kind === 'unreachable' && code === null && status < 500;
    if ((isLost || isBack) && !this.#closing.signal.aborted) this.#inBackground(cluster);
    const again = seenAgain(seen?.state, record, this.#now());
    if (again !== null) this.#see(cluster, again);
  }

  /** Every context that can be used. */
  all(): readonly ClusterConfig[] {
    return this.#parts.kubeconfigs.list();
  }

  /** The cluster in use; null where there is none. */
  current(): ClusterConfig | null {
    const selected = this.#selected();
    return selected === null ? null : this.#config(selected);
  }

  /** The namespace in use. Throws AppError 'cluster.unknown'. */
  namespaceOf(cluster: string): string {
    return this.#marks(this.#config(cluster)).namespace;
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#closing.abort();
    await Promise.allSettled(this.#connecting.values());
  }

  #selected(): string | null {
    const { kubeconfigs, marks } = this.#parts;
    const chosen = marks.selected(this.#account);
    if (chosen !== null && kubeconfigs.get(chosen) !== undefined) return chosen;
    return kubeconfigs.current() ?? kubeconfigs.list()[0]?.id ?? null;
  }

  #describe(config: ClusterConfig, said?: Said): Cluster {
    const { id, context, demo, server, user, source } = config;
    const marks = marksOf(said ?? this.#parts.marks.of(this.#account, config), config);
    const weaknesses = weaknessesOf(config);
    return { id, context, ...marks, demo, server, user, source, weaknesses, state: this.#state(config) };
  }

  #marks(config: ClusterConfig): Marks {
    return marksOf(this.#parts.marks.of(this.#account, config), config);
  }

  #state({ id }: ClusterConfig): ClusterState {
    const questions = this.#parts.kubeconfigs.pending(id);
    if (questions.length > 0) return { kind: 'untrusted', questions: [...questions] };
    const seen = this.#seen.get(id);
    return seen?.revision === this.#revision(id) ? seen.state : { kind: 'untried' };
  }

  #connect(cluster: string): Promise<void> {
    const running = this.#connecting.get(cluster);
    if (running !== undefined) return running;
    const work = this.#ask(cluster).finally(() => this.#connecting.delete(cluster));
    this.#connecting.set(cluster, work);
    return work;
  }

  async #ask(cluster: string): Promise<void> {
    const { kubeconfigs, sessions } = this.#parts;
    // A program that was missing may be there now, and asks a question of its own then.
    await kubeconfigs.recheck(cluster).catch(() => undefined);
    if (kubeconfigs.get(cluster) === undefined || kubeconfigs.pending(cluster).length > 0) return;
    if (this.#seen.get(cluster)?.state.kind !== 'reachable') {
      this.#see(cluster, { kind: 'connecting', since: this.#now() });
    }
    sessions.closeCircuit(cluster);
    try {
      const answer = await sessions.open(cluster).read({ path: '/version' }, this.#options());
      const { gitVersion } = answer.json() as { gitVersion?: unknown };
      const version = typeof gitVersion === 'string' ? gitVersion : 'unknown';
      this.#see(cluster, { kind: 'reachable', version, at: this.#now() });
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!(error instanceof AppError)) throw error;
      this.#see(cluster, { kind: 'unreachable', failure: error.failure, at: this.#now() });
    }
  }

  #see(cluster: string, state: ClusterState): void {
    const revision = this.#revision(cluster);
    if (revision === null) return;
    this.#seen.set(cluster, { revision, state });
    this.#announce();
  }

  #inBackground(cluster: string): void {
    this.#connect(cluster).catch((error: unknown) => {
      const failure = {
        code: 'unexpected',
        message: `Asking the cluster went wrong inside the app: ${error instanceof Error ? error.name : 'unknown'}.`,
        remedy: 'Connect again; if it stays, restart the app.',
      } as const;
      this.#see(cluster, { kind: 'unreachable', failure, at: this.#now() });
    });
  }

  #options(): CallOptions {
    const purpose: Purpose = { account: this.#account, client: null, call: randomUUID(), origin: 'self-check' };
    return { purpose, signal: this.#closing.signal };
  }

  #revision(cluster: string): string | null {
    const { kubeconfigs } = this.#parts;
    return kubeconfigs.get(cluster) === undefined ? null : kubeconfigs.material(cluster).revision;
  }

  #config(cluster: string): ClusterConfig {
    const config = this.#parts.kubeconfigs.get(cluster);
    if (config !== undefined) return config;
    const remedy = 'Choose another cluster, or put the context back into the kubeconfig.';
    throw new AppError({ code: 'cluster.unknown', message: 'This cluster is not in the kubeconfig any more.', remedy });
  }

  #announce(): void {
    if (!this.#closing.signal.aborted) this.#parts.publish('clusters.changed', this.list());
  }
}
