import { shown } from '../kubeconfig/parse.ts';
import { credentialsError } from './upstream-failure.ts';
import { readNamed } from './upstream-files.ts';
import { refresh } from './upstream-issuer.ts';
import type { Redactor } from '../redact.ts';
import type { Kubeconfigs } from '../kubeconfig/kubeconfig.ts';
import type { AuthProviderEntry } from '../kubeconfig/material.ts';
import type { Authentication, CredentialSource } from './upstream-connection.ts';

/** Before its end a token is renewed, as a request may take a while. */
const marginMs = 10_000;

/**
 * The auth providers. OIDC: the kubeconfig's ID token while it lasts, then one from the issuer; new tokens stay in
 * memory, as a kubeconfig is never written. gcp and azure went from kubectl in 1.26: a token that they left behind is
 * sent while it lasts, their programs are never run.
 */
export class ProviderCredentials implements CredentialSource {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #id: string;
  readonly #redactor: Redactor;
  readonly #name: string;
  readonly #config: Readonly<Record<string, string>>;
  #idToken: string | null;
  #refreshToken: string | null;

  constructor(kubeconfigs: Kubeconfigs, id: string, { name, config }: AuthProviderEntry, redactor: Redactor) {
    this.#redactor = redactor;
    this.#kubeconfigs = kubeconfigs;
    this.#id = id;
    this.#name = name;
    this.#config = config;
    this.#idToken = this.#text('id-token');
    this.#refreshToken = this.#text('refresh-token');
  }

  async authenticate(signal: AbortSignal): Promise<Authentication> {
    if (this.#name !== 'oidc') return this.#retired();
    if (this.#idToken === null || untilOf(this.#idToken) <= Date.now()) this.#idToken = await this.#renewed(signal);
    return { bearer: this.#idToken, certificate: null, until: untilOf(this.#idToken) };
  }

  renew(): void {
    // Without a refresh token the old one is all there is; the API server says what is wrong with it.
    if (this.#refreshToken !== null) this.#idToken = null;
  }

  async #renewed(signal: AbortSignal): Promise<string> {
    const [issuer, clientId, refreshToken] = [
      this.#text('idp-issuer-url'),
      this.#text('client-id'),
      this.#refreshToken,
    ];
    if (issuer === null || clientId === null || refreshToken === null) {
      throw this.#failed('holds an ID token that is expired, and nothing to renew it');
    }
    const asked = { issuer, clientId, clientSecret: this.#text('client-secret'), refreshToken, ca: await this.#ca() };
    const given = await refresh(asked, signal).catch((error: unknown) => {
      throw this.#failed('names an identity provider that gave no new token', error);
    });
    if (given.idToken === null) throw this.#failed('names an identity provider that gave no ID token');
    this.#refreshToken = given.refreshToken ?? refreshToken;
    this.#redactor.register(this.#refreshToken);
    return given.idToken;
  }

  async #ca(): Promise<string | null> {
    const inline = this.#text('idp-certificate-authority-data');
    if (inline !== null) return Buffer.from(inline, 'base64').toString('utf8');
    const path = this.#text('idp-certificate-authority');
    if (path === null) return null;
    const what = 'certificate authority of the identity provider';
    return (await readNamed(this.#kubeconfigs, this.#id, what, path)).toString('utf8');
  }

  #retired(): Authentication {
    const token = this.#text('access-token');
    const end = Date.parse(this.#text('expiry') ?? '');
    if (token !== null && !(end < Date.now())) return { bearer: token, certificate: null, until: Infinity };
    const what = `uses the sign-in way ${shown(this.#name)}, which Kubernetes has retired`;
    const remedy = 'Write the kubeconfig anew with the current tool of your provider, which uses an exec plugin.';
    throw credentialsError(this.#context(), what, remedy);
  }

  #failed(what: string, cause?: unknown) {
    const issuer = shown(this.#text('idp-issuer-url') ?? 'not named');
    const remedy = `Sign in again with the tool that wrote this kubeconfig; its issuer is ${issuer}.`;
    return credentialsError(this.#context(), what, remedy, cause);
  }

  #context(): string {
    return this.#kubeconfigs.material(this.#id).material.context;
  }

  #text(key: string): string | null {
    const value = Object.hasOwn(this.#config, key) ? this.#config[key] : undefined;
    return value === undefined || value === '' ? null : value;
  }
}

/** When a JSON Web Token has to be renewed, epoch ms; Infinity for a token that does not say, or is of another kind. */
function untilOf(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const end = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null;
    return typeof end === 'number' ? end * 1000 - marginMs : Infinity;
  } catch {
    return Infinity;
  }
}
