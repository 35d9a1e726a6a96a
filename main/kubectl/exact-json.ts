/**
 * JSON as Go reads it: integers of 64 bits stay exact, as `bigint` where a double cannot hold them. Everything in this
 * folder that looks at objects of a cluster takes them in this form.
 */
import { isLosslessNumber, parse, type LosslessNumber } from 'lossless-json';

export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Throws SyntaxError where the text is no JSON. */
export function parseExact(text: string): Json {
  // Only a run of 16 digits can hold an integer beyond 2^53; the native parser is ten times faster.
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Json;
  return parse(text, null, exactNumber) as Json;
}

function exactNumber(text: string): number | bigint {
  if (!/^-?\d+$/.test(text)) return Number(text);
  const value = BigInt(text);
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : Number(text);
}

/** The same for values that lossless-json has parsed already. */
export function fromLossless(value: unknown): Json {
  if (isLosslessNumber(value)) return exactNumber((value as LosslessNumber).toString());
  if (Array.isArray(value)) return value.map(fromLossless);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromLossless(inner)]));
  }
  return value as Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value at a path of keys; undefined where the path ends before. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const key of path) {
    if (isList(here) && typeof key === 'number') here = here[key];
    else if (isObject(here) && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
}

/** Text at a path; '' where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return found === undefined || found === null || typeof found === 'object' ? '' : String(found);
}

export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' || typeof found === 'bigint' ? Number(found) : undefined;
}

export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

export function objectAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}
