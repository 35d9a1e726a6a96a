import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sessions } from '../../main/clusters/session.ts';
import { Gate } from '../../main/gate/gate.ts';
import { ClusterUpstreams } from '../../main/gate/upstream.ts';
import { Kubeconfigs } from '../../main/kubeconfig/kubeconfig.ts';
import type { CallOptions, ClusterAccess } from '../../main/clusters/cluster-access.ts';
import type { McpAccess } from '../../main/mcp/tool-answer.ts';

/** Kubeconfigs, gate and sessions as the app puts them together, over files of a test. */
export interface OpenKubeconfigs {
  readonly kubeconfigs: Kubeconfigs;
  readonly upstreams: ClusterUpstreams;
  readonly sessions: Sessions;
  /** Consents to everything that a context asks now. */
  consent(id: string): void;
  /** By context name. */
  session(context: string): ClusterAccess;
  close(): Promise<void>;
}

export const asTest: CallOptions = {
  purpose: { account: null, client: null, call: randomUUID(), origin: 'self-check' },
};

const noTools: McpAccess = { call: () => Promise.reject(new Error('no MCP server in this test')) };

export async function openKubeconfigs(
  paths: readonly string[],
  options: { readonly watch?: boolean; readonly searchPath?: () => Promise<string>; readonly demoPath?: string } = {},
): Promise<OpenKubeconfigs> {
  const consents = new Set<string>();
  const kubeconfigs = await Kubeconfigs.open({
    paths,
    demoPath: null,
    watch: false,
    consents: (question) => consents.has(question),
    ...options,
  });
  const upstreams = new ClusterUpstreams(kubeconfigs);
  const gate = await Gate.start({ upstreams, isReadOnly: () => false, now: Date.now });
  const sessions = new Sessions(kubeconfigs, gate, noTools, ({ context }) => context);
  return {
    kubeconfigs,
    upstreams,
    sessions,
    consent(id) {
      for (const question of kubeconfigs.get(id)?.questions ?? []) consents.add(question.id);
    },
    session: (context) => sessions.byContext(context),
    async close() {
      await gate.close();
      upstreams.close();
      await kubeconfigs.close();
    },
  };
}

/** A folder of a test's own, gone after `remove`. */
export async function newFolder(): Promise<{
  path: string;
  file(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'ai4k8s-kubeconfig-')));
  return {
    path,
    async file(name, text) {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A kubeconfig of one context, as JSON, which is YAML too. */
export function kubeconfigOf(context: string, cluster: object, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: context, context: { cluster: 'c', user: 'u' } }],
  });
}
