import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gate } from '../../main/gate/gate.ts';
import type { PermitSpec, RequestRecord } from '../../main/gate/permits.ts';
import type { Upstream, Upstreams } from '../../main/gate/upstream.ts';
import type { ClusterConfig } from '../../main/kubeconfig/cluster-config.ts';
import { McpSession } from '../../main/mcp/session.ts';
import { upstreamsOf } from '../integration/gate/upstreams.ts';

/** The gate over these clusters, and the real kubernetes-mcp-server in front of it. */
export interface StartedMcp {
  readonly gate: Gate;
  readonly session: McpSession;
  /** Every request the gate saw, finished ones. */
  readonly seen: readonly RequestRecord[];
  /** The folder of the server's private files. */
  readonly base: string;
  close(): Promise<void>;
}

export function startMcp(...upstreams: readonly Upstream[]): Promise<StartedMcp> {
  return startMcpOver(
    upstreamsOf(...upstreams),
    upstreams.map(({ config }) => config),
  );
}

export async function startMcpOver(upstreams: Upstreams, clusters: readonly ClusterConfig[]): Promise<StartedMcp> {
  const seen: RequestRecord[] = [];
  const base = await mkdtemp(join(tmpdir(), 'ai4k8s-mcp-'));
  const gate = await Gate.start({
    upstreams,
    isReadOnly: () => false,
    now: Date.now,
    report: (record) => seen.push(record),
  });
  const session = new McpSession({ runtimeBase: base, version: '0.0.0' }, gate);
  await session.setClusters(clusters);
  return {
    gate,
    session,
    seen,
    base,
    async close() {
      await session.close();
      await gate.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** A read permit of one cluster. */
export function reading(cluster: string): PermitSpec {
  const purpose = { account: null, client: null, call: 'test', origin: 'command' } as const;
  return { kind: 'read', cluster, purpose, namespaces: null, maskSecrets: true };
}
