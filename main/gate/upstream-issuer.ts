import { request } from 'node:https';
import type { CustomFetchOptions } from 'openid-client';

/** What an OIDC provider of a kubeconfig needs to give a new token. */
export interface RefreshRequest {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly refreshToken: string;
  /** PEM; null: the roots of Node. */
  readonly ca: string | null;
}

export interface Refreshed {
  readonly idToken: string | null;
  /** The next one, where the issuer gives each only once. */
  readonly refreshToken: string | null;
}

const timeoutMs = 20_000;
const maxBytes = 256 * 1024;

/** Asks the issuer for a new ID token. Throws what the library throws: a refusal, a timeout, an answer that is none. */
export async function refresh(asked: RefreshRequest, signal: AbortSignal): Promise<Refreshed> {
  // Loaded where it is needed: few kubeconfigs sign in this way.
  const oidc = await import('openid-client');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const fetchIt = (url: string, options: CustomFetchOptions) => fetchBounded(url, options, asked.ca, limit);
  const found = await oidc.discovery(new URL(asked.issuer), asked.clientId, undefined, oidc.None(), {
    [oidc.customFetch]: fetchIt,
  });
  const metadata = found.serverMetadata();
  const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const secret = asked.clientSecret;
  const authentication =
    secret === null
      ? oidc.None()
      : ways.includes('client_secret_basic')
        ? oidc.ClientSecretBasic(secret)
        : oidc.ClientSecretPost(secret);
  const config = new oidc.Configuration(metadata, asked.clientId, secret ?? undefined, authentication);
  config[oidc.customFetch] = fetchIt;
  const tokens = await oidc.refreshTokenGrant(config, asked.refreshToken);
  return { idToken: tokens.id_token ?? null, refreshToken: tokens.refresh_token ?? null };
}

/** One HTTPS request by the CA that the kubeconfig names. Redirects are not followed: a token is in it. */
function fetchBounded(
  url: string,
  { method, headers, body }: CustomFetchOptions,
  ca: string | null,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, ...(ca === null ? {} : { ca }) }, (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) outgoing.destroy(new Error('the issuer answered with more than a token'));
      });
      incoming.on('error', reject);
      incoming.on('end', () => {
        const type = incoming.headers['content-type'] ?? '';
        resolve(
          new Response(Buffer.concat(chunks), {
            status: incoming.statusCode ?? 502,
            headers: { 'content-type': type },
          }),
        );
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body === null || body === undefined ? undefined : Buffer.from(String(body)));
  });
}
