import type { Agent } from 'node:https';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';

/** The API server of one cluster, with the credentials that only the gate may use. */
export interface Upstream {
  readonly config: ClusterConfig;
  readonly base: URL;
  /** Keep-alive agent with CA, client certificate and proxy of this cluster. */
  readonly agent: Agent;
  /**
   * Headers that carry the credentials (`authorization`, consented impersonation). May read a token file, run a
   * consented exec plugin or refresh OIDC; cached until they expire.
   * Throws AppError 'cluster.untrusted' or 'cluster.credentials'.
   */
  credentials(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Forgets cached credentials: the API server just answered 401 to them. */
  renew(): void;
}

/** Throws AppError 'cluster.unknown', or 'cluster.untrusted' while a question of the kubeconfig is not consented to. */
export interface Upstreams {
  get(cluster: string): Upstream;
}
