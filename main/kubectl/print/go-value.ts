import { isList, isObject, type Json } from '../exact-json.ts';
import { floatG, jsonNumber } from './go-number.ts';
import { sortedKeys } from './json.ts';

/** A decoded value as Go's fmt.Sprint writes it: `map[a:1 b:[x y]]`, `<nil>`. */
export function goText(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value))
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goText(value[key])}`)
      .join(' ')}]`;
  if (typeof value === 'number') return Number.isInteger(value) ? jsonNumber(value) : floatG(value);
  return String(value);
}
