import type { Target } from './permits.ts';
import { badRequest } from './refusal.ts';

/** A path as the API server will understand it, decoded once and written canonically. */
export interface ApiPath {
  /** The only form that is forwarded. */
  readonly path: string;
  /** Null: not a resource (`/version`, discovery, `/openapi`). */
  readonly target: Target | null;
  /** What follows a subresource (`proxy/stats/summary` → `stats/summary`), null where nothing may follow. */
  readonly rest: string | null;
}

const encoded = /%(2e|2f|5c|25|00)/i;
const control = /[\u0000-\u001f\u007f\\]/;
const groupForm = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const versionForm = /^[a-z0-9]+$/;
const resourceForm = /^[a-z][a-z0-9-]*$/;
const legacyPrefixes = new Set(['watch', 'proxy', 'redirect']);

/**
 * Reads a raw request path. The API server decodes `%2F` before it routes, so anything that could be read in two ways
 * is refused: encoded slashes and dots, empty segments, upward steps, backslashes. Throws Refusal.
 */
export function readPath(raw: string): ApiPath {
  if (!raw.startsWith('/')) throw badRequest(`The path "${shorten(raw)}" does not start with a slash.`);
  if (encoded.test(raw))
    throw badRequest(`The path "${shorten(raw)}" hides a slash, dot or percent sign in an escape.`);
  const parts = raw.slice(1).split('/');
  const slashAtEnd = parts.length > 1 && parts.at(-1) === '';
  if (slashAtEnd) parts.pop();
  const segments = parts.map((part) => decode(part, raw));
  const found = readSegments(segments, raw);
  const path = `/${segments.map(encode).join('/')}`;
  const keepsSlash = slashAtEnd && found.rest !== null;
  return { path: keepsSlash ? `${path}/` : path, ...found };
}

function decode(part: string, raw: string): string {
  let segment: string;
  try {
    segment = decodeURIComponent(part);
  } catch {
    throw badRequest(`The path "${shorten(raw)}" holds a broken escape.`);
  }
  if (segment === '' || segment === '.' || segment === '..' || segment.includes('/') || control.test(segment)) {
    throw badRequest(`The path "${shorten(raw)}" holds an empty, upward or unprintable segment.`);
  }
  return segment;
}

function encode(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%3A', ':');
}

function readSegments(segments: readonly string[], raw: string): Pick<ApiPath, 'target' | 'rest'> {
  const [root, first, second] = segments;
  if (root === 'api' && segments.length > 2) {
    if (first !== 'v1') throw badRequest(`The path "${shorten(raw)}" names no known version of the core API.`);
    return readResource('', first, segments.slice(2), raw);
  }
  if (root === 'apis' && segments.length > 3) {
    if (first === undefined || second === undefined || !groupForm.test(first) || !versionForm.test(second)) {
      throw badRequest(`The path "${shorten(raw)}" names no API group and version.`);
    }
    return readResource(first, second, segments.slice(3), raw);
  }
  return { target: null, rest: null };
}

function readResource(
  group: string,
  version: string,
  segments: readonly string[],
  raw: string,
): Pick<ApiPath, 'target' | 'rest'> {
  const [first, namespace, third] = segments;
  const isNamespaceObject =
    group === '' && first === 'namespaces' && (segments.length <= 2 || third === 'status' || third === 'finalize');
  if (first !== 'namespaces' || (isNamespaceObject && segments.length <= 3)) {
    return readObject({ group, version, namespace: null }, segments, raw);
  }
  if (namespace === undefined || third === undefined) {
    throw badRequest(`The path "${shorten(raw)}" names no resource.`);
  }
  return readObject({ group, version, namespace }, segments.slice(2), raw);
}

function readObject(
  place: Pick<Target, 'group' | 'version' | 'namespace'>,
  segments: readonly string[],
  raw: string,
): Pick<ApiPath, 'target' | 'rest'> {
  const [resource, name = null, subresource = null, ...rest] = segments;
  if (resource === undefined || !resourceForm.test(resource) || legacyPrefixes.has(resource)) {
    throw badRequest(`The path "${shorten(raw)}" names no resource.`);
  }
  if (subresource !== null && !resourceForm.test(subresource)) {
    throw badRequest(`The path "${shorten(raw)}" names no subresource.`);
  }
  if (rest.length > 0 && subresource !== 'proxy') {
    throw badRequest(`The path "${shorten(raw)}" goes on where nothing may follow.`);
  }
  const target: Target = { ...place, resource, name, subresource };
  return { target, rest: subresource === 'proxy' ? rest.join('/') : null };
}

function shorten(raw: string): string {
  return raw.length > 120 ? `${raw.slice(0, 120)}…` : raw;
}
