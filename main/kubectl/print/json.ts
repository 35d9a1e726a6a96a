import { isList, isObject, type Json } from '../exact-json.ts';
import { jsonNumber } from './go-number.ts';

/** JSON as `kubectl -o json` prints it: four spaces, keys sorted by code point, Go's escapes, a newline at the end. */
export function printJson(value: Json): string {
  const out: string[] = [];
  write(value, '', '    ', out);
  return `${out.join('')}\n`;
}

/** The same without white space, as Go's json.Marshal writes it. */
export function compactJson(value: Json): string {
  const out: string[] = [];
  write(value, '', '', out);
  return out.join('');
}

function write(value: Json, indent: string, step: string, out: string[]): void {
  if (isObject(value)) {
    const keys = sortedKeys(value);
    list(keys.length, '{', '}', indent, step, out, (index, inner) => {
      const key = keys[index] ?? '';
      out.push(quoted(key), step === '' ? ':' : ': ');
      write(value[key] ?? null, inner, step, out);
    });
  } else if (isList(value)) {
    list(value.length, '[', ']', indent, step, out, (index, inner) => write(value[index] ?? null, inner, step, out));
  } else if (typeof value === 'string') out.push(quoted(value));
  else if (typeof value === 'number' || typeof value === 'bigint') out.push(jsonNumber(value));
  else out.push(String(value));
}

function list(
  length: number,
  open: string,
  close: string,
  indent: string,
  step: string,
  out: string[],
  item: (index: number, indent: string) => void,
): void {
  if (length === 0) {
    out.push(open, close);
    return;
  }
  const inner = indent + step;
  out.push(open);
  for (let index = 0; index < length; index += 1) {
    if (index > 0) out.push(',');
    if (step !== '') out.push('\n', inner);
    item(index, inner);
  }
  if (step !== '') out.push('\n', indent);
  out.push(close);
}

/** Keys in the order of Go's maps: by bytes of UTF-8, which is the order of code points. */
export function sortedKeys(value: object): string[] {
  return Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .sort(byCodePoint);
}

export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) {
      // A surrogate stands for a code point above all others.
      const leftHigh = left >= 0xd800 && left <= 0xdfff;
      const rightHigh = right >= 0xd800 && right <= 0xdfff;
      if (leftHigh !== rightHigh) return leftHigh ? 1 : -1;
      return left - right;
    }
  }
  return a.length - b.length;
}

function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\\ud[89ab][0-9a-f]{2}|\\ud[c-f][0-9a-f]{2}/gi, '\\ufffd');
}
