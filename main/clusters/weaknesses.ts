import type { TrustQuestion } from '../../shared/clusters.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';

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
