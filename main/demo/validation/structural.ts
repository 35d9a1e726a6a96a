/** Holds custom objects to the schema of their definition, and fills in the defaults that it names. */
import type { Cause } from '../errors.ts';
import type { Schema } from '../recordings.ts';
import { invalidValue, required, unsupported } from './names.ts';

/** OpenAPI's constraints on values, which only custom kinds carry. */
export interface StructuralSchema extends Schema {
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  nullable?: boolean;
}

type Json = Record<string, unknown>;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function isOfType(value: unknown, wanted: string): boolean {
  const type = typeOf(value);
  return type === wanted || (wanted === 'number' && type === 'integer');
}

function scalarCauses(schema: StructuralSchema, value: unknown, field: string): Cause[] {
  const causes: Cause[] = [];
  const refuse = (why: string): void => {
    causes.push(invalidValue(field, value, `${field} in body should ${why}`));
  };
  const { minimum, maximum, minLength, maxLength, pattern } = schema;
  if (schema.enum && !schema.enum.includes(value)) causes.push(unsupported(field, value, schema.enum as string[]));
  if (typeof value === 'number') {
    if (maximum !== undefined && value > maximum) refuse(`be less than or equal to ${String(maximum)}`);
    if (minimum !== undefined && value < minimum) refuse(`be greater than or equal to ${String(minimum)}`);
  }
  if (typeof value === 'string') {
    if (minLength !== undefined && [...value].length < minLength) refuse(`be at least ${String(minLength)} chars long`);
    if (maxLength !== undefined && [...value].length > maxLength) {
      causes.push({
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${String(maxLength)} bytes`,
        field,
      });
    }
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) refuse(`match '${pattern}'`);
  }
  return causes;
}

/** What is wrong with a value, by its place. `field` is '' for the whole object. */
export function structuralCauses(schema: StructuralSchema, value: unknown, field = ''): Cause[] {
  if (value === null && schema.nullable) return [];
  if (schema.type && !schema['x-kubernetes-int-or-string'] && !isOfType(value, schema.type)) {
    const got = typeOf(value);
    return [invalidValue(field, got, `${field} in body must be of type ${schema.type}: "${got}"`)];
  }
  const causes = scalarCauses(schema, value, field);
  if (Array.isArray(value)) {
    const { minItems, maxItems, items } = schema;
    if (minItems !== undefined && value.length < minItems) {
      causes.push(invalidValue(field, value.length, `${field} in body should have at least ${String(minItems)} items`));
    }
    if (maxItems !== undefined && value.length > maxItems) {
      causes.push({
        reason: 'FieldValueTooMany',
        message: `Too many: ${String(value.length)}: must have at most ${String(maxItems)} items`,
        field,
      });
    }
    if (items)
      value.forEach((item, index) => causes.push(...structuralCauses(items, item, `${field}[${String(index)}]`)));
    return causes;
  }
  if (typeof value !== 'object' || value === null) return causes;
  const object = value as Json;
  const at = (key: string): string => (field ? `${field}.${key}` : key);
  for (const key of schema.required ?? []) if (object[key] === undefined) causes.push(required(at(key)));
  for (const [key, child] of Object.entries(object)) {
    const own = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const childSchema =
      own ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    if (childSchema && (field || key !== 'metadata')) causes.push(...structuralCauses(childSchema, child, at(key)));
  }
  return causes;
}

/** Sets the defaults of missing fields, in place. */
export function fillStructural(schema: StructuralSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillStructural(schema.items, item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Json;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (object[key] === undefined && property.default !== undefined) object[key] = structuredClone(property.default);
    if (object[key] !== undefined) fillStructural(property, object[key]);
  }
  if (typeof schema.additionalProperties !== 'object') return;
  for (const each of Object.values(object)) fillStructural(schema.additionalProperties, each);
}
