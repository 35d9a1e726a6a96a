import { describe, expect, it } from 'vitest';
import { inverseOf, undoable, type DoneWrite } from '../../../../main/changes/undo.ts';

const target = (resource: string, name: string, group = '') => ({
  group,
  version: 'v1',
  resource,
  namespace: 'shop',
  name,
  subresource: null,
});
const path = (resource: string, name: string) => `/api/v1/namespaces/shop/${resource}/${name}`;
const object = (kind: string, name: string, rest: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop', uid: 'u1', resourceVersion: '7', generation: 2, ...metadata },
  ...rest,
});
const updated = (before: object, after: object): DoneWrite => ({
  method: 'PATCH',
  path: path('configmaps', 'web'),
  target: target('configmaps', 'web'),
  before,
  after,
});
const deleted = (resource: string, before: object, group = ''): DoneWrite => ({
  method: 'DELETE',
  path: path(resource, 'web'),
  target: target(resource, 'web', group),
  before,
  after: null,
});
function bodyOf(inverse: ReturnType<typeof inverseOf>, index = 0): unknown {
  if ('refused' in inverse) throw new Error(inverse.refused);
  return JSON.parse(inverse.tries[index]?.body ?? 'null');
}

describe('taking back an update', () => {
  const before = object('ConfigMap', 'web', { data: { a: '1', list: 'x' } });
  const after = object('ConfigMap', 'web', { data: { a: '2', added: 'y' } }, { resourceVersion: '8' });

  it('restores changed keys, removes added ones and brings back removed ones, and nothing else', () => {
    expect(bodyOf(inverseOf(updated(before, after), after, new Set()))).toEqual({
      data: { a: '1', added: null, list: 'x' },
    });
  });

  it('puts whole lists back, so that an added container goes', () => {
    const one = object('ConfigMap', 'web', { spec: { containers: [{ name: 'a' }] } });
    const two = object('ConfigMap', 'web', { spec: { containers: [{ name: 'a' }, { name: 'side' }] } });
    expect(bodyOf(inverseOf(updated(one, two), two, new Set()))).toEqual({ spec: { containers: [{ name: 'a' }] } });
  });

  it('is refused, naming the field, where somebody changed a touched field since', () => {
    const now = object('ConfigMap', 'web', { data: { a: '3', added: 'y' } });
    expect(inverseOf(updated(before, after), now, new Set())).toEqual({
      refused: 'configmaps/web was changed since: data.a.',
    });
  });

  it('goes on where somebody changed a field that it does not touch', () => {
    const now = object('ConfigMap', 'web', { data: { a: '2', added: 'y', theirs: 'z' } });
    expect(bodyOf(inverseOf(updated(before, after), now, new Set()))).toEqual({
      data: { a: '1', added: null, list: 'x' },
    });
  });

  it('is refused a second time, because the fields hold the old values by then', () => {
    expect(inverseOf(updated(before, after), before, new Set())).toHaveProperty('refused');
  });

  it('is refused for an object that was deleted and created again', () => {
    const other = { ...after, metadata: { ...after.metadata, uid: 'u2' } };
    expect(inverseOf(updated(before, after), other, new Set())).toEqual({
      refused: 'configmaps/web was deleted and created again since.',
    });
  });

  it('scales back to zero, and back from zero, though the API leaves the zero out', () => {
    const scale = (spec: object) => object('Scale', 'web', { spec });
    const of = (before: object, after: object): DoneWrite => ({
      ...updated(before, after),
      target: { ...target('deployments', 'web', 'apps'), subresource: 'scale' },
    });
    const [none, three] = [scale({}), scale({ replicas: 3 })];
    expect(bodyOf(inverseOf(of(none, three), three, new Set()))).toEqual({ spec: { replicas: 0 } });
    expect(bodyOf(inverseOf(of(three, none), none, new Set()))).toEqual({ spec: { replicas: 3 } });
  });

  it("never restores a controller's revision annotation", () => {
    const revision = (n: string) => ({ annotations: { 'deployment.kubernetes.io/revision': n, own: n } });
    const [old, now] = [object('ConfigMap', 'web', {}, revision('1')), object('ConfigMap', 'web', {}, revision('2'))];
    expect(bodyOf(inverseOf(updated(old, now), now, new Set()))).toEqual({ metadata: { annotations: { own: '1' } } });
  });
});

