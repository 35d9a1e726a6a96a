/**
 * The API servers, with the credentials that only the gate may use: client certificates, bearer tokens and token files,
 * basic auth, exec plugins, OIDC, impersonation, proxies.
 *
 * Promises: nothing of a kubeconfig is read, run or connected to while one of its questions is open (kubeconfig/trust),
 * and a program or file that changed since the consent is a new question, found before it is used; making credentials
 * is bounded in time, and one cluster's never waits for another's; no message names a credential.
 *
 * Decided against @kubernetes/client-node, which this was begun with (2.0.1, each point tried): it takes half a second to
 * load; its OIDC renewal throws, as it hands its own library a string for a URL; its exec plugins have no time limit, no
 * KUBERNETES_EXEC_INFO and the whole environment; gcp and azure block the process on a shell; its agents keep no
 * connection alive; groups are not impersonated; a named pipe as a file hangs it. What it is made of is used instead:
 * openid-client, socks-proxy-agent, and node's own proxies.
 */
import { secretsOf } from '../kubeconfig/secrets-of.ts';
import { Redactor } from '../redact.ts';
import { ClusterConnection } from './upstream-connection.ts';
import type { Agent } from 'node:http';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';

/** Headers of a request; an array is the same header several times (impersonated groups). */
export type CredentialHeaders = Readonly<Record<string, string | string[]>>;

/** The API server of one cluster, with the credentials that only the gate may use. */
export interface Upstream {
  readonly config: ClusterConfig;
  readonly base: URL;
  /**
   * Keep-alive agent with CA, client certificate and proxy of this cluster; of node:https where `base` is https.
   * Take it after `credentials()` has answered, each time: a plugin or a renewed file may bring another certificate.
   */
  readonly agent: Agent;
  /**
   * Headers that carry the credentials (`authorization`, consented impersonation). May read a token file, run a
   * consented exec plugin or refresh OIDC; cached until they expire.
   * Throws AppError 'cluster.untrusted', 'cluster.credentials' or 'kubeconfig.invalid'.
   */
  credentials(signal?: AbortSignal): Promise<CredentialHeaders>;
  /** Forgets cached credentials: the API server just answered 401 to them. */
  renew(): void;
}

/** Throws AppError 'cluster.unknown', or 'cluster.untrusted' while a question of the kubeconfig is not consented to. */
export interface Upstreams {
  get(cluster: string): Upstream;
}

export class ClusterUpstreams implements Upstreams {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #redactor: Redactor;
  readonly #connections = new Map<string, { readonly revision: string; readonly connection: ClusterConnection }>();
  readonly #unsubscribe: () => void;

  /** @param redactor is told every credential of a context before the first is used */
  constructor(kubeconfigs: Kubeconfigs, redactor: Redactor = new Redactor()) {
    this.#redactor = redactor;
    this.#kubeconfigs = kubeconfigs;
    this.#unsubscribe = kubeconfigs.onChange(() => this.#dropGone());
  }

  get(cluster: string): Upstream {
    const { revision, material, config } = this.#kubeconfigs.material(cluster);
    this.#kubeconfigs.assertTrusted(cluster);
    const known = this.#connections.get(cluster);
    if (known?.revision === revision) return known.connection;
    known?.connection.close();
    for (const secret of secretsOf(material)) this.#redactor.register(secret);
    const connection = new ClusterConnection(this.#kubeconfigs, config, material, this.#redactor);
    this.#connections.set(cluster, { revision, connection });
    return connection;
  }

  close(): void {
    this.#unsubscribe();
    for (const { connection } of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  #dropGone(): void {
    for (const [id, { connection }] of this.#connections) {
      if (this.#kubeconfigs.get(id) !== undefined) continue;
      connection.close();
      this.#connections.delete(id);
    }
  }
}
