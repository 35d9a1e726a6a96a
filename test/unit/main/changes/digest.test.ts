import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../main/changes/digest.ts';
import type { RecordedWrite } from '../../../../main/gate/permits.ts';

const identity = { server: 'https://127.0.0.1:6443', caSha256: 'aa' };
const write: RecordedWrite = {
  method: 'PATCH',
  path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
  query: 'fieldManager=kubectl',
  contentType: 'application/merge-patch+json',
  body: '{"metadata":{"resourceVersion":"7","uid":"u1"},"spec":{"replicas":2}}',
  target: {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    namespace: 'shop',
    name: 'web',
    subresource: 'scale',
  },
  before: {
    kind: 'Scale',
    metadata: { name: 'web', resourceVersion: '7' },
    spec: { replicas: 3 },
    status: { replicas: 3 },
  },
  after: { kind: 'Scale', spec: { replicas: 2 } },
  warnings: [],
  limits: [],
  guard: { uid: 'u1', resourceVersion: '7' },
};
const base = digestOf(identity, [write], []);

describe('the digest of a change', () => {
  it.each([
    ['the method', { ...write, method: 'PUT' as const }],
    ['the path', { ...write, path: write.path.replace('web', 'wed') }],
    ['the query', { ...write, query: 'fieldManager=other' }],
    ['the content type', { ...write, contentType: 'application/json-patch+json' }],
    ['one byte of the body', { ...write, body: write.body?.replace(':2}', ':1}') ?? null }],
    ['another object of the same name', { ...write, guard: { uid: 'u2', resourceVersion: '7' } }],
    ['what the person was shown before', { ...write, before: { ...(write.before as object), spec: { replicas: 4 } } }],
  ])('differs with %s', (_what, other) => {
    expect(digestOf(identity, [other], [])).not.toBe(base);
  });

  it('differs with the server, the CA, the number and the order of writes', () => {
    const other = { ...write, path: '/api/v1/namespaces/shop/configmaps/a' };
    const all = [
      digestOf({ ...identity, server: 'https://127.0.0.1:6444' }, [write], []),
      digestOf({ ...identity, caSha256: null }, [write], []),
      digestOf(identity, [write, write], []),
      digestOf(identity, [write, other], []),
      digestOf(identity, [other, write], []),
    ];
    expect(new Set([base, ...all]).size).toBe(6);
  });

  it('stays when only status and resourceVersion moved, in every place a guard can be', () => {
    const moved = {
      ...write,
      body: '{"metadata":{"resourceVersion":"9","uid":"u1"},"spec":{"replicas":2}}',
      before: {
        kind: 'Scale',
        metadata: { name: 'web', resourceVersion: '9' },
        spec: { replicas: 3 },
        status: { replicas: 2 },
      },
      guard: { uid: 'u1', resourceVersion: '9' },
    };
    expect(digestOf(identity, [moved], [])).toBe(base);
    const deletion = (rv: string) => ({
      ...write,
      method: 'DELETE' as const,
      body: `{"preconditions":{"uid":"u1","resourceVersion":"${rv}"}}`,
    });
    expect(digestOf(identity, [deletion('7')], [])).toBe(digestOf(identity, [deletion('8')], []));
    const jsonPatch = (rv: string) => ({
      ...write,
      body: `[{"op":"test","path":"/metadata/resourceVersion","value":"${rv}"}]`,
    });
    expect(digestOf(identity, [jsonPatch('7')], [])).toBe(digestOf(identity, [jsonPatch('8')], []));
  });

  it('differs with the worst that was said of it, and not with a note', () => {
    const effect = (severity: 'critical' | 'note') => ({
      kind: 'service' as const,
      severity,
      text: 'Service web is left without endpoints.',
    });
    expect(digestOf(identity, [write], [effect('critical')])).not.toBe(base);
    expect(digestOf(identity, [write], [effect('note')])).toBe(base);
  });

  it('differs with the scaled object behind a Scale', () => {
    expect(digestOf(identity, [{ ...write, parentSha256: 'other' }], [])).not.toBe(base);
  });

  it('differs with the status, where the status is what is written', () => {
    const target = { ...write.target, subresource: 'status' };
    const of = (replicas: number) => digestOf(identity, [{ ...write, target, before: { status: { replicas } } }], []);
    expect(of(1)).not.toBe(of(2));
  });

  it('does not depend on the order of keys in a body', () => {
    const turned = { ...write, body: '{"spec":{"replicas":2},"metadata":{"uid":"u1","resourceVersion":"7"}}' };
    expect(digestOf(identity, [turned], [])).toBe(base);
  });
});
