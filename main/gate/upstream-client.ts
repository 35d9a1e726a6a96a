import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Material } from '../kubeconfig/material.ts';
import type { TlsMaterial } from './upstream-tls.ts';

/** The door to @kubernetes/client-node, opened on first use: loading it takes half a second, and few clusters need it. */
async function kubeConfig(): Promise<KubeConfig> {
  const { KubeConfig: Loaded } = await import('@kubernetes/client-node');
  return new Loaded();
}

/** Agent that goes through the kubeconfig's proxy (http, https or socks). Nothing is read from files. */
export async function proxyAgent({ cluster }: Material, { ca, certificate }: TlsMaterial): Promise<Agent> {
  const config = await kubeConfig();
  config.loadFromClusterAndUser(
    {
      name: 'cluster',
      server: cluster.server.href,
      skipTLSVerify: cluster.insecureSkipTlsVerify,
      ...(ca === null ? {} : { caData: ca.toString('base64') }),
      ...(cluster.tlsServerName === null ? {} : { tlsServerName: cluster.tlsServerName }),
      ...(cluster.proxyUrl === null ? {} : { proxyUrl: cluster.proxyUrl }),
    },
    {
      name: 'user',
      ...(certificate === null
        ? {}
        : { certData: certificate.cert.toString('base64'), keyData: certificate.key.toString('base64') }),
    },
  );
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  if (typeof options.agent !== 'object') throw new Error('the client made no agent for the proxy');
  return options.agent;
}

/**
 * One OIDC sign-in by what the kubeconfig holds. `provider` is changed where the issuer gave new tokens.
 * Returns the ID token, or null where it is expired and nothing can renew it.
 */
export async function oidcToken(provider: Record<string, string>): Promise<string | null> {
  const config = await kubeConfig();
  config.loadFromClusterAndUser(
    { name: 'cluster', server: 'https://127.0.0.1', skipTLSVerify: false },
    { name: 'user', authProvider: { name: 'oidc', config: provider } },
  );
  const options: RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const authorization = (options.headers as Record<string, string | undefined>)['Authorization'];
  return authorization?.replace(/^Bearer /, '') ?? null;
}
