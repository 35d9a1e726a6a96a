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
    if (object[key] === undefined && property.default !== undefined && !isTime(property)) {
      object[key] = structuredClone(property.default);
    } else if (object[key] === undefined && resolved.required?.includes(key) && property.type === 'array') {
      object[key] = null;
    }
    if (object[key] !== undefined) fillDefaults(object[key], property, false);
  }
  if (typeof additionalProperties !== 'object') return;
  for (const each of Object.values(object)) fillDefaults(each, additionalProperties, false);
}

/** Times are null or absent where OpenAPI notes an empty struct. */
function isTime(property: Schema): boolean {
  return /\.(Micro)?Time$/.test(refName(property));
}
