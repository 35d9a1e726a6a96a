import { stringify } from 'yaml';
import { isOfStatus } from '../gate/guard.ts';

/** Metadata that servers and controllers keep, and that no person approves or restores. */
const keptByServer = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Whether a parsed JSON value is an object, not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, or undefined where the path leaves the object. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let current: unknown = value;
  for (const key of path) {
    if (Array.isArray(current) && typeof key === 'number') current = current[key];
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current as Json | undefined;
}

/**
 * What a person is shown of an object and approves: without what only servers write, and without status unless the
 * write is to the status. Null stays null.
 */
export function shown(object: unknown, subresource: string | null = null): JsonObject | null {
  if (!isObject(object)) return null;
  const { status, metadata, ...others } = object;
  const rest = status !== undefined && isOfStatus(subresource) ? { ...others, status } : others;
  const kept = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !keptByServer.includes(key)))
    : {};
  const { apiVersion, kind, ...body } = subresource === 'scale' ? withReplicas(rest) : rest;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: kept,
    ...body,
  };
}

/** The API leaves `replicas: 0` of a Scale out. */
export function withReplicas(scale: JsonObject): JsonObject {
  return { ...scale, spec: { replicas: 0, ...(isObject(scale.spec) ? scale.spec : {}) } };
}

/** `shown` as YAML, two spaces, no folding: the text that cards and the journal compare line by line. */
export function shownYaml(object: unknown, subresource: string | null): string | null {
  const visible = shown(object, subresource);
  return visible === null ? null : stringify(visible, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** JSON with keys sorted at every level, so that equal values have equal text (RFC 8785 for what Kubernetes sends). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .filter((key) => value[key] !== undefined)
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
