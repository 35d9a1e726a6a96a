import { describe, expect, it } from 'vitest';
import { readJson, readYaml, writeJson } from '../../../../main/gate/body.ts';
import { guardJsonPatch, guardObject, renewGuard, sameButStatus } from '../../../../main/gate/guard.ts';
import { narrowAccept, readContentType, warningTexts } from '../../../../main/gate/headers.ts';
import { relocate } from '../../../../main/gate/answer.ts';

const guard = { uid: 'u', resourceVersion: '7' };

describe('the guard', () => {
  it.each([
    '{}',
    '{"metadata":null}',
    '{"metadata":{"resourceVersion":""}}',
    '{"metadata":{"resourceVersion":"0"}}',
    '{"metadata":{"resourceVersion":null}}',
  ])('is written where the body has none that counts: %s', (body) => {
    expect(guardObject(readJson(Buffer.from(body)), guard)).toMatchObject({ metadata: guard });
  });

  it.each([
    { op: 'remove', path: '/metadata/resourceVersion' },
    { op: 'replace', path: '/metadata/resourceVersion', value: '' },
    { op: 'add', path: '/metadata', value: {} },
    { op: 'replace', path: '', value: {} },
    { op: 'move', path: '/data/a', from: '/metadata/resourceVersion' },
    { op: 'copy', path: '/metadata/resourceVersion', from: '/data/a' },
    { op: 'remove', path: '/metadata/uid' },
    { op: 'add' },
  ])('is not taken out again by a later operation of a JSON patch: %j', (operation) => {
    expect(() => guardJsonPatch([operation], guard)).toThrow();
  });

  it('lets a JSON patch expect the same state in its own words', () => {
    const own = { op: 'replace', path: '/metadata/resourceVersion', value: '7' };
    expect(guardJsonPatch([own], guard)).toContainEqual(own);
  });

  it("leaves a client's own", () => {
    expect(guardObject({ metadata: { resourceVersion: '3', uid: 'v' } }, guard)).toEqual({
      metadata: { resourceVersion: '3', uid: 'v' },
    });
  });

  it('keeps numbers as they were written', () => {
    const body = '{"spec":{"a":9007199254740993,"b":1.0,"c":1e3}}';
    expect(writeJson(guardObject(readJson(Buffer.from(body)), guard))).toContain(
      '"a":9007199254740993,"b":1.0,"c":1e3',
    );
  });

  it('is renewed only where the gate wrote it', () => {
    const body = writeJson(guardObject({ data: { a: '"resourceVersion":"7"' } }, guard));
    expect(renewGuard(body, '7', '8')).toBe(
      body.replace(/"resourceVersion":"7"\}\}?$/, (end) => end.replace('7', '8')),
    );
    const patch = writeJson(guardJsonPatch([{ op: 'add', path: '/data/a', value: '7' }], guard));
    expect(JSON.parse(renewGuard(patch, '7', '8'))).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'replace', path: '/metadata/resourceVersion', value: '8' },
      { op: 'add', path: '/data/a', value: '7' },
    ]);
  });

  it.each([
    ['status', { status: { a: 2 } }, true],
    [
      'managed fields and generation',
      { metadata: { name: 'a', managedFields: [1], generation: 3, resourceVersion: '9' } },
      true,
    ],
    ['a label', { metadata: { name: 'a', labels: { a: 'b' } } }, false],
    ['an annotation', { metadata: { name: 'a', annotations: { a: 'b' } } }, false],
    ['the spec', { spec: { replicas: 2 } }, false],
    ['data', { data: { a: '1' } }, false],
    ['a finalizer', { metadata: { name: 'a', finalizers: ['x'] } }, false],
    ['a deletion begun', { metadata: { name: 'a', deletionTimestamp: 'x' } }, false],
  ])('knows whether only bookkeeping moved: %s', (_what, moved, same) => {
    const before = { metadata: { name: 'a', resourceVersion: '7' }, spec: { replicas: 1 }, status: { a: 1 } };
    expect(sameButStatus(before, { ...before, ...moved })).toBe(same);
  });

  it('refuses a JSON patch with what it does not know', () => {
    for (const patch of [{}, [{ op: 'merge', path: '/' }], [{ op: 'add', path: '/', value: 1, dryRun: 1 }]]) {
      expect(() => guardJsonPatch(patch, guard)).toThrow();
    }
  });
});

describe('bodies', () => {
  it('with a key twice are refused', () => {
    expect(() => readJson(Buffer.from('{"a":1,"a":2}'))).toThrow();
    expect(() => readYaml(Buffer.from('a: 1\na: 2\n'))).toThrow();
  });

  it('in YAML are read as version 1.1, times as text', () => {
    const read = readYaml(Buffer.from('a: yes\nb: 2026-01-01\nc: 0o7\nd: 12345678901234567890\ne: 1:30\nf: "y"\n'));
    expect(writeJson(read)).toBe('{"a":true,"b":"2026-01-01","c":"0o7","d":12345678901234567890,"e":"1:30","f":"y"}');
  });

  it('that are not UTF-8 are refused', () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow();
  });
});

describe('headers', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'application/json'],
    [
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      'application/json;as=Table;v=v1;g=meta.k8s.io, application/json',
    ],
    ['application/yaml', 'application/yaml'],
  ])('narrow Accept %s to %s', (accept, narrowed) => {
    expect(narrowAccept(accept)).toBe(narrowed);
  });

  it.each(['application/vnd.kubernetes.protobuf', 'text/html', 'application/cbor'])('refuse Accept %s', (accept) => {
    expect(() => narrowAccept(accept)).toThrow();
  });

  it.each([
    'text/plain',
    'application/JSON',
    'application/json; charset=latin1',
    'Application/merge-patch+json',
    'application/json, text/plain',
  ])('refuse the content type %s', (type) => {
    expect(() => readContentType(type)).toThrow();
  });

  it('give the texts of warnings', () => {
    expect(warningTexts(['299 - "one", 299 - "two \\"quoted\\""', '299 - "three"'])).toEqual([
      'one',
      'two "quoted"',
      'three',
    ]);
  });

  it.each([
    ['/api/v1/nodes/n/proxy/logs/?query=a', '/c/x/api/v1/nodes/n/proxy/logs/?query=a'],
    ['https://server:6443/prefix/api/v1/a', '/c/x/api/v1/a'],
    ['https://elsewhere.example/api', null],
    ['//elsewhere.example/api', null],
    ['http://[', null],
  ])('put the redirect to %s at %s', (location, at) => {
    expect(relocate(location, new URL('https://server:6443/prefix'), '/c/x')).toBe(at);
  });
});
