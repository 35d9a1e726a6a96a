import { isDeepStrictEqual } from 'node:util';
import { ApiError, badRequest } from '../errors.ts';

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** What a JSON patch that cannot be applied answers. */
export function unprocessable(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function segments(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw unprocessable();
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function indexOf(list: unknown[], part: string, isAdding: boolean): number {
  if (part === '-' && isAdding) return list.length;
  if (!/^-?\d+$/.test(part)) throw unprocessable();
  const index = Number(part) < 0 ? list.length + Number(part) : Number(part);
  if (index < 0 || index >= list.length + (isAdding ? 1 : 0)) throw unprocessable();
  return index;
}

function child(parent: unknown, part: string): unknown {
  if (Array.isArray(parent)) return parent[indexOf(parent, part, false)];
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, part)) throw unprocessable();
  return (parent as Record<string, unknown>)[part];
}

function locate(root: unknown, pointer: string): { parent: unknown; last: string } {
  const parts = segments(pointer);
  const last = parts.pop();
  if (last === undefined) throw unprocessable();
  return { parent: parts.reduce(child, root), last };
}

function add(root: unknown, pointer: string, value: unknown): void {
  const { parent, last } = locate(root, pointer);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, last, true), 0, value);
  else if (typeof parent === 'object' && parent !== null) (parent as Record<string, unknown>)[last] = value;
  else throw unprocessable();
}

function remove(root: unknown, pointer: string): unknown {
  const { parent, last } = locate(root, pointer);
  const value = child(parent, last);
  if (Array.isArray(parent)) parent.splice(indexOf(parent, last, false), 1);
  else Reflect.deleteProperty(parent as object, last);
  return value;
}

function read(root: unknown, pointer: string): unknown {
  return segments(pointer).reduce(child, root);
}

/** RFC 6902. The document is not changed. @throws ApiError 422 where an operation cannot be done or a test fails. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  const root = structuredClone(document);
  for (const { op, path, from = '', value } of structuredClone(patch) as Operation[]) {
    if (op === 'add') add(root, path, value);
    else if (op === 'remove') remove(root, path);
    else if (op === 'replace') {
      remove(root, path);
      add(root, path, value);
    } else if (op === 'move') add(root, path, remove(root, from));
    else if (op === 'copy') add(root, path, structuredClone(read(root, from)));
    else if (op === 'test') {
      if (!isDeepStrictEqual(testValue(root, path), value ?? null)) throw unprocessable();
    } else throw unprocessable();
  }
  return root;
}

/** A missing field equals null in a test. */
function testValue(root: unknown, path: string): unknown {
  const { parent, last } = locate(root, path);
  if (typeof parent === 'object' && parent !== null && !Array.isArray(parent) && !Object.hasOwn(parent, last))
    return null;
  return child(parent, last);
}
