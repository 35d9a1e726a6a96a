import { describe, expect, it } from 'vitest';
import { ManagedFieldsTrimmer } from '../../../../main/gate/trim.ts';

function trimmed(text: string, cuts: readonly number[]): string {
  const bytes = Buffer.from(text);
  const trimmer = new ManagedFieldsTrimmer();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const out = edges.slice(1).flatMap((end, index) => trimmer.push(bytes.subarray(edges[index], end)));
  return Buffer.concat([...out, trimmer.end()]).toString();
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'managedFields' && Array.isArray(inner) ? [] : emptied(inner),
    ]),
  );
}

const nasty = {
  rows: [
    {
      cells: ['"managedFields":[', 'a\\', '\\"managedFields":[1]'],
      object: { metadata: { name: 'ü', managedFields: [{ 'f:"]': ['[', ']', '\\"]'] }], uid: '1' } },
    },
    { object: { metadata: { managedFields: [] } } },
    {
      object: {
        metadata: {
          annotations: { a: '{"metadata":{"managedFields":[{"x":1}]}}' },
          managedFields: [[[['"']]], '\\\\'],
        },
      },
    },
    { object: { 'x"managedFields': [1, 2], managedFields: 'text', last: true } },
  ],
};

describe('the trimmer', () => {
  it('empties every list of managedFields and nothing else, wherever the text is cut', () => {
    const text = JSON.stringify(nasty);
    const wanted = emptied(nasty);
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1) {
      expect(JSON.parse(trimmed(text, [cut]))).toEqual(wanted);
    }
  });

  it('does so for many cuts at once, one byte at a time too', () => {
    const text = JSON.stringify(nasty);
    let seed = 7;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
    for (let round = 0; round < 300; round += 1) {
      expect(JSON.parse(trimmed(text, Array.from({ length: 12 }, next)))).toEqual(emptied(nasty));
    }
    expect(
      JSON.parse(
        trimmed(
          text,
          Array.from({ length: text.length }, (_one, index) => index),
        ),
      ),
    ).toEqual(emptied(nasty));
  });

  it('passes other text through unchanged', () => {
    for (const text of [
      '',
      '{}',
      '"managedFields"',
      '{"managedField":[1]}',
      'not json at all [[[',
      '\\"managedFields":[1,2]',
    ]) {
      expect(trimmed(text, [1, 3])).toBe(text);
    }
  });

  it('holds nothing of a whole event back', () => {
    const trimmer = new ManagedFieldsTrimmer();
    const event = `${JSON.stringify({ type: 'ADDED', object: { metadata: { managedFields: [{ a: 1 }] }, data: 'managed' } })}\n`;
    expect(Buffer.concat(trimmer.push(Buffer.from(event))).toString()).toBe(event.replace('[{"a":1}]', '[]'));
  });
});
