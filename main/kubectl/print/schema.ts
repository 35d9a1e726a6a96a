/** Reads OpenAPI v3 schemas for `kubectl explain`: references, guesses of types, fields. Pure. */
import { at, isList, isObject, listAt, objectAt, textAt, type Json, type JsonObject } from '../exact-json.ts';
import { sortedKeys } from './json.ts';

export class Schemas {
  readonly #document: Json;
  constructor(document: Json) {
    this.#document = document;
  }

  /** The schema of a kind; null where the document has none. */
  ofKind(group: string, version: string, kind: string): JsonObject | null {
    const schemas = objectAt(this.#document, 'components', 'schemas');
    for (const name of sortedKeys(schemas)) {
      const kinds = listAt(schemas[name], 'x-kubernetes-group-version-kind');
      const fits = (one: Json): boolean =>
        textAt(one, 'group') === group && textAt(one, 'version') === version && textAt(one, 'kind') === kind;
      if (kinds.some(fits)) return objectAt(schemas, name);
    }
    return null;
  }

  /** What a reference points to, or the schema itself. */
  resolve(schema: Json): JsonObject {
    const target = this.#target(textAt(schema, '$ref'));
    return target ?? (isObject(schema) ? schema : {});
  }

  #target(ref: string): JsonObject | null {
    if (!ref.startsWith('#/')) return null;
    const found = at(this.#document, ...ref.slice(2).split('/'));
    return isObject(found) ? found : null;
  }

  /** `string`, `[]Container`, `map[string]string`, `Object`. */
  typeOf(schema: Json): string {
    const items = at(schema, 'items');
    if (isObject(items)) return `[]${this.typeOf(items)}`;
    const values = at(schema, 'additionalProperties');
    if (isObject(values)) return `map[string]${this.typeOf(values)}`;
    const allOf = listAt(schema, 'allOf');
    if (allOf.length === 1 && !isObject(at(schema, 'properties'))) return this.typeOf(allOf[0] ?? null);
    const ref = textAt(schema, '$ref');
    if (ref === '') {
      const type = textAt(schema, 'type');
      return type === 'object' || type === '' ? 'Object' : type;
    }
    const target = this.#target(ref);
    const type = textAt(target, 'type');
    if (target === null || type === '' || type === 'object')
      return ref.split('/').at(-1)?.split('.').at(-1) || 'Object';
    return type;
  }

  /** Its own description and those of what it is made of, one per line. */
  description(schema: Json): string {
    const resolved = this.resolve(schema);
    const own = textAt(resolved, 'description');
    const parts = [
      ...listAt(resolved, 'allOf'),
      ...(isObject(resolved['items']) ? [resolved['items']] : []),
      ...(isObject(resolved['additionalProperties']) ? [resolved['additionalProperties']] : []),
    ];
    return (own === '' ? '' : `${own}\n`) + parts.map((part) => this.description(part ?? null)).join('');
  }

  /** The schema of a field below this one, through lists and maps; null where there is no such field. */
  field(
    schema: Json,
    path: readonly string[],
    seen: ReadonlySet<string> = new Set(),
  ): { field: Json; rest: readonly string[] } | null {
    const ref = textAt(schema, '$ref');
    if (ref !== '' && seen.has(ref)) return null;
    const [first, ...rest] = path;
    if (first === undefined) return null;
    const resolved = this.resolve(schema);
    const properties = objectAt(resolved, 'properties');
    if (Object.hasOwn(properties, first)) return { field: properties[first] ?? null, rest };
    const known = new Set([...seen, ref]);
    const below = [resolved['items'], resolved['additionalProperties'], ...listAt(resolved, 'allOf')].filter(isObject);
    for (const one of below) {
      const found = this.field(one, path, known);
      if (found !== null) return found;
    }
    return null;
  }
}

export function requiredFields(schema: JsonObject): readonly string[] {
  const required = schema['required'];
  return isList(required) ? required.map(String) : [];
}
