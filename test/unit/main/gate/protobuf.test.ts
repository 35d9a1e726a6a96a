import { describe, expect, it } from 'vitest';
import { deleteBody, readDeleteOptions } from '../../../../main/gate/delete-options.ts';
import {
  readFields,
  readObjectMeta,
  readUnknown,
  text,
  withGuardInMeta,
  writeFields,
  writeUnknown,
  type Field,
} from '../../../../main/gate/protobuf.ts';
import { Refusal } from '../../../../main/gate/refusal.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';

describe('the protobuf reader', () => {
  it('gives back exactly the bytes it read', () => {
    const fields: Field[] = [
      { number: 1, kind: 'varint', value: 2n ** 64n - 1n },
      { number: 2000, kind: 'bytes', value: Buffer.alloc(300, 7) },
      { number: 3, kind: 'fixed', wire: 5, value: Buffer.from([1, 2, 3, 4]) },
      { number: 4, kind: 'fixed', wire: 1, value: Buffer.alloc(8, 9) },
    ];
    expect(readFields(writeFields(fields))).toEqual(fields);
  });

  it('refuses or reads any bytes, and never throws anything else or goes on for ever', () => {
    let seed = 3;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
    for (let round = 0; round < 5000; round += 1) {
      const noise = Buffer.from(Array.from({ length: next() % 40 }, () => next() % 256));
      const body = round % 2 === 0 ? noise : Buffer.concat([Buffer.from('k8s\0'), noise]);
      try {
        readUnknown(body);
        readDeleteOptions(protobuf, body, []);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }
  });

  it('sets uid and resourceVersion in the metadata of any object, and leaves the rest', () => {
    const metadata = writeFields([text(1, 'a'), text(3, 'ns'), text(5, 'old'), text(6, '1'), text(11, 'label')]);
    const raw = writeFields([{ number: 1, kind: 'bytes', value: metadata }, text(2, 'spec')]);
    const guarded = withGuardInMeta(raw, { uid: 'u', resourceVersion: '9' });
    expect(readObjectMeta(guarded)).toEqual({ name: 'a', namespace: 'ns', uid: 'u', resourceVersion: '9' });
    expect(readFields(guarded).filter(({ number }) => number === 2)).toEqual([text(2, 'spec')]);
    expect(guarded.includes('label')).toBe(true);
  });
});

describe('delete options', () => {
  it('mean the same in JSON, YAML, protobuf and query', () => {
    const wanted = {
      gracePeriodSeconds: 5,
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'u', resourceVersion: '7' },
    };
    const json = JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...wanted, dryRun: ['All'] });
    expect(readDeleteOptions('application/json', Buffer.from(json), [])).toEqual(wanted);
    const yaml = 'gracePeriodSeconds: 5\npropagationPolicy: Orphan\npreconditions: {uid: u, resourceVersion: "7"}\n';
    expect(readDeleteOptions('application/yaml', Buffer.from(yaml), [])).toEqual(wanted);
    const conditions = writeFields([text(1, 'u'), text(2, '7')]);
    const raw = writeFields([
      { number: 1, kind: 'varint', value: 5n },
      { number: 2, kind: 'bytes', value: conditions },
      text(4, 'Orphan'),
      text(5, 'All'),
    ]);
    expect(readDeleteOptions(protobuf, writeUnknown({ apiVersion: 'v1', kind: 'DeleteOptions', raw }), [])).toEqual(
      wanted,
    );
    const query = [
      ['gracePeriodSeconds', '5'],
      ['propagationPolicy', 'Orphan'],
      ['resourceVersion', '7'],
    ] as const;
    expect(readDeleteOptions(null, Buffer.alloc(0), query)).toEqual({
      ...wanted,
      preconditions: { resourceVersion: '7' },
    });
  });

  it("keep the client's own precondition over the gate's, so that a stale one fails", () => {
    const body = deleteBody({ preconditions: { resourceVersion: '1' } }, { uid: 'u', resourceVersion: '9' }, true);
    expect(JSON.parse(body)).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid: 'u', resourceVersion: '1' },
      dryRun: ['All'],
    });
  });

  it.each([
    '{"gracePeriodSeconds":"5"}',
    '{"propagationPolicy":"background"}',
    '{"preconditions":{"x":1}}',
    '[]',
    '1',
    '"x"',
    '{"unknown":1}',
  ])('that are not wholly understood are refused: %s', (body) => {
    expect(() => readDeleteOptions('application/json', Buffer.from(body), [])).toThrow(Refusal);
  });
});
