import type { Upstream, Upstreams } from './upstream.ts';

/**
 * The same upstreams; whatever credential one of them sends is told to `learn` first, so that it can be kept out of
 * everything an API server's answer may end up in: a careless or hostile one repeats in its errors what it was sent.
 */
export function learningUpstreams(upstreams: Upstreams, learn: (secret: string) => void): Upstreams {
  const known = new WeakMap<Upstream, Upstream>();
  return {
    get(cluster) {
      const upstream = upstreams.get(cluster);
      const learning = known.get(upstream) ?? learningUpstream(upstream, learn);
      known.set(upstream, learning);
      return learning;
    },
  };
}

function learningUpstream(upstream: Upstream, learn: (secret: string) => void): Upstream {
  return {
    get config() {
      return upstream.config;
    },
    get base() {
      return upstream.base;
    },
    get agent() {
      return upstream.agent;
    },
    async credentials(signal) {
      const headers = await upstream.credentials(signal);
      for (const secret of secretsOf(headers['authorization'])) learn(secret);
      return headers;
    },
    renew: () => upstream.renew(),
  };
}

/** The token, or the pair as sent and its password. */
function secretsOf(authorization: string | readonly string[] | undefined): string[] {
  if (typeof authorization !== 'string') return [];
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme !== 'Basic') return [value];
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return [value, pair.slice(pair.indexOf(':') + 1)];
}
