import { createHash } from 'node:crypto';
import type { Agent as HttpAgent } from 'node:http';
import { shown } from '../kubeconfig/parse.ts';
import { hasCredentials, isLoopback } from '../kubeconfig/trust.ts';
import { PluginCredentials } from './upstream-exec.ts';
import { credentialsError } from './upstream-failure.ts';
import { readNamed } from './upstream-files.ts';
import { ProviderCredentials } from './upstream-oidc.ts';
import { retire, secureAgent, type TlsMaterial } from './upstream-tls.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { Redactor } from '../redact.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { Material } from '../kubeconfig/material.ts';
import type { CredentialHeaders, Upstream } from './upstream.ts';

/** What authenticates a request, besides the kubeconfig's own client certificate. `until`: epoch ms, Infinity for ever. */
export interface Authentication {
  readonly bearer: string | null;
  readonly certificate: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly until: number;
}

/** A way that makes credentials by more than reading them. */
export interface CredentialSource {
  authenticate(signal: AbortSignal): Promise<Authentication>;
  renew(): void;
}

interface Ready {
  readonly headers: CredentialHeaders;
  readonly until: number;
}

/** Files are looked at again after this time, as tools that sign people in write new ones. */
const fileLifetimeMs = 10_000;

/** The connection to one cluster: its agent and its credentials, made on first use and kept until they expire. */
export class ClusterConnection implements Upstream {
  readonly base: URL;
  readonly #kubeconfigs: Kubeconfigs;
  readonly #id: string;
  readonly #material: Material;
  readonly #redactor: Redactor;
  readonly #source: CredentialSource | null;
  readonly #closing = new AbortController();
  /** SHA-256 of the CA bundle that approvals of this connection are bound to. */
  readonly #authority: string | null;
  #config: ClusterConfig;
  #ready: Ready | null = null;
  #making: Promise<Ready> | null = null;
  #agent: HttpAgent | null = null;
  #agentOf = '';

  constructor(kubeconfigs: Kubeconfigs, config: ClusterConfig, material: Material, redactor: Redactor) {
    const { id } = config;
    this.base = material.cluster.server;
    this.#config = config;
    this.#authority = config.identity.caSha256;
    this.#redactor = redactor;
    this.#kubeconfigs = kubeconfigs;
    this.#id = id;
    this.#material = material;
    const { exec, authProvider } = material.user;
    this.#source =
      exec !== null
        ? new PluginCredentials(kubeconfigs, id, exec, redactor)
        : authProvider !== null
          ? new ProviderCredentials(kubeconfigs, id, authProvider, redactor)
          : null;
  }

  get config(): ClusterConfig {
    // Requests may still be under way when the context is taken out of its file.
    this.#config = this.#kubeconfigs.get(this.#id) ?? this.#config;
    return this.#config;
  }

