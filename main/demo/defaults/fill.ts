/** Fills what a schema says a missing field is: `{}` for structs, and the scalar defaults that Kubernetes declares. */
import type { Schema } from '../recordings.ts';
import { refName, resolve } from '../schema.ts';

type Json = Record<string, unknown>;

/** Changes `value` in place; it must match its schema already. Metadata and status are left as they are. */
export function fillDefaults(value: unknown, schema: Schema, isRoot = true): void {
  const resolved = resolve(schema);
  if (Array.isArray(value)) {
    if (resolved.items) for (const item of value) fillDefaults(item, resolved.items, false);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Json;
  const { properties, additionalProperties } = resolved;
  for (const [key, property] of Object.entries(properties ?? {})) {
    if (isRoot && key === 'metadata') continue;
    if (object[key] === undefined && property.default !== undefined && !isPlaceholder(property, resolved, key)) {
      object[key] = structuredClone(property.default);
    }
    if (object[key] !== undefined) fillDefaults(object[key], property, false);
  }
  if (typeof additionalProperties !== 'object') return;
  for (const each of Object.values(object)) fillDefaults(each, additionalProperties, false);
}

/** A zero that OpenAPI notes for a required field is what Go writes; one of an optional field Go leaves out. */
function isPlaceholder(property: Schema, parent: Schema, key: string): boolean {
  const { default: zero } = property;
  if (zero === '' || zero === 0 || zero === false) return !parent.required?.includes(key);
  const isTime = refName(property).endsWith('.Time') || refName(property).endsWith('.MicroTime');
  return isTime || refName(property).endsWith('.ObjectMeta');
}
