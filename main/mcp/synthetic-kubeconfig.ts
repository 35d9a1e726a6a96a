import { stringify } from 'yaml';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';

/** What a call without a context meets: nothing listens there, so it fails at once instead of hitting some cluster. */
export const noDefault = '__no-default__';

/**
 * The kubeconfig that the MCP server is given: each cluster a context named by its id, its server the gate, and no
 * credential anywhere; those of a request come with the request.
 */
export function syntheticKubeconfig(
  clusters: readonly Pick<ClusterConfig, 'id' | 'namespace'>[],
  urlOf: (cluster: string) => string,
): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': noDefault,
    clusters: [
      { name: noDefault, cluster: { server: 'https://127.0.0.1:1' } },
      ...clusters.map(({ id }) => ({ name: id, cluster: { server: urlOf(id) } })),
    ],
    contexts: [
      { name: noDefault, context: { cluster: noDefault, user: noDefault } },
      ...clusters.map(({ id, namespace }) => ({ name: id, context: { cluster: id, user: noDefault, namespace } })),
    ],
    users: [{ name: noDefault, user: {} }],
  });
}