  get agent(): HttpAgent {
    if (this.#agent === null) throw new Error('the agent is known only after credentials() has answered');
    return this.#agent;
  }

  async credentials(signal?: AbortSignal): Promise<CredentialHeaders> {
    if (this.#ready !== null && Date.now() < this.#ready.until) return this.#ready.headers;
    signal?.throwIfAborted();
    this.#making ??= this.#make().finally(() => (this.#making = null));
    return (await orAborted(this.#making, signal)).headers;
  }

  renew(): void {
    this.#ready = null;
    this.#source?.renew();
  }

  close(): void {
    this.#closing.abort();
    if (this.#agent !== null) retire(this.#agent);
  }

  async #make(): Promise<Ready> {
    const { user, cluster } = this.#material;
    const name = this.#material.context;
    if (user.token !== null && user.username !== null) {
      throw credentialsError(
        name,
        'names both a token and a user name, and only one can be sent',
        'Remove one of the two from the kubeconfig.',
      );
    }
    if (user.exec !== null && user.authProvider !== null) {
      throw credentialsError(
        name,
        'names both a plugin and an auth provider, and only one can be used',
        'Remove one of the two from the kubeconfig.',
      );
    }
    const [ca, cert, key, token] = await Promise.all([
      this.#bytes('certificate authority', cluster.caFile, cluster.caData),
      this.#bytes('client certificate', user.certFile, user.certData),
      this.#bytes('client key', user.keyFile, user.keyData),
      this.#bytes('token', user.tokenFile, null),
    ]);
    for (const secret of [key, token]) if (secret !== null) this.#redactor.register(secret.toString('utf8').trim());
    await this.#assertSameAuthority(ca);
    const made = (await this.#source?.authenticate(this.#closing.signal)) ?? null;
    const own = cert === null || key === null ? null : { cert, key };
    await this.#useAgent({ ca, certificate: made?.certificate ?? own });
    const readFiles = [cluster.caFile, user.certFile, user.keyFile, user.tokenFile].some((path) => path !== null);
    this.#ready = {
      headers: this.#headers(made?.bearer ?? token?.toString('utf8').trim() ?? user.token),
      until: Math.min(made?.until ?? Infinity, readFiles ? Date.now() + fileLifetimeMs : Infinity),
    };
    return this.#ready;
  }

  /**
   * Approvals are bound to the authority that was known when this connection was made. A file with another one makes
   * another connection, so that a write approved for the old one never goes over the new.
   */
  async #assertSameAuthority(ca: Buffer | null): Promise<void> {
    const { caFile, caData } = this.#material.cluster;
    if (ca === null || caFile === null || caData !== null) return;
    if (createHash('sha256').update(ca).digest('hex') === this.#authority) return;
    await this.#kubeconfigs.recheck(this.#id);
    throw credentialsError(
      this.#material.context,
      `names the certificate authority ${shown(caFile)}, whose content changed`,
      'Try again; changes that were shown before have to be shown anew.',
    );
  }

  #headers(bearer: string | null): CredentialHeaders {
    const { user, cluster, context } = this.#material;
    const headers: Record<string, string | string[]> = {};
    const inClear = cluster.server.protocol === 'http:' && !isLoopback(cluster.server.hostname);
    if (!inClear && bearer !== null) headers['authorization'] = `Bearer ${bearer}`;
    else if (!inClear && user.username !== null && hasCredentials(this.#material)) {
      const pair = `${user.username}:${user.password ?? ''}`;
      headers['authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    }
    if (user.impersonate !== null) {
      const { user: as, uid, groups, extra } = user.impersonate;
      if (as !== null) headers['impersonate-user'] = as;
      if (uid !== null) headers['impersonate-uid'] = uid;
      if (groups.length > 0) headers['impersonate-group'] = [...groups];
      for (const [key, values] of Object.entries(extra)) {
        headers[`impersonate-extra-${escapeHeaderKey(key)}`] = [...values];
      }
    }
    const bad = Object.values(headers)
      .flat()
      .find((value) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value));
    if (bad !== undefined) {
      throw credentialsError(
        context,
        'holds credentials with characters that cannot be sent',
        'Correct the token or the names in the kubeconfig.',
      );
    }
    return headers;
  }

  async #bytes(what: string, path: string | null, base64: string | null): Promise<Buffer | null> {
    if (base64 !== null) return Buffer.from(base64, 'base64');
    return path === null ? null : readNamed(this.#kubeconfigs, this.#id, what, path);
  }

  /** Keeps the agent, and with it its open connections, for as long as what it was made of stays the same. */
  async #useAgent(tls: TlsMaterial): Promise<void> {
    const parts = [tls.ca, tls.certificate?.cert, tls.certificate?.key];
    const of = createHash('sha256')
      .update(JSON.stringify(parts.map((part) => part?.toString('base64'))))
      .digest('hex');
    if (this.#agent !== null && this.#agentOf === of) return;
    const agent = await secureAgent(this.#material, tls);
    if (this.#agent !== null) retire(this.#agent);
    this.#agent = agent;
    this.#agentOf = of;
  }
}

/** The work goes on for others who wait for it; this caller stops waiting. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A key of `as-user-extra` as a header's name: what a name may not hold is percent-encoded. */
function escapeHeaderKey(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
