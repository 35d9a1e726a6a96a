import { oidcToken } from './upstream-client.ts';
import { credentialsError } from './upstream-failure.ts';
import { readNamed } from './upstream-files.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { AuthProviderEntry } from '../kubeconfig/material.ts';
import type { Authentication, CredentialSource } from './upstream-connection.ts';

const timeoutMs = 20_000;
/** Before its end a token is renewed, as a request may take a while. */
const marginMs = 10_000;

/** The OIDC auth provider: the kubeconfig's ID token while it lasts, then one from the issuer. New tokens stay in memory. */
export class OidcCredentials implements CredentialSource {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #id: string;
  readonly #name: string;
  readonly #provider: Record<string, string>;

  constructor(kubeconfigs: Kubeconfigs, id: string, provider: AuthProviderEntry) {
    this.#kubeconfigs = kubeconfigs;
    this.#id = id;
    this.#name = provider.name;
    this.#provider = { ...provider.config };
  }

  async authenticate(signal: AbortSignal): Promise<Authentication> {
    const { context } = this.#kubeconfigs.material(this.#id).material;
    if (this.#name !== 'oidc') return this.#retired(context);
    const provider = this.#provider;
    const caFile = provider['idp-certificate-authority'] ?? '';
    if (caFile !== '') {
      const ca = await readNamed(this.#kubeconfigs, this.#id, 'certificate authority of the identity provider', caFile);
      provider['idp-certificate-authority-data'] = ca.toString('base64');
      delete provider['idp-certificate-authority'];
    }
    // Without an ID token the client would not even try the refresh token; this one is expired to it.
    provider['id-token'] ??= 'none';
    const issuer = provider['idp-issuer-url'] ?? 'the issuer';
    const remedy = `Sign in again with the tool that wrote this kubeconfig; the issuer is ${issuer}.`;
    const token = await within(oidcToken(provider), signal).catch((error: unknown) => {
      throw credentialsError(context, `names an identity provider that gave no new token`, remedy, error);
    });
    if (token === null || token === 'none') {
      throw credentialsError(context, 'holds an ID token that is expired, and nothing to renew it', remedy);
    }
    return { bearer: token, certificate: null, until: (expiryOf(token) ?? Infinity) - marginMs };
  }

  renew(): void {
    this.#provider['id-token'] = 'none';
  }

  /** gcp and azure went from kubectl in 1.26; a token that they left behind still works while it lasts. */
  #retired(context: string): Authentication {
    const token = this.#provider['access-token'];
    const until = Date.parse(this.#provider['expiry'] ?? '');
    if (token !== undefined && !(until < Date.now())) return { bearer: token, certificate: null, until: Infinity };
    const remedy = 'Write the kubeconfig anew with the current tool of your provider, which uses an exec plugin.';
    throw credentialsError(context, `uses the sign-in way ${this.#name}, which Kubernetes has retired`, remedy);
  }
}

/** End of a JSON Web Token, epoch ms; null where it is none or says nothing. */
function expiryOf(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const end = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null;
    return typeof end === 'number' ? end * 1000 : null;
  } catch {
    return null;
  }
}

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { promise, reject } = Promise.withResolvers<never>();
  limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
  return Promise.race([work, promise]);
}
