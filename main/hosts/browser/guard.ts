import type { IncomingMessage } from 'node:http';

/** The status of a request that is not for us, before anybody looks at what it asks. */
export type Refusal = 400 | 403 | 405 | 415 | 421;

/**
 * Judges where a request comes from. In this order: it is addressed to us by one of our names (a rebound name is not),
 * its method is one we have, and it comes from our own page. A request that changes anything (POST) must say so with its
 * Origin; a GET may lack it, for browsers send none, but Sec-Fetch-Site must not name another site.
 * A plain visit from elsewhere (a link) is let through to the page, which carries no secret.
 */
export function refusalOf(request: IncomingMessage, port: number): Refusal | null {
  const hosts = valuesOf(request, 'host');
  const own = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  const host = hosts[0];
  if (hosts.length !== 1 || host === undefined || !own.includes(host)) {
    return 421;
  }
  if (!request.url?.startsWith('/') || request.url.startsWith('//')) return 400;
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    return 405;
  }
  if (!isOwnOrigin(valuesOf(request, 'origin'), `http://${host}`, method)) return foreign;
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin') return null;
  if (method === 'POST') return foreign;
  if (site === 'none' || isVisit(request)) return null;
  return foreign;
}

/** Of a POST, after `refusalOf`: JSON only, so that no form and no `no-cors` fetch can make one. */
export function contentRefusalOf(request: IncomingMessage): Refusal | null {
  const type = (request.headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  const isJson = type === 'application/json' || type === 'application/json;charset=utf-8';
  if (isJson && request.headers['content-encoding'] === undefined) return null;
  return 415;
}

const foreign = 403;

function isOwnOrigin(origins: readonly string[], own: string, method: string): boolean {
  if (origins.length === 0) return method !== 'POST';
  return origins.length === 1 && origins[0] === own;
}

function isVisit({ method, url, headers }: IncomingMessage): boolean {
  const isPage = url === '/' || url === '/index.html';
  return (
    method === 'GET' && isPage && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

/** Every value of a header as sent: node keeps only the first `Host` in `headers`. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
