/**
 * Reads the protobuf bodies that kubectl and Go clients send (`application/vnd.kubernetes.protobuf`): the four bytes
 * "k8s\0", an envelope with the type, then the message, whose field numbers are recorded (recordings/protobuf-fields).
 * Answers are never protobuf: every client that sends it also takes JSON.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { badRequest } from './errors.ts';

type Json = Record<string, unknown>;
type Field = [name: string, type: string, shape: '' | 'list' | 'map' | 'pointer'];
type Messages = Record<string, Record<string, Field>>;

const magic = Buffer.from('k8s\0');
/** Structs that Go embeds: their fields stand beside the others in JSON, one message deeper in protobuf. */
const embedded = new Set([
  'volumeSource',
  'handler',
  'localObjectReference',
  'ephemeralContainerCommon',
  'persistentVolumeSource',
]);
const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
let recorded: Messages | undefined;

function messages(): Messages {
  recorded ??= JSON.parse(
    gunzipSync(readFileSync(new URL('recordings/protobuf-fields.json.gz', import.meta.url))).toString('utf8'),
  ) as Messages;
  return recorded;
}

/** One field as it stands on the wire. */
interface WireField {
  number: number;
  value: bigint | Buffer;
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw badRequest('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const number = tag >>> 3;
    if (wire === 0) {
      yield { number, value: varint() };
      continue;
    }
    const length = wire === 2 ? Number(varint()) : wire === 1 ? 8 : wire === 5 ? 4 : -1;
    if (length < 0 || at + length > bytes.length) throw badRequest('unexpected EOF');
    yield { number, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The object in a protobuf body, as it would have been in JSON. @throws ApiError 400 where it cannot be read. */
export function decodeProtobuf(body: Buffer): Json {
  if (!body.subarray(0, 4).equals(magic)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of wireFields(body.subarray(4))) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 2) raw = value;
    if (number !== 1) continue;
    for (const type of wireFields(value)) {
      if (!Buffer.isBuffer(type.value)) continue;
      if (type.number === 1) apiVersion = type.value.toString('utf8');
      if (type.number === 2) kind = type.value.toString('utf8');
    }
  }
  const message = messageName(apiVersion, kind);
  if (!message) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...(decodeMessage(message, raw) as Json) };
}

function messageName(apiVersion: string, kind: string): string | undefined {
  if (kind === 'DeleteOptions') return `${meta}.DeleteOptions`;
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const name = `k8s.io.api.${group.split('.')[0] ?? ''}.${version}.${kind}`;
  return Object.hasOwn(messages(), name) ? name : undefined;
}

function decodeMessage(type: string, bytes: Buffer): unknown {
  const special = decodeSpecial(type, bytes);
  if (special !== undefined) return special;
  const fields = messages()[type];
  if (!fields) throw badRequest(`no message ${type}`);
  const result: Json = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields[String(number)];
    if (!field) continue;
    const [name, valueType, shape] = field;
    if (shape === 'map') {
      const entry = decodeEntry(valueType, value as Buffer);
      result[name] = { ...(result[name] as Json | undefined), [entry.key]: entry.value };
      continue;
    }
    const decoded = decodeValue(valueType, value);
    if (shape === 'list') ((result[name] ??= []) as unknown[]).push(decoded);
    else if (embedded.has(name)) Object.assign(result, decoded);
    else if (shape === 'pointer' || !isZero(decoded)) result[name] = decoded;
  }
  return result;
}

function decodeEntry(valueType: string, bytes: Buffer): { key: string; value: unknown } {
  const entry: { key: string; value: unknown } = { key: '', value: valueType === 'string' ? '' : {} };
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) entry.key = (value as Buffer).toString('utf8');
    if (number === 2) entry.value = decodeValue(valueType, value);
  }
  return entry;
}

function decodeValue(type: string, value: bigint | Buffer): unknown {
  if (!Buffer.isBuffer(value)) {
    return type === 'bool' ? value !== 0n : Number(BigInt.asIntN(type === 'int32' ? 32 : 64, value));
  }
  if (type === 'string') return value.toString('utf8');
  if (type === 'bytes') return value.toString('base64');
  if (type === 'double') return value.readDoubleLE();
  return decodeMessage(type, value);
}

/** Types whose JSON is not an object of their fields. */
function decodeSpecial(type: string, bytes: Buffer): unknown {
  const name = type.slice(type.lastIndexOf('.') + 1);
  const fields = (): Map<number, bigint | Buffer> =>
    new Map([...wireFields(bytes)].map((field) => [field.number, field.value]));
  if (name === 'Time' || name === 'MicroTime') {
    const seconds = fields().get(1);
    const at = typeof seconds === 'bigint' ? Number(seconds) * 1000 : undefined;
    return at === undefined || at < 0 ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
  }
  if (name === 'IntOrString') {
    const parts = fields();
    if (parts.get(1) === 1n) return (parts.get(3) as Buffer | undefined)?.toString('utf8') ?? '';
    return Number(BigInt.asIntN(32, (parts.get(2) as bigint | undefined) ?? 0n));
  }
  if (type.endsWith('api.resource.Quantity')) return (fields().get(1) as Buffer | undefined)?.toString('utf8') ?? '0';
  if (name === 'FieldsV1' || name === 'RawExtension') {
    return JSON.parse((fields().get(1) as Buffer | undefined)?.toString('utf8') ?? '{}') as unknown;
  }
  if (name === 'ExtraValue') return [...wireFields(bytes)].map((field) => (field.value as Buffer).toString('utf8'));
  return undefined;
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
