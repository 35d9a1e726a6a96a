/** Objects by their schema: which fields they hold, how two differ, how one is merged into another. */
import { isDeepStrictEqual } from 'node:util';
import type { Schema } from '../recordings.ts';
import { isAtomicMap, listType, propertySchema, resolve } from '../schema.ts';
import type { FieldSet } from './field-set.ts';
import { isEmpty, isOwned } from './field-set.ts';
import { isObject } from './merge.ts';

type Json = Record<string, unknown>;

/** The steps into a value: fields, keyed items, set items; null where it is one whole. */
function steps(
  value: unknown,
  schema: Schema | undefined,
): Map<string, { value: unknown; schema: Schema | undefined }> | null {
  if (isObject(value)) {
    if (isAtomicMap(schema)) return null;
    return new Map(
      Object.entries(value).map(([key, each]) => [`f:${key}`, { value: each, schema: propertySchema(schema, key) }]),
    );
  }
  if (!Array.isArray(value)) return null;
  const { type, keys } = listType(schema);
  const items = schema && resolve(schema).items;
  if (type === 'map')
    return new Map(
      value.map((item) => [`k:${itemKey(item as Json, keys, items)}`, { value: item as unknown, schema: items }]),
    );
  if (type === 'set')
    return new Map(value.map((item) => [`v:${JSON.stringify(item)}`, { value: item as unknown, schema: items }]));
  return null;
}

/** A key that an item leaves out has its default (a port's protocol is TCP). */
function itemKey(item: Json, keys: string[], items: Schema | undefined): string {
  const pairs = [...keys].sort().map((key) => [key, item[key] ?? propertySchema(items, key)?.default]);
  return JSON.stringify(Object.fromEntries(pairs.filter(([, value]) => value !== undefined)));
}

/** Every field an applied object holds: leaves, and items of keyed lists themselves. */
export function ownedFields(value: unknown, schema: Schema | undefined): FieldSet {
  const into = steps(value, schema);
  const set: FieldSet = {};
  for (const [step, child] of into ?? []) {
    const below = ownedFields(child.value, child.schema);
    set[step] = step.startsWith('k:') && !isEmpty(below) ? { '.': {}, ...below } : below;
  }
  return set;
}

/** Every field of a value that was not there before: as ownedFields, and each map and list itself. */
function addedFields(value: unknown, schema: Schema | undefined): FieldSet {
  const into = steps(value, schema);
  if (!into?.size) return {};
  const set: FieldSet = { '.': {} };
  for (const [step, child] of into) set[step] = addedFields(child.value, child.schema);
  return set;
}

/** `changed`: added or with another value; `removed`: no longer there. */
export interface Comparison {
  changed: FieldSet;
  removed: FieldSet;
}

export function compare(before: unknown, after: unknown, schema: Schema | undefined): Comparison {
  const result: Comparison = { changed: {}, removed: {} };
  const was = steps(before, schema) ?? new Map<string, { value: unknown; schema: Schema | undefined }>();
  const is = steps(after, schema) ?? new Map<string, { value: unknown; schema: Schema | undefined }>();
  for (const [step, child] of is) {
    const old = was.get(step) ?? implied(step, child, schema);
    if (!old) {
      result.changed[step] = addedFields(child.value, child.schema);
      continue;
    }
    if (!steps(child.value, child.schema) || !steps(old.value, child.schema)) {
      if (!isDeepStrictEqual(child.value, old.value)) result.changed[step] = {};
      continue;
    }
    const below = compare(old.value, child.value, child.schema);
    if (!isEmpty(below.changed)) result.changed[step] = below.changed;
    if (!isEmpty(below.removed)) result.removed[step] = below.removed;
  }
  for (const [step, child] of was) {
    if (!is.has(step)) result.removed[step] = addedFields(child.value, child.schema);
  }
  return result;
}

/** In Go a struct that is no pointer, and a list that is always written, are there before anything is in them. */
function implied(
  step: string,
  child: { value: unknown; schema: Schema | undefined },
  parent: Schema | undefined,
): { value: unknown } | undefined {
  if (!step.startsWith('f:') || !parent) return undefined;
  const isStruct = isObject(child.schema?.default) && isObject(child.value);
  if (isStruct) return { value: {} };
  const isRequired = resolve(parent).required?.includes(step.slice(2));
  return isRequired && Array.isArray(child.value) && listType(child.schema).type !== 'atomic'
    ? { value: [] }
    : undefined;
}

/** `config` merged into `live` as server-side apply does. Neither is changed. */
export function mergeTyped(live: unknown, config: unknown, schema: Schema | undefined): unknown {
  if (isObject(live) && isObject(config) && !isAtomicMap(schema)) {
    const result: Json = { ...live };
    for (const [key, value] of Object.entries(config))
      result[key] = key in live ? mergeTyped(live[key], value, propertySchema(schema, key)) : value;
    return result;
  }
  if (!Array.isArray(live) || !Array.isArray(config)) return config;
  const { type, keys } = listType(schema);
  if (type === 'set') return [...live, ...config.filter((item) => !live.includes(item))];
  if (type !== 'map') return config;
  const items = schema && resolve(schema).items;
  const keyOf = (item: unknown): string => itemKey(item as Json, keys, items);
  return mergeLists(live, config, keyOf, (mine, theirs) => mergeTyped(mine, theirs, items));
}

/** Both lists' items: the configuration's in its order, the others after what they followed. */
function mergeLists(
  live: unknown[],
  config: unknown[],
  keyOf: (item: unknown) => string,
  merge: (mine: unknown, theirs: unknown) => unknown,
): unknown[] {
  const held = new Map(live.map((item) => [keyOf(item), item]));
  const wanted = new Set(config.map(keyOf));
  const shared = config.map(keyOf).filter((key) => held.has(key));
  const result: unknown[] = [];
  let left = 0;
  let right = 0;
  let next = 0;
  while (left < live.length || right < config.length) {
    const mine = left < live.length ? keyOf(live[left]) : undefined;
    if (mine !== undefined && !wanted.has(mine)) result.push(live[left++]);
    else if (mine !== undefined && (right >= config.length || (mine !== keyOf(config[right]) && mine !== shared[next])))
      left += 1;
    else {
      const item = config[right++];
      const key = keyOf(item);
      result.push(held.has(key) ? merge(held.get(key), item) : item);
      if (key === shared[next]) next += 1;
      if (key === mine) left += 1;
    }
  }
  return result;
}

/** How much a map or list holds; infinite for a scalar. */
function size(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : Infinity;
}

/** `value` without the fields of `set`, but for those that `kept` holds something of. */
export function removeFields(value: unknown, set: FieldSet, kept: FieldSet, schema: Schema | undefined): unknown {
  const into = steps(value, schema);
  if (!into) return value;
  const remaining = new Map<string, unknown>();
  for (const [step, child] of into) {
    const remove = Object.hasOwn(set, step) ? set[step] : undefined;
    const keep = Object.hasOwn(kept, step) ? kept[step] : undefined;
    if (!remove) remaining.set(step, child.value);
    else if (keep || !isOwned(remove)) {
      const left = removeFields(child.value, remove, keep ?? {}, child.schema);
      const isEmptied = size(left) === 0 && size(child.value) > 0;
      if (!isEmptied || keep) remaining.set(step, left);
    }
  }
  if (Array.isArray(value)) return [...remaining.values()];
  return Object.fromEntries([...remaining].map(([step, each]) => [step.slice(2), each]));
}
