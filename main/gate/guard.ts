import { createHash } from 'node:crypto';
import { isFields, textAt, type Fields, type Value } from './body.ts';
import { badRequest } from './refusal.ts';

/** Uid and resourceVersion of the object that a preview was shown on. */
export interface Guard {
  readonly uid: string;
  readonly resourceVersion: string;
}

export function guardOf(object: unknown): Guard | null {
  const uid = textAt(object, 'metadata', 'uid');
  const resourceVersion = textAt(object, 'metadata', 'resourceVersion');
  return uid === null || resourceVersion === null ? null : { uid, resourceVersion };
}

/**
 * Writes the guard into the metadata of an object (PUT, merge, strategic and apply patch). A client's own non-empty
 * guard stays: if it is stale the API server says so now. `""`, `"0"` and null mean 'no guard' there, so they do not.
 */
export function guardObject(body: Value, guard: Guard): Fields {
  if (!isFields(body)) throw badRequest('The body is not an object.');
  const metadata = body['metadata'];
  if (metadata !== undefined && metadata !== null && !isFields(metadata))
    throw badRequest('metadata is not an object.');
  const own = textAt(body, 'metadata', 'resourceVersion');
  return {
    ...body,
    metadata: {
      ...metadata,
      uid: textAt(body, 'metadata', 'uid') ?? guard.uid,
      resourceVersion: own === null || own === '0' ? guard.resourceVersion : own,
    },
  };
}

const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);
const operationKeys = new Set(['op', 'path', 'from', 'value']);

/** A `test` of the resourceVersion answers an unspecific 422; replacing it by the old value answers the clear 409. */
export function guardJsonPatch(body: Value, guard: Guard): Value[] {
  if (!Array.isArray(body)) throw badRequest('A JSON patch is a list of operations.');
  for (const operation of body as Value[]) {
    if (!isFields(operation) || !operations.has(textAt(operation, 'op') ?? '')) {
      throw badRequest('The JSON patch holds an unknown operation.');
    }
    if (Object.keys(operation).some((key) => !operationKeys.has(key))) {
      throw badRequest('An operation of the JSON patch holds an unknown key.');
    }
    if (unguards(operation, guard)) {
      throw badRequest('The JSON patch takes away the state that the object is expected in.');
    }
  }
  return [
    { op: 'test', path: '/metadata/uid', value: guard.uid },
    { op: 'replace', path: '/metadata/resourceVersion', value: guard.resourceVersion },
    ...(body as Value[]),
  ];
}

const guarded = ['', '/metadata', '/metadata/uid', '/metadata/resourceVersion'];

/** Whether an operation would take the guard out again that stands before it; saying the same once more does not. */
function unguards(operation: Fields, guard: Guard): boolean {
  const { op, path, from, value } = operation;
  if (typeof path !== 'string') throw badRequest('An operation of the JSON patch names no path.');
  if (op === 'move' && (typeof from !== 'string' || guarded.includes(from))) return true;
  if (op === 'test' || !guarded.includes(path)) return false;
  return path !== '/metadata/resourceVersion' || op === 'remove' || value !== guard.resourceVersion;
}

/** The recorded body with another resourceVersion in its guard: only the place where the gate wrote it. */
export function renewGuard(body: string, from: string, to: string): string {
  const parsed: unknown = JSON.parse(body);
  if (Array.isArray(parsed)) return body.replace(`"value":${JSON.stringify(from)}`, `"value":${JSON.stringify(to)}`);
  const written = `"resourceVersion":${JSON.stringify(from)}`;
  const first = body.indexOf(written);
  if (first < 0 || body.includes(written, first + 1)) throw new Error('the guard is not where the gate wrote it');
  return body.replace(written, () => `"resourceVersion":${JSON.stringify(to)}`);
}

/** Whether a write is to the status itself, which then is what was approved. */
export function isOfStatus(subresource: string | null): boolean {
  return subresource === 'status' || subresource === 'approval';
}

/** Whether two states of an object differ only in what controllers and the server write: status and bookkeeping. */
export function sameButStatus(before: unknown, now: unknown, subresource: string | null = null): boolean {
  const keeps = isOfStatus(subresource);
  return canonical(shownParts(before, keeps)) === canonical(shownParts(now, keeps));
}

/** SHA-256 of an object without status and bookkeeping: equal as long as nobody changed what it asks for. */
export function shownSha256(object: unknown): string {
  return createHash('sha256')
    .update(canonical(shownParts(object, false)))
    .digest('hex');
}

function shownParts(object: unknown, keepsStatus: boolean): unknown {
  if (!isFields(object)) return object;
  const { status, metadata, ...others } = object;
  const rest = keepsStatus ? { ...others, status } : others;
  if (!isFields(metadata)) return rest;
  const { resourceVersion: _version, managedFields: _fields, generation: _generation, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
