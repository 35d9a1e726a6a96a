import { badRequest } from './refusal.ts';

// As little of the protobuf wire as the gate needs: Kubernetes' envelope, top-level fields, and re-emitting them.

export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer }
  | { readonly number: number; readonly kind: 'fixed'; readonly wire: 1 | 5; readonly value: Buffer };

const magic = Buffer.from('k8s\0');

export interface Unknown {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message of that kind. */
  readonly raw: Buffer;
}

/** Reads Kubernetes' envelope `k8s\0` + Unknown{1: TypeMeta{1: apiVersion, 2: kind}, 2: raw}. Throws Refusal 400. */
export function readUnknown(body: Buffer): Unknown {
  if (!body.subarray(0, 4).equals(magic)) throw badRequest('The body does not begin as Kubernetes protobuf does.');
  const fields = readFields(body.subarray(4));
  const type = bytesOf(fields, 1);
  const inner = type === null ? [] : readFields(type);
  return { apiVersion: textOf(inner, 1), kind: textOf(inner, 2), raw: bytesOf(fields, 2) ?? Buffer.alloc(0) };
}

export function writeUnknown({ apiVersion, kind, raw }: Unknown): Buffer {
  const type = writeFields([text(1, apiVersion), text(2, kind)]);
  return Buffer.concat([
    magic,
    writeFields([
      { number: 1, kind: 'bytes', value: type },
      { number: 2, kind: 'bytes', value: raw },
    ]),
  ]);
}

/** Throws Refusal 400 for anything that is not a whole message. */
export function readFields(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw badRequest('The protobuf body ends inside a number.');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw badRequest('The protobuf body holds a number that is too long.');
  };
  const take = (length: number): Buffer => {
    if (length > message.length - at) throw badRequest('The protobuf body ends inside a field.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number === 0) throw badRequest('The protobuf body holds a field without a number.');
    if (wire === 0) fields.push({ number, kind: 'varint', value: varint() });
    else if (wire === 2) fields.push({ number, kind: 'bytes', value: take(Number(varint())) });
    else if (wire === 1 || wire === 5) fields.push({ number, kind: 'fixed', wire, value: take(wire === 1 ? 8 : 4) });
    else throw badRequest('The protobuf body holds a field of an unknown form.');
  }
  return fields;
}

export function writeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      if (field.kind === 'varint') return [varintOf(BigInt(field.number * 8)), varintOf(field.value)];
      if (field.kind === 'fixed') return [varintOf(BigInt(field.number * 8 + field.wire)), field.value];
      return [varintOf(BigInt(field.number * 8 + 2)), varintOf(BigInt(field.value.length)), field.value];
    }),
  );
}

export function text(number: number, value: string): Field {
  return { number, kind: 'bytes', value: Buffer.from(value) };
}

/** The last one counts, as protobuf has it. */
export function bytesOf(fields: readonly Field[], number: number): Buffer | null {
  const found = fields.findLast((field) => field.number === number);
  return found?.kind === 'bytes' ? found.value : null;
}

export function textOf(fields: readonly Field[], number: number): string {
  return bytesOf(fields, number)?.toString('utf8') ?? '';
}

/** ObjectMeta is field 1 of every kind: 1 name, 3 namespace, 5 uid, 6 resourceVersion. */
export function readObjectMeta(raw: Buffer): { name: string; namespace: string; uid: string; resourceVersion: string } {
  const metadata = bytesOf(readFields(raw), 1);
  const fields = metadata === null ? [] : readFields(metadata);
  return {
    name: textOf(fields, 1),
    namespace: textOf(fields, 3),
    uid: textOf(fields, 5),
    resourceVersion: textOf(fields, 6),
  };
}

/** The same object with uid and resourceVersion set. */
export function withGuardInMeta(
  raw: Buffer,
  guard: { readonly uid: string; readonly resourceVersion: string },
): Buffer {
  const fields = readFields(raw);
  const metadata = bytesOf(fields, 1);
  const inner = metadata === null ? [] : readFields(metadata).filter(({ number }) => number !== 5 && number !== 6);
  const guarded = writeFields([...inner, text(5, guard.uid), text(6, guard.resourceVersion)]);
  return writeFields([{ number: 1, kind: 'bytes', value: guarded }, ...fields.filter(({ number }) => number !== 1)]);
}

function varintOf(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}
