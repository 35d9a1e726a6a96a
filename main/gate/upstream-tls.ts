import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, getCACertificates, setDefaultCACertificates, type SecureContext } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import { shown } from '../kubeconfig/parse.ts';
import { isLoopback } from '../kubeconfig/trust.ts';
import { isProxy, proxyAgent } from './upstream-proxy.ts';
import type { Material } from '../kubeconfig/material.ts';

export interface TlsMaterial {
  /** PEM; null: the roots of the system and of Node. */
  readonly ca: Buffer | null;
  readonly certificate: { readonly cert: Buffer; readonly key: Buffer } | null;
}

const keepAlive = { keepAlive: true, keepAliveMsecs: 30_000, scheduling: 'lifo', maxFreeSockets: 32 } as const;

/** Throws AppError 'kubeconfig.invalid' where certificates, key or proxy cannot be used. */
export async function secureAgent(material: Material, tls: TlsMaterial): Promise<HttpAgent> {
  const { server, insecureSkipTlsVerify, tlsServerName, proxyUrl } = material.cluster;
  const secure = {
    ...keepAlive,
    ...(server.protocol === 'http:' ? {} : { secureContext: secureContext(material, tls) }),
    rejectUnauthorized: !insecureSkipTlsVerify,
    ...(tlsServerName === null ? {} : { servername: tlsServerName }),
  };
  if (proxyUrl !== null) {
    if (!isProxy(proxyUrl)) throw invalid(material, 'a proxy that is no http, https or socks address', null);
    return proxyAgent(proxyUrl, server.protocol, secure);
  }
  // The person's own proxy, as kubectl takes it from the environment; what is on this machine is reached without it.
  const own = isLoopback(server.hostname) ? {} : { proxyEnv: process.env };
  return server.protocol === 'http:' ? new HttpAgent({ ...keepAlive, ...own }) : new HttpsAgent({ ...secure, ...own });
}

/** Lets an agent go without cutting what still runs over it: a watch goes on until its end. */
export function retire(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  agent.maxFreeSockets = 0;
}

function secureContext(material: Material, { ca, certificate }: TlsMaterial): SecureContext {
  if (ca !== null && !ca.includes('-----BEGIN ')) {
    throw invalid(material, 'a certificate authority that is not in PEM format', null);
  }
  if (ca === null) trustSystemRoots();
  try {
    return createSecureContext({ ...(ca === null ? {} : { ca }), ...(certificate ?? {}) });
  } catch (error) {
    throw invalid(material, 'a certificate or key that cannot be used', error);
  }
}

let systemRootsTrusted = false;

/**
 * Adds the roots of the system to node's own, as kubectl trusts them: companies put theirs there. Once for the process,
 * as reading them takes a tenth of a second, and only when a cluster names no authority of its own.
 */
function trustSystemRoots(): void {
  if (systemRootsTrusted) return;
  systemRootsTrusted = true;
  setDefaultCACertificates([...new Set([...getCACertificates('bundled'), ...getCACertificates('system')])]);
}

function invalid(material: Material, what: string, cause: unknown): AppError {
  return new AppError(
    {
      code: 'kubeconfig.invalid',
      message: `The kubeconfig of ${shown(material.context)} has ${what}.`,
      remedy: `Correct ${material.source}.`,
      cluster: material.context,
    },
    { cause },
  );
}
