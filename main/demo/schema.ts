/** Looks up and reads the recorded OpenAPI schemas, and those of custom resources. */
import { customSchema } from './custom-openapi.ts';
import type { ResourceDefinition } from './definitions.ts';
import { recordedSchemas } from './recordings.ts';
import type { Schema } from './recordings.ts';

const prefix = '#/components/schemas/';
let byKind: Map<string, string> | undefined;
const customSchemas = new WeakMap<object, Schema>();

function names(): Map<string, string> {
  if (!byKind) {
    byKind = new Map();
    for (const [name, schema] of Object.entries(recordedSchemas())) {
      const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
      if (kinds.length !== 1) continue;
      for (const { group, version, kind } of kinds) byKind.set(`${group}/${version}/${kind}`, name);
    }
  }
  return byKind;
}

/** The schema of a kind, by the one that is served. */
export function schemaOfKind(group: string, version: string, kind: string): Schema | undefined {
  const name = names().get(`${group}/${version}/${kind}`);
  return name ? recordedSchemas()[name] : undefined;
}

export function schemaOf(definition: ResourceDefinition): Schema | undefined {
  const { custom } = definition;
  if (!custom) return schemaOfKind(definition.group, definition.version, definition.kind);
  let schema = customSchemas.get(custom.definition);
  if (!schema) customSchemas.set(custom.definition, (schema = customSchema(custom)));
  return schema;
}

/** The name a property's schema refers to, such as `io.k8s.api.core.v1.PodSpec`; '' for one written in place. */
export function refName(schema: Schema): string {
  return (schema.$ref ?? schema.allOf?.[0]?.$ref ?? '').slice(prefix.length);
}

/** The schema behind a reference. */
export function resolve(schema: Schema): Schema {
  const name = refName(schema);
  return name ? (recordedSchemas()[name] ?? schema) : schema;
}

/** The schema of a field of an object, undefined where the object has no such field. */
export function propertySchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (!schema) return undefined;
  const resolved = resolve(schema);
  const own = resolved.properties && Object.hasOwn(resolved.properties, key) ? resolved.properties[key] : undefined;
  if (own) return own;
  return typeof resolved.additionalProperties === 'object' ? resolved.additionalProperties : undefined;
}

/** How a list merges under server-side apply. Defaults to atomic. */
export function listType(schema: Schema | undefined): { type: string; keys: string[] } {
  return { type: schema?.['x-kubernetes-list-type'] ?? 'atomic', keys: schema?.['x-kubernetes-list-map-keys'] ?? [] };
}

/** A map or struct that is replaced whole. */
export function isAtomicMap(schema: Schema | undefined): boolean {
  if (!schema) return false;
  return (schema['x-kubernetes-map-type'] ?? resolve(schema)['x-kubernetes-map-type']) === 'atomic';
}
