import type { TrustQuestion } from '../../shared/clusters.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';

/** Same API server by the same proof of who it is. */
export function isSameCluster(one: ClusterConfig['identity'], other: ClusterConfig['identity']): boolean {
  return one.server === other.server && one.caSha256 === other.caSha256;
}

const words: Partial<Record<TrustQuestion['kind'], string>> = {
  'skip-tls-verify': 'TLS not verified',
  'plain-http': 'Not encrypted',
  proxy: 'Through a proxy',
  'server-name': 'Certificate of another name',
  impersonation: 'Acts as somebody else',
};

/** What weakens the connection to a cluster, by name; shown wherever the cluster is. */
export function weaknessesOf({ questions }: ClusterConfig): string[] {
  return [...new Set(questions.flatMap(({ kind }) => words[kind] ?? []))];
}
