import type { HandlersFor } from '../../shared/channel.ts';
import type { clusterChannels } from '../../shared/clusters.ts';
import type { Clusters } from './clusters.ts';

export function clusterHandlers(clusters: Clusters): HandlersFor<typeof clusterChannels> {
  return {
    'clusters.list': () => clusters.list(),
    'clusters.select': ({ cluster }) => clusters.select(cluster),
    'clusters.connect': ({ cluster }) => clusters.connect(cluster),
    'clusters.set-namespace': ({ cluster, namespace }) => clusters.mark(cluster, { namespace }),
    'clusters.namespaces': ({ cluster }) => clusters.namespaces(cluster),
    'clusters.mark': ({ cluster, ...marks }) => clusters.mark(cluster, marks),
    'clusters.trust': ({ cluster, questions }) => clusters.trust(cluster, questions),
  };
}
