/** Decodes the body of a write: JSON, YAML or protobuf, with what strict decoding would say against it. */
import { parse } from 'yaml';
import { conform } from './conform.ts';
import { apiVersionOf } from './definitions.ts';
import type { ResourceDefinition } from './definitions.ts';
import { badRequest, unsupportedMediaType } from './errors.ts';
import type { Manifest } from './kinds.ts';
import type { FieldValidation } from './options.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { Schema } from './recordings.ts';

type Json = Record<string, unknown>;

/** The name of a group's Go package: `core`, `apps`, `networking`. */
function internalGroup({ group }: ResourceDefinition): string {
  return group.split('.')[0] || 'core';
}

export const protobufType = 'application/vnd.kubernetes.protobuf';
const bodyTypes = ['application/json', 'application/yaml', protobufType];

/** The media type without parameters, lower case. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A body as JSON values, and keys that stand twice. */
export interface Decoded {
  value: Json;
  duplicates: string[];
}

/** @param kind the kind that is expected, for messages. @throws ApiError 400, 415. */
export function decodeBody(body: Buffer, contentType: string | undefined, kind: string): Decoded {
  const type = mediaType(contentType) || 'application/json';
  if (!bodyTypes.includes(type)) throw unsupportedMediaType(bodyTypes);
  if (type === protobufType) return { value: decodeProtobuf(body), duplicates: [] };
  const text = body.toString('utf8');
  return type === 'application/yaml' ? decodeYaml(text, kind) : decodeJson(text, kind);
}

function unrecognized(kind: string, why: string, text: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${text || '<empty>'})`,
  );
}

export function decodeJson(text: string, kind: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unrecognized(
      kind,
      text.trim() ? 'unexpected end of JSON input' : 'unexpected end of JSON input',
      text.slice(0, 100),
    );
  }
  if (typeof value !== 'object' || Array.isArray(value))
    throw unrecognized(kind, 'json: cannot unmarshal into Go value', text.slice(0, 100));
  return { value: (value ?? {}) as Json, duplicates: duplicateKeys(text) };
}

/** YAML 1.1, as Kubernetes reads it: `y` and `on` are booleans. */
export function decodeYaml(text: string, kind: string): Decoded {
  let value: unknown;
  try {
    value = parse(text, { version: '1.1', uniqueKeys: false, schema: 'yaml-1.1', merge: true });
  } catch (error) {
    throw badRequest(`error parsing YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unrecognized(kind, 'not an object', text.slice(0, 100));
  return { value: JSON.parse(JSON.stringify(value)) as Json, duplicates: [] };
}

/** Paths of keys that a JSON text holds more than once in one object, such as `data.a`. */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  interface Level {
    keys: Set<string> | null;
    index: number;
    at: string;
  }
  const stack: Level[] = [];
  let key: string | null = null;
  const inner = (): string => {
    const top = stack.at(-1);
    if (!top) return '';
    if (top.keys) return top.at ? `${top.at}.${key ?? ''}` : (key ?? '');
    return `${top.at}[${String(top.index)}]`;
  };
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g)) {
    const [token, colon] = match;
    const top = stack.at(-1);
    if (token === '{' || token === '[') stack.push({ keys: token === '{' ? new Set() : null, index: 0, at: inner() });
    else if (token === '}' || token === ']') stack.pop();
    else if (token === ',') {
      if (top && !top.keys) top.index += 1;
    } else if (colon && top?.keys) {
      key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      if (top.keys.has(key)) found.push(inner());
      top.keys.add(key);
    }
  }
  return found;
}

/** What strict decoding would refuse: throws, warns or stays silent as `fieldValidation` says. */
export function reportStrictness(
  unknown: string[],
  duplicates: string[],
  what: string,
  validation: FieldValidation,
  warn: (text: string) => void,
): void {
  const texts = [
    ...unknown.map((field) => `unknown field "${field}"`),
    ...duplicates.map((field) => `duplicate field "${field}"`),
  ];
  if (!texts.length || validation === 'Ignore') return;
  if (validation === 'Strict') throw badRequest(`${what}strict decoding error: ${texts.join(', ')}`);
  for (const text of texts) warn(text);
}

/**
 * The object in a body of a resource: of its kind and version, without unknown fields.
 * @throws ApiError 400 where it is not, or where `fieldValidation` is Strict.
 */
export function readManifest(
  { value, duplicates }: Decoded,
  definition: ResourceDefinition,
  schema: Schema | undefined,
  options: { validation: FieldValidation; warn: (text: string) => void },
): Manifest {
  const apiVersion = apiVersionOf(definition);
  const { kind } = definition;
  const givenKind = typeof value['kind'] === 'string' && value['kind'] ? value['kind'] : kind;
  const givenVersion =
    typeof value['apiVersion'] === 'string' && value['apiVersion'] ? value['apiVersion'] : apiVersion;
  const what = `${givenKind} in version "${givenVersion.split('/').at(-1) ?? ''}" cannot be handled as a ${kind}`;
  if (givenKind !== kind)
    throw badRequest(
      `${what}: converting (${givenVersion.replace('/', '.')}.${givenKind}) to (${internalGroup(definition)}.${kind}): unknown conversion`,
    );
  if (givenVersion !== apiVersion) {
    throw badRequest(
      `${what}: no kind "${kind}" is registered for version "${givenVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const fitted = schema ? conform(schema, value, what, !!definition.custom) : { value, unknown: [] };
  reportStrictness(fitted.unknown, duplicates, `${what}: `, options.validation, options.warn);
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = fitted.value as Json;
  return { kind, apiVersion, metadata: { ...(metadata as object | undefined) }, ...rest } as Manifest;
}
