import { LosslessNumber, isLosslessNumber, parse as parseJson, stringify } from 'lossless-json';
import { parse as parseYaml, type Tags } from 'yaml';
import { badRequest } from './refusal.ts';

/** Parsed JSON whose numbers are kept as written (LosslessNumber). */
export type Value = unknown;
export type Fields = Record<string, Value>;

/** Strict JSON: a key that is there twice with two values has no one meaning. Throws Refusal 400. */
export function readJson(bytes: Buffer): Value {
  try {
    return parseJson(utf8(bytes));
  } catch (error) {
    throw badRequest(`The body is not plain JSON: ${reasonOf(error)}.`);
  }
}

/** YAML 1.1 as the API server reads it (`y` is a boolean), or JSON. Throws Refusal 400. */
export function readYaml(bytes: Buffer): Value {
  try {
    const text = utf8(bytes);
    if (isJsonText(text)) return parseJson(text);
    const value: unknown = parseYaml(text, {
      version: '1.1',
      uniqueKeys: true,
      intAsBigInt: true,
      customTags: withoutTimes,
      maxAliasCount: 100,
    });
    return toJsonValue(value);
  } catch (error) {
    throw badRequest(`The body is not plain YAML: ${reasonOf(error)}.`);
  }
}

export function writeJson(value: Value): string {
  const text = stringify(value);
  if (text === undefined) throw badRequest('The body holds nothing.');
  return text;
}

/** The same value with ordinary numbers, for comparing and showing. */
export function plain(value: Value): unknown {
  const text = stringify(value);
  return text === undefined ? null : (JSON.parse(text) as unknown);
}

export function isFields(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** The object at a key, empty where there is none. */
export function fieldsAt(value: Value, key: string): Fields {
  const inner = isFields(value) ? value[key] : undefined;
  return isFields(inner) ? inner : {};
}

export function textAt(value: Value, ...keys: readonly string[]): string | null {
  const found = keys.reduce<Value>((at, key) => (isFields(at) ? at[key] : undefined), value);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** Flow style YAML also begins with a bracket, so the whole text decides. */
function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Times stay text, as in the API server's own reader; sexagesimal numbers likewise. */
function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME'),
  );
}

function toJsonValue(value: unknown): Value {
  if (typeof value === 'bigint') return new LosslessNumber(String(value));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJsonValue(inner)]));
}

function utf8(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/\.$/, '') : String(error);
}
