/** YAML as `kubectl -o yaml` prints it, byte for byte: sorted keys, sequences at their key's indent, folded at 80. */
import { isList, isObject, type Json, type JsonObject } from '../exact-json.ts';
import { floatG, jsonNumber } from './go-number.ts';
import { sortedKeys } from './json.ts';
import { writeString } from './yaml-scalar.ts';

export function printYaml(value: Json): string {
  const out: string[] = [];
  if (isObject(value) && sortedKeys(value).length > 0) mapping(value, 0, out);
  else if (isList(value) && value.length > 0) sequence(value, 0, out);
  else out.push(scalar(value, 0, 2));
  const text = out.join('');
  return text.endsWith('\n') ? text : `${text}\n`;
}

function mapping(value: JsonObject, indent: number, out: string[], first = true): void {
  let isFirst = first;
  for (const key of sortedKeys(value).sort(byGoYaml)) {
    startLine(indent, out, isFirst);
    isFirst = false;
    // Beyond 128 bytes, or over several lines, a key is written the long way, with '? '.
    const isLong = Buffer.byteLength(key) > 128 || /[\n\r\u0085\u2028\u2029]/.test(key);
    const name = writeString(key, { column: isLong ? indent + 2 : indent, indent: indent + 2, isKey: !isLong });
    out.push(isLong ? `? ${name}${name.endsWith('\n') ? '' : '\n'}${' '.repeat(indent)}:` : `${name}:`);
    const inner = value[key] ?? null;
    if (isObject(inner) && sortedKeys(inner).length > 0) {
      if (isLong) {
        out.push(' ');
        mapping(inner, indent + 2, out, true);
      } else {
        mapping(inner, indent + 2, out, false);
      }
    } else if (isList(inner) && inner.length > 0) {
      sequence(inner, indent, out, false);
    } else {
      const column = indent + (isLong ? 1 : [...name].length + 1);
      out.push(' ', scalar(inner, column + 1, indent + 2));
    }
  }
}

function sequence(value: readonly Json[], indent: number, out: string[], first = true): void {
  let isFirst = first;
  for (const item of value) {
    startLine(indent, out, isFirst);
    isFirst = false;
    out.push('-');
    if (isObject(item) && sortedKeys(item).length > 0) {
      out.push(' ');
      mapping(item, indent + 2, out, true);
    } else if (isList(item) && item.length > 0) {
      out.push(' ');
      sequence(item, indent + 2, out, true);
    } else {
      out.push(' ', scalar(item, indent + 2, indent + 2));
    }
  }
}

function startLine(indent: number, out: string[], isInline: boolean): void {
  if (isInline) return;
  if (out.length > 0 && !(out.at(-1) ?? '').endsWith('\n')) out.push('\n');
  out.push(' '.repeat(indent));
}

function scalar(value: Json, column: number, indent: number): string {
  if (isObject(value)) return '{}';
  if (isList(value)) return '[]';
  if (typeof value === 'string') return writeString(value, { column, indent, isKey: false });
  if (typeof value === 'number') {
    const text = jsonNumber(value);
    return /^-?\d+$/.test(text) && Math.abs(value) < 2 ** 63 ? text : floatG(value);
  }
  return String(value);
}

const letter = /\p{L}/u;
const digit = /\p{Nd}/u;

/** go-yaml's order of keys: letters by code point and after everything else, runs of digits by their value. */
export function byGoYaml(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const l = left[i] ?? '';
    const r = right[i] ?? '';
    if (l === r) continue;
    const lLetter = letter.test(l);
    const rLetter = letter.test(r);
    if (lLetter && rLetter) return order(l, r);
    if (lLetter || rLetter) return rLetter ? -1 : 1;
    const seed = l === '0' || r === '0' ? seedOf(left, i) : 0n;
    const [lNumber, lEnd] = run(left, i, seed);
    const [rNumber, rEnd] = run(right, i, seed);
    if (lNumber !== rNumber) return lNumber < rNumber ? -1 : 1;
    if (lEnd !== rEnd) return lEnd - rEnd;
    return order(l, r);
  }
  return left.length - right.length;
}

function order(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}

function seedOf(chars: readonly string[], at: number): bigint {
  for (let j = at - 1; j >= 0 && digit.test(chars[j] ?? ''); j -= 1) if (chars[j] !== '0') return 1n;
  return 0n;
}

function run(chars: readonly string[], start: number, seed: bigint): [bigint, number] {
  let value = seed;
  let at = start;
  for (; at < chars.length && digit.test(chars[at] ?? ''); at += 1) {
    value = BigInt.asIntN(64, value * 10n + BigInt((chars[at] ?? '0').codePointAt(0) ?? 48) - 48n);
  }
  return [value, at];
}
