import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { parse } from 'yaml';
import { AppError } from '../../../shared/errors.ts';
import type { Upstream, Upstreams } from '../../../main/gate/upstream.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** The first context of a kubeconfig file, with a token or a client certificate: enough to prove the gate alone. */
export function upstreamOf(id: string, file: string): Upstream {
  const { clusters, users } = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster ?? {};
  const user = users[0]?.user ?? {};
  const bytes = (name: string, from: Readonly<Record<string, string>>) => {
    const inline = from[`${name}-data`];
    if (inline !== undefined) return Buffer.from(inline, 'base64');
    return from[name] === undefined ? undefined : readFileSync(from[name]);
  };
  const ca = bytes('certificate-authority', cluster);
  const { token } = user;
  return upstreamTo(id, cluster['server'] ?? '', {
    ca,
    cert: bytes('client-certificate', user),
    key: bytes('client-key', user),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

export function upstreamTo(
  id: string,
  server: string,
  how: {
    readonly ca?: Buffer | string | undefined;
    readonly cert?: Buffer | undefined;
    readonly key?: Buffer | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Upstream {
  const caSha256 = how.ca === undefined ? null : createHash('sha256').update(how.ca).digest('hex');
  return {
    config: {
      id,
      context: id,
      source: 'test',
      server,
      user: 'test',
      namespace: 'default',
      identity: { server, caSha256 },
      questions: [],
      demo: false,
    },
    base: new URL(server),
    agent: new Agent({ keepAlive: true, ca: how.ca, cert: how.cert, key: how.key }),
    credentials: () => Promise.resolve(how.headers ?? {}),
    renew: () => undefined,
  };
}

export function upstreamsOf(...all: readonly Upstream[]): Upstreams {
  return {
    get(cluster) {
      const found = all.find((one) => one.config.id === cluster);
      if (found !== undefined) return found;
      throw new AppError({
        code: 'cluster.unknown',
        message: `There is no cluster ${cluster}.`,
        remedy: 'Choose another.',
      });
    },
  };
}