describe('taking back a creation', () => {
  it('deletes the object, also where the path was its collection', () => {
    const after = object('ConfigMap', 'web', {});
    const done: DoneWrite = {
      ...updated(after, after),
      method: 'POST',
      path: path('configmaps', 'web').slice(0, -4),
      before: null,
    };
    const inverse = inverseOf(done, after, new Set());
    expect(inverse).toMatchObject({ tries: [{ method: 'DELETE', path: path('configmaps', 'web') }] });
  });
});

describe('taking back a deletion', () => {
  it('creates the object without what only servers write', () => {
    const body = bodyOf(
      inverseOf(deleted('configmaps', object('ConfigMap', 'web', { data: { a: '1' }, status: {} })), null, new Set()),
    );
    expect(body).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', namespace: 'shop' },
      data: { a: '1' },
    });
  });

  it('is refused where one of the name is there again', () => {
    const before = object('ConfigMap', 'web', {});
    expect(inverseOf(deleted('configmaps', before), before, new Set())).toEqual({
      refused: 'configmaps/web exists again.',
    });
  });

  it('frees a Job of its selector and its old labels, which the server refuses', () => {
    const labels = { app: 'x', 'job-name': 'web', 'batch.kubernetes.io/controller-uid': 'u1' };
    const job = object(
      'Job',
      'web',
      { spec: { selector: {}, template: { metadata: { labels }, spec: {} } } },
      { labels },
    );
    expect(bodyOf(inverseOf(deleted('jobs', job, 'batch'), null, new Set()))).toMatchObject({
      metadata: { labels: { app: 'x' } },
      spec: { template: { metadata: { labels: { app: 'x' } } } },
    });
    expect(JSON.stringify(bodyOf(inverseOf(deleted('jobs', job, 'batch'), null, new Set())))).not.toContain('selector');
  });

  it('lets the scheduler place a bare pod anew, without its old token volume', () => {
    const pod = object('Pod', 'web', {
      spec: {
        nodeName: 'n1',
        volumes: [{ name: 'kube-api-access-x' }, { name: 'cache' }],
        containers: [{ name: 'c', volumeMounts: [{ name: 'kube-api-access-x' }, { name: 'cache' }] }],
      },
    });
    expect(bodyOf(inverseOf(deleted('pods', pod), null, new Set()))).toMatchObject({
      spec: { volumes: [{ name: 'cache' }], containers: [{ name: 'c', volumeMounts: [{ name: 'cache' }] }] },
    });
    expect(bodyOf(inverseOf(deleted('pods', pod), null, new Set()))).not.toHaveProperty('spec.nodeName');
  });

  it('drops a reference to an owner that is gone, and keeps one to an owner that lives', () => {
    const owned = object('ConfigMap', 'web', {}, { ownerReferences: [{ uid: 'gone' }, { uid: 'lives' }] });
    expect(bodyOf(inverseOf(deleted('configmaps', owned), null, new Set(['lives'])))).toMatchObject({
      metadata: { ownerReferences: [{ uid: 'lives' }] },
    });
  });

  it('offers a Service first with its address, then without, then without its node ports', () => {
    const service = object('Service', 'web', {
      spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, nodePort: 30000 }] },
    });
    const inverse = inverseOf(deleted('services', service), null, new Set());
    expect(bodyOf(inverse, 0)).toMatchObject({ spec: { clusterIP: '10.0.0.1' } });
    expect(bodyOf(inverse, 1)).toMatchObject({ spec: { ports: [{ port: 80, nodePort: 30000 }] } });
    expect(bodyOf(inverse, 1)).not.toHaveProperty('spec.clusterIP');
    expect(bodyOf(inverse, 2)).toMatchObject({ spec: { ports: [{ port: 80 }] } });
    expect(bodyOf(inverse, 2)).not.toHaveProperty('spec.ports.0.nodePort');
  });

  it.each([
    ['a namespace', deleted('namespaces', object('Namespace', 'web', {}))],
    ['a Secret, whose values are not kept', deleted('secrets', object('Secret', 'web', {}))],
    [
      'a pod that its controller makes again',
      deleted(
        'pods',
        object('Pod', 'web', {}, { ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'r' }] }),
      ),
    ],
    [
      'a definition, whose objects are gone with it',
      deleted('customresourcedefinitions', object('X', 'web', {}), 'apiextensions.k8s.io'),
    ],
    [
      'an eviction',
      {
        ...deleted('pods', object('Pod', 'web', {})),
        method: 'POST' as const,
        target: { ...target('pods', 'web'), subresource: 'eviction' },
      },
    ],
  ])('is refused for %s, and the card says so before', (_what, done) => {
    expect(undoable(done).possible).toBe(false);
    expect(inverseOf(done, null, new Set())).toEqual({ refused: undoable(done).text });
  });
});
