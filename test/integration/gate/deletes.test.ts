import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, writeFields, writeUnknown, type Field } from '../../../main/gate/protobuf.ts';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { configMap, defineWidgets, json, unique, type Asked } from './harness.ts';

const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };

function deleteOptions(...fields: Field[]): Buffer {
  return writeUnknown({ apiVersion: 'v1', kind: 'DeleteOptions', raw: writeFields(fields) });
}

/** Row 1: how a DELETE can say its options. Every one of them really deletes where dryRun is only in the query. */
const encodings: readonly (readonly [string, Asked, Record<string, unknown>])[] = [
  ['no body', {}, {}],
  ['an empty object', { headers: json, body: '{}' }, {}],
  ['null', { headers: json, body: 'null' }, {}],
  ['an empty dryRun list', { headers: json, body: '{"dryRun":[]}' }, {}],
  ['dryRun null', { headers: json, body: '{"dryRun":null}' }, {}],
  ['no content type', { body: '{"gracePeriodSeconds":7}' }, { gracePeriodSeconds: 7 }],
  [
    'YAML',
    { headers: { 'content-type': 'application/yaml' }, body: 'propagationPolicy: Orphan\n' },
    { propagationPolicy: 'Orphan' },
  ],
  [
    "kubectl's body without kind",
    { headers: json, body: '{"propagationPolicy":"Background"}' },
    { propagationPolicy: 'Background' },
  ],
  ['a chunked body', { headers: json, body: '{"gracePeriodSeconds":3}', chunked: true }, { gracePeriodSeconds: 3 }],
  ['protobuf, empty', { headers: protobuf, body: deleteOptions() }, {}],
  [
    'protobuf with policy and grace',
    { headers: protobuf, body: deleteOptions({ number: 1, kind: 'varint', value: 9n }, text(4, 'Foreground')) },
    { propagationPolicy: 'Foreground', gracePeriodSeconds: 9 },
  ],
];

/** Bodies that cannot be read in one way only, or not whole. */
const unreadable: readonly (readonly [string, Asked])[] = [
  ['a key in another case', { headers: json, body: '{"DryRun":["All"]}' }],
  ['duplicate keys', { headers: json, body: '{"dryRun":["All"],"dryRun":[]}' }],
  ['a blank', { headers: json, body: ' ' }],
  ['another kind', { headers: json, body: '{"kind":"Pod"}' }],
  ['dryRun as text', { headers: json, body: '{"dryRun":"All"}' }],
  ['dryRun in lower case', { headers: json, body: '{"dryRun":["all"]}' }],
  ['plain text', { headers: { 'content-type': 'text/plain' }, body: '{}' }],
  ['CBOR', { headers: { 'content-type': 'application/cbor' }, body: Buffer.from([0xa0]) }],
  ['an unknown protobuf field', { headers: protobuf, body: deleteOptions({ number: 6, kind: 'varint', value: 1n }) }],
  ['protobuf cut short', { headers: protobuf, body: deleteOptions(text(4, 'Foreground')).subarray(0, 30) }],
  [
    'protobuf of another kind',
    { headers: protobuf, body: writeUnknown({ apiVersion: 'v1', kind: 'Pod', raw: Buffer.alloc(0) }) },
  ],
];

describeOnClusters('a previewed DELETE', (cluster) => {
  const namespace = unique('del');
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const group = `${unique('crd')}.example.com`;
  const widgets = `/apis/${group}/v1/namespaces/${namespace}/widgets`;
  let gate: GateUnderTest;

  beforeAll(async () => {
    gate = await cluster.start();
    await gate.makeNamespace(namespace);
    await gate.make(maps, configMap('kept'));
    await defineWidgets(gate, group);
    await gate.make(widgets, { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'kept' } });
  });
  afterAll(async () => {
    await gate.direct(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`, { method: 'DELETE' });
    await gate.removeNamespace(namespace);
    await gate.close();
  });

  describe.each([
    ['a built-in object', () => `${maps}/kept`],
    ['a custom object', () => `${widgets}/kept`],
  ])('of %s', (_what, pathOf) => {
    it.each(encodings)('leaves it, with its uid and resourceVersion, for %s', async (_encoding, asked, kept) => {
      const path = pathOf();
      const before = (await gate.direct(path)).text;
      gate.seen.length = 0;
      const { answer, report } = await gate.previewed(`${path}?dryRun=All`, { ...asked, method: 'DELETE' });
      expect(answer.status).toBe(200);
      expect((await gate.direct(path)).text).toBe(before);
      const sent = gate.seen.find(({ method }) => method === 'DELETE');
      const { uid, resourceVersion } = (JSON.parse(before) as { metadata: Record<string, string> }).metadata;
      expect(sent?.url).toBe(path);
      expect(sent?.headers['content-type']).toBe('application/json');
      expect(JSON.parse(sent?.body.toString() ?? '')).toEqual({
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        preconditions: { uid, resourceVersion },
        dryRun: ['All'],
        ...kept,
      });
      expect(report.writes).toHaveLength(1);
    });

    it.each(unreadable)('is refused and not forwarded for %s', async (_body, asked) => {
      const path = pathOf();
      gate.seen.length = 0;
      const { answer, report } = await gate.previewed(path, { ...asked, method: 'DELETE' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure' });
      expect(gate.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(report.writes).toEqual([]);
    });
  });

  it.each([
    ['built-in objects', () => maps],
    ['built-in objects, with a slash at the end', () => `${maps}/`],
    ['custom objects', () => widgets],
  ])('of a collection of %s leaves each, and records one guarded DELETE for each', async (_what, pathOf) => {
    const path = pathOf();
    const collection = path.replace(/\/$/, '');
    const before = (await gate.direct(`${collection}/kept`)).text;
    gate.seen.length = 0;
    const asked = { method: 'DELETE', headers: json, body: '{"propagationPolicy":"Background"}' };
    const { answer, report } = await gate.previewed(`${path}?fieldSelector=metadata.name%3Dkept`, asked);
    expect(answer.status).toBe(200);
    expect((answer.json()['items'] as unknown[]).length).toBe(1);
    expect((await gate.direct(`${collection}/kept`)).text).toBe(before);
    expect(report.writes.map(({ method, path: at }) => `${method} ${at}`)).toEqual([`DELETE ${collection}/kept`]);
    expect(report.writes[0]?.guard).not.toBeNull();
    for (const { body } of gate.seen.filter(({ method }) => method === 'DELETE')) {
      expect(JSON.parse(body.toString())).toMatchObject({ dryRun: ['All'], propagationPolicy: 'Background' });
    }
  });
});
