import { badRequest } from './refusal.ts';

/** Keys in the order they came, decoded. */
export type Query = readonly (readonly [key: string, value: string])[];

/** What a read may say. */
const readKeys = [
  'watch',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'labelSelector',
  'fieldSelector',
  'timeoutSeconds',
  'timeout',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'includeObject',
  'pretty',
  'hash',
];
const logKeys = [
  'container',
  'follow',
  'previous',
  'sinceSeconds',
  'sinceTime',
  'timestamps',
  'tailLines',
  'limitBytes',
  'stream',
  'pretty',
  'timeout',
];
const nodeLogKeys = ['query', 'tailLines', 'sinceTime', 'untilTime', 'boot', 'pattern'];
const probeKeys = ['verbose', 'exclude', 'timeout'];
const writeKeys = ['fieldManager', 'fieldValidation', 'force', 'pretty', 'timeout', 'timeoutSeconds', 'dryRun'];
const deleteKeys = ['gracePeriodSeconds', 'propagationPolicy', 'orphanDependents', 'resourceVersion'];
const collectionKeys = ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersionMatch'];

/** The allowed keys per kind of request; everything else is refused, because a key the server drops changes the meaning. */
export const allowedKeys = {
  read: new Set(readKeys),
  probe: new Set(probeKeys),
  log: new Set(logKeys),
  nodeLog: new Set(nodeLogKeys),
  write: new Set(writeKeys),
  delete: new Set([...writeKeys, ...deleteKeys]),
  deletecollection: new Set([...writeKeys, ...deleteKeys, ...collectionKeys]),
} as const;

const repeatable = new Set(['command', 'ports', 'query']);

/**
 * Reads a raw query. The API server silently drops a pair that holds ';' or a broken escape, so both are refused
 * here, and so is a second '?'. Throws Refusal.
 */
export function readQuery(raw: string): Query {
  if (raw === '') return [];
  if (raw.includes(';') || raw.includes('?'))
    throw badRequest('The query holds ";" or "?", which servers read differently.');
  return raw
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=');
      const key = cut < 0 ? pair : pair.slice(0, cut);
      return [decode(key), cut < 0 ? '' : decode(pair.slice(cut + 1))] as const;
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('The query holds a broken escape.');
  }
}

/** Throws Refusal for a key that is not in the list, and for one that is there twice. */
export function checkKeys(query: Query, allowed: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const [key] of query) {
    if (!allowed.has(key)) throw badRequest(`The query key "${key.slice(0, 60)}" is not known for this request.`);
    if (seen.has(key) && !repeatable.has(key)) throw badRequest(`The query key "${key}" is there twice.`);
    seen.add(key);
  }
}

export function valueOf(query: Query, key: string): string | null {
  return query.find(([name]) => name === key)?.[1] ?? null;
}

/** The canonical text: keys sorted, values of a repeated key in their order, without '?'. */
export function writeQuery(query: Query): string {
  return query
    .map(([key, value], index) => ({ key, value, index }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index))
    .map(({ key, value }) => `${encode(key)}=${encode(value)}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** The API server's reading of a boolean key: `watch`, `watch=` and `watch=yes` all watch; only `0` and `false` do not. */
export function isSet(query: Query, key: string): boolean {
  const value = valueOf(query, key);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
