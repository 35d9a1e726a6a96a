import { isDeepStrictEqual } from 'node:util';
import { at, isObject, type Json, type JsonObject } from './shown.ts';

/**
 * The JSON merge patch (RFC 7386) that turns `from` into `to`: null for keys that go, whole lists where one differs.
 * Undefined where they are equal.
 */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject | undefined {
  const patch: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [old, wanted] = [from[key], to[key]];
    if (wanted === undefined) patch[key] = null;
    else if (isObject(old) && isObject(wanted)) {
      const inner = mergePatch(old, wanted);
      if (inner !== undefined) patch[key] = inner;
    } else if (!isDeepStrictEqual(old, wanted)) patch[key] = wanted;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The paths that a merge patch sets or removes, each as its keys. */
export function touchedPaths(patch: JsonObject, prefix: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const path = [...prefix, key];
    return isObject(value) && Object.keys(value).length > 0 ? touchedPaths(value, path) : [path];
  });
}

/** The touched paths at which `current` no longer holds what `expected` holds: somebody else changed them since. */
export function movedPaths(patch: JsonObject, expected: JsonObject, current: JsonObject): readonly string[] {
  return touchedPaths(patch)
    .filter((path) => !isDeepStrictEqual(at(expected, ...path), at(current, ...path)))
    .map((path) => path.join('.'));
}
