/**
 * Says which part of the way from this app to each cluster works, which version every part has, and, of what does not
 * work, the one hop that failed with what to do about it.
 *
 * It uses the way itself, not a model of it: the same server process, gate, credentials and permits as every command.
 * Clusters are asked at the same time and within a few seconds each, whatever their circuits say; one that hangs holds
 * up none of the others. It reads only. A context whose trust check is open is not contacted.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../shared/channel.ts';
import type { SelfCheck } from '../../shared/self-check.ts';
import type { ClusterAccess } from '../clusters/cluster-access.ts';
import type { Purpose } from '../gate/permits.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import { hopList } from '../mcp/hops.ts';
import type { McpSession } from '../mcp/session.ts';
import { AppError } from '../../shared/errors.ts';
import { clusterHops } from './cluster-hops.ts';
import { serverHops, type ServerHops } from './server-hops.ts';
import { versionsOf, type AppFacts } from './versions.ts';

const serverMs = 6_000;
const clusterMs = 6_000;

export interface SelfCheckParts {
  readonly kubeconfigs: { list(): readonly ClusterConfig[] };
  readonly sessions: { open(cluster: string): ClusterAccess; closeCircuit(cluster: string): void };
  readonly mcp: Pick<McpSession, 'connection'>;
  /** Display name of a cluster. */
  readonly nameOf: (config: ClusterConfig) => string;
}

export class SelfChecks {
  readonly #parts: SelfCheckParts;
  readonly #facts: AppFacts;
  readonly #now: () => number;

  constructor(parts: SelfCheckParts, facts: AppFacts, now: () => number = Date.now) {
    this.#parts = parts;
    this.#facts = facts;
    this.#now = now;
  }

  /** One cluster, or all of them where it is null. Throws AppError 'cluster.unknown'. */
  async run(cluster: string | null, caller: Caller): Promise<SelfCheck> {
    const asked = this.#parts.kubeconfigs.list().filter(({ id }) => cluster === null || id === cluster);
    if (cluster !== null && asked.length === 0) throw unknownCluster();
    const server = await serverHops(() => this.#parts.mcp.connection('table'), AbortSignal.timeout(serverMs));
    const purpose: Purpose = {
      account: caller.account,
      client: caller.client,
      call: randomUUID(),
      origin: 'self-check',
    };
    const clusters = await Promise.all(asked.map((config) => this.#check(config, server, purpose)));
    return { at: this.#now(), versions: versionsOf(this.#facts, server.connection), clusters };
  }

  async #check(config: ClusterConfig, server: ServerHops, purpose: Purpose): Promise<SelfCheck['clusters'][number]> {
    const { sessions, nameOf } = this.#parts;
    const signal = AbortSignal.timeout(clusterMs);
    sessions.closeCircuit(config.id);
    const { results, version } = await clusterHops(() => sessions.open(config.id), { purpose, signal });
    return {
      cluster: config.id,
      name: nameOf(config),
      version,
      hops: [...hopList([...server.results, ...results])],
    };
  }
}

function unknownCluster(): AppError {
  return new AppError({
    code: 'cluster.unknown',
    message: 'This cluster is not in the kubeconfig any more.',
    remedy: 'Choose one of the list.',
  });
}
