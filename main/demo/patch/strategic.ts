/**
 * Strategic merge patches: like a merge patch, but lists whose schema names a merge key merge item by item, and the
 * directives `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` are obeyed.
 */
import { badRequest } from '../errors.ts';
import type { Schema } from '../recordings.ts';
import { propertySchema, resolve } from '../schema.ts';
import { isObject } from './merge.ts';

type Json = Record<string, unknown>;

/** Neither argument is changed. @throws ApiError 400 for an unknown directive or an item without its key. */
export function applyStrategicPatch(target: Json, patch: Json, schema: Schema | undefined): Json {
  return mergeObject(target, patch, schema);
}

function mergeObject(target: Json, patch: Json, schema: Schema | undefined): Json {
  const directive = patch['$patch'];
  const { $patch: _patch, $retainKeys: retained, ...fields } = patch;
  if (directive === 'delete') return {};
  if (directive === 'replace') return fields;
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`Unknown patch type found: ${String(directive)}`);
  const result: Json = { ...target };
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) Reflect.deleteProperty(result, key);
  }
  for (const [key, value] of Object.entries(fields)) {
    const special = /^\$(setElementOrder|deleteFromPrimitiveList)\/(.+)$/.exec(key);
    if (special) {
      const [, action, field = ''] = special;
      if (action === 'deleteFromPrimitiveList' && Array.isArray(result[field])) {
        result[field] = (result[field] as unknown[]).filter((item) => !(value as unknown[]).includes(item));
      }
      continue;
    }
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergeField(result[key], value, propertySchema(schema, key));
  }
  for (const [key, order] of Object.entries(fields)) {
    const field = /^\$setElementOrder\/(.+)$/.exec(key)?.[1];
    if (field && Array.isArray(result[field])) {
      result[field] = inOrder(result[field] as unknown[], order as unknown[], mergeKey(propertySchema(schema, field)));
    }
  }
  return result;
}

function mergeKey(schema: Schema | undefined): string | undefined {
  return schema?.['x-kubernetes-patch-merge-key'];
}

function mergeField(current: unknown, value: unknown, schema: Schema | undefined): unknown {
  if (isObject(value)) return mergeObject(isObject(current) ? current : {}, value, schema);
  if (!Array.isArray(value)) return value;
  const isMerged = (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');
  if (!isMerged) return cleaned(value);
  const list = Array.isArray(current) ? current : [];
  const key = mergeKey(schema);
  return key ? mergeList(list as Json[], value as Json[], key, schema) : [...new Set([...list, ...value])];
}

function cleaned(list: unknown[]): unknown[] {
  return list.filter((item) => !(isObject(item) && '$patch' in item));
}

function mergeList(current: Json[], patch: Json[], key: string, schema: Schema | undefined): Json[] {
  const items = schema && resolve(schema).items;
  if (patch.some((item) => item['$patch'] === 'replace')) return patch.filter((item) => !('$patch' in item));
  let result = [...current];
  for (const item of patch) {
    if (!isObject(item)) throw badRequest('expected map[string]interface{} in list');
    if (!(key in item)) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const index = result.findIndex((each) => each[key] === item[key]);
    if (item['$patch'] === 'delete') result = result.filter((each) => each[key] !== item[key]);
    else if (index >= 0) result[index] = mergeObject(result[index] ?? {}, item, items);
    else result.push(mergeObject({}, item, items));
  }
  return result;
}

/** Items named in `order` in that order; others keep their place after the item they followed. */
function inOrder(list: unknown[], order: unknown[], key: string | undefined): unknown[] {
  const idOf = (item: unknown): unknown => (key && isObject(item) ? item[key] : item);
  const ids = order.map(idOf);
  const placed = [...list];
  const named = placed
    .filter((item) => ids.includes(idOf(item)))
    .sort((one, other) => ids.indexOf(idOf(one)) - ids.indexOf(idOf(other)));
  return placed.map((item) => (ids.includes(idOf(item)) ? named.shift() : item));
}
