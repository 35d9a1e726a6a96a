import { isList, isObject, type Json } from '../exact-json.ts';
import { jsonNumber } from './go-number.ts';

/** JSON with keys in the order they have, as Go writes the fields of a struct. Ends with a newline. */
export function printOrderedJson(value: Json, step: string): string {
  return `${write(value, '', step)}\n`;
}

function write(value: Json, indent: string, step: string): string {
  const inner = indent + step;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => inner + write(one, inner, step)).join(',\n')}\n${indent}]`;
  }
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return '{}';
    return `{\n${entries.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${write(one ?? null, inner, step)}`).join(',\n')}\n${indent}}`;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? jsonNumber(value) : JSON.stringify(value);
}
