/** What a path means to the API server. Paths come decoded once, so `%2F` separates like `/`. */

/** An object, a collection or a subresource. `name`, `subresource`, `namespace` are '' where the path has none. */
export interface ResourcePath {
  kind: 'resource';
  group: string;
  version: string;
  namespace: string;
  plural: string;
  name: string;
  subresource: string;
  /** What follows a proxy subresource. */
  rest: string;
  /** The old form `/api/v1/watch/…`. */
  isWatch: boolean;
}

/** Anything else: `/version`, `/api`, `/openapi/v3`, `/healthz`. */
export interface PlainPath {
  kind: 'plain';
  path: string;
}

export type Path = ResourcePath | PlainPath;

/** Parts of /namespaces/NAME that are subresources, not collections in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** Null where no handler can be meant (empty or dotted segments): plain-text 404. */
export function parsePath(decoded: string): Path | null {
  const path = decoded.length > 1 && decoded.endsWith('/') ? decoded.slice(0, -1) : decoded;
  const parts = path.slice(1).split('/');
  if (path !== '/' && parts.some((part) => part === '' || part === '.' || part === '..')) return null;
  const isCore = parts[0] === 'api';
  const start = isCore ? 2 : 3;
  if ((!isCore && parts[0] !== 'apis') || parts.length <= start) return { kind: 'plain', path };
  const group = isCore ? '' : (parts[1] ?? '');
  const version = parts[start - 1] ?? '';
  let rest = parts.slice(start);
  const isWatch = rest[0] === 'watch' && rest.length > 1;
  if (isWatch) rest = rest.slice(1);
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 2 && !(rest.length === 3 && namespaceSubresources.has(rest[2] ?? ''))) {
    namespace = rest[1] ?? '';
    rest = rest.slice(2);
  }
  const [plural = '', name = '', subresource = '', ...more] = rest;
  return { kind: 'resource', group, version, namespace, plural, name, subresource, rest: more.join('/'), isWatch };
}
