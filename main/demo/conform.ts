/**
 * Fits a decoded body to its schema: unknown fields are named and dropped, nulls dropped, types checked, quantities
 * written in their canonical form. The order of the findings is the real server's: inner before outer, as Go decodes.
 */
import { badRequest } from './errors.ts';
import { canonicalQuantity } from './quantity.ts';
import { refName, resolve } from './schema.ts';
import type { Schema } from './recordings.ts';

type Json = Record<string, unknown>;

/** What was found beside the fitted value. */
export interface Fitting {
  value: unknown;
  unknown: string[];
}

/**
 * Empty maps and lists vanish where Go would leave them out, unless `keepsEmpty` (custom resources are not Go structs).
 * @param what names the object in errors: `ConfigMap in version "v1" cannot be handled as a ConfigMap`.
 */
export function conform(schema: Schema, value: unknown, what: string, keepsEmpty = false): Fitting {
  const unknown: string[] = [];
  const fitted = fit(schema, value, '', {
    struct: schema['x-kubernetes-group-version-kind']?.[0]?.kind ?? '',
    unknown,
    what,
    keepsEmpty,
  });
  return { value: fitted, unknown };
}

interface Findings {
  /** The Go struct that is being read, by its schema's name. */
  struct: string;
  unknown: string[];
  what: string;
  keepsEmpty: boolean;
}

function goType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}

function mismatch(path: string, value: unknown, wanted: string, { what, struct }: Findings): Error {
  const field = `${struct ? `${struct}.` : ''}${path.replace(/\[\d+\]/g, '')}`;
  return badRequest(`${what}: json: cannot unmarshal ${goType(value)} into Go struct field ${field} of type ${wanted}`);
}

function fit(schema: Schema, value: unknown, path: string, findings: Findings): unknown {
  if (value === null || value === undefined) return undefined;
  const name = refName(schema);
  if (name.endsWith('.resource.Quantity')) return fitQuantity(value, path, findings);
  const resolved = resolve(schema);
  if (resolved['x-kubernetes-preserve-unknown-fields'] && !resolved.properties) return value;
  if (resolved.type === 'array') {
    if (!Array.isArray(value)) {
      if (findings.keepsEmpty) return value;
      throw mismatch(path, value, '[]', findings);
    }
    const { items } = resolved;
    return items ? value.map((item, index) => fit(items, item, `${path}[${String(index)}]`, findings) ?? null) : value;
  }
  if (resolved.type === 'object' || resolved.properties) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      if (findings.keepsEmpty && path) return value;
      throw mismatch(path, value, 'object', findings);
    }
    const struct = name ? (name.split('.').at(-1) ?? '') : findings.struct;
    return fitObject(resolved, value as Json, path, { ...findings, struct });
  }
  const wanted = resolved.type;
  if (resolved.format === 'int-or-string' || resolved['x-kubernetes-int-or-string'] || !wanted) return value;
  // A custom object's types are its validation's business, which answers 422.
  if (findings.keepsEmpty && path !== 'metadata' && !path.startsWith('metadata.')) return value;
  if (wanted === 'integer' ? typeof value !== 'number' : typeof value !== wanted) {
    throw mismatch(
      path,
      value,
      wanted === 'integer' ? (resolved.format ?? 'int64') : wanted === 'boolean' ? 'bool' : wanted,
      findings,
    );
  }
  return value;
}

function fitObject(schema: Schema, value: Json, path: string, findings: Findings): Json {
  const { properties, additionalProperties } = schema;
  if (!properties && !additionalProperties) return value;
  const fitted: Json = {};
  for (const [key, child] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const own = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const childSchema = own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (!childSchema) {
      if (schema['x-kubernetes-preserve-unknown-fields'] || additionalProperties === true) fitted[key] = child;
      else findings.unknown.push(at);
      continue;
    }
    const result = fit(childSchema, child, own ? at : path, findings);
    if (isOmitted(result, childSchema) && !findings.keepsEmpty && !schema.required?.includes(key)) continue;
    if (result !== undefined) fitted[key] = result;
    else if (child === null && !own) fitted[key] = '';
  }
  return fitted;
}

function isOmitted(value: unknown, schema: Schema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null || Object.keys(value).length > 0) return false;
  const { properties, additionalProperties } = resolve(schema);
  return !properties && typeof additionalProperties === 'object';
}

function fitQuantity(value: unknown, path: string, findings: Findings): string {
  const canonical =
    typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : undefined;
  if (canonical === undefined) {
    const rule = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    throw badRequest(`${findings.what}: ${path}: ${rule}`);
  }
  return canonical;
}
