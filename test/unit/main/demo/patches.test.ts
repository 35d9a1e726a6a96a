import { describe, expect, test } from 'vitest';
import { applyJsonPatch } from '../../../../main/demo/patch/json-patch.ts';
import { applyConfiguration, trackUpdate } from '../../../../main/demo/patch/managed-fields.ts';
import { applyMergePatch } from '../../../../main/demo/patch/merge.ts';
import { applyStrategicPatch } from '../../../../main/demo/patch/strategic.ts';
import { mergeTyped } from '../../../../main/demo/patch/typed.ts';
import { schemaOfKind } from '../../../../main/demo/schema.ts';
import type { Manifest } from '../../../../main/demo/kinds.ts';

const pods = schemaOfKind('', 'v1', 'Pod');
const maps = schemaOfKind('', 'v1', 'ConfigMap');
const pod = (containers: object[], more: object = {}): Record<string, unknown> => ({ spec: { containers, ...more } });
const writer = (manager: string): { manager: string; apiVersion: string; subresource: string; at: string } => {
  return { manager, apiVersion: 'v1', subresource: '', at: '2026-01-01T00:00:00Z' };
};

describe('strategic merge patch', () => {
  test('merges containers by name, env inside them, and leaves atomic lists whole', () => {
    const current = pod([
      { name: 'a', image: 'x:1', args: ['1', '2'], env: [{ name: 'E', value: '1' }] },
      { name: 'b' },
    ]);
    const patch = pod([{ name: 'a', args: ['3'], env: [{ name: 'F', value: '2' }] }]);
    const args = {
      name: 'a',
      image: 'x:1',
      args: ['3'],
      env: [
        { name: 'E', value: '1' },
        { name: 'F', value: '2' },
      ],
    };
    expect(applyStrategicPatch(current, patch, pods)).toEqual(pod([args, { name: 'b' }]));
  });

  test('obeys $patch delete and replace, $retainKeys and $setElementOrder', () => {
    const current = pod([{ name: 'a' }, { name: 'b' }], { securityContext: { runAsUser: 1, fsGroup: 2 } });
    expect(applyStrategicPatch(current, pod([{ name: 'a', $patch: 'delete' }]), pods)).toMatchObject(
      pod([{ name: 'b' }]),
    );
    expect(applyStrategicPatch(current, pod([{ $patch: 'replace' }, { name: 'c' }]), pods)).toMatchObject(
      pod([{ name: 'c' }]),
    );
    const retained = { spec: { securityContext: { $retainKeys: ['fsGroup'], fsGroup: 3 } } };
    expect(applyStrategicPatch(current, retained, pods)).toMatchObject({ spec: { securityContext: { fsGroup: 3 } } });
    expect(applyStrategicPatch(current, retained, pods)).not.toMatchObject({
      spec: { securityContext: { runAsUser: 1 } },
    });
    const order = { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } };
    expect(applyStrategicPatch(current, order, pods)).toMatchObject(pod([{ name: 'b' }, { name: 'a' }]));
  });

  test('refuses an item without its merge key', () => {
    expect(() => applyStrategicPatch(pod([{ name: 'a' }]), pod([{ image: 'x' }]), pods)).toThrow(
      'declared merge key: name',
    );
  });
});

describe('JSON patch and merge patch', () => {
  test('does all six operations and never changes its input', () => {
    const before = { a: [1, 2], 'b/c': { '~': 1 } };
    const operations = [
      { op: 'test', path: '/b~1c/~0', value: 1 },
      { op: 'add', path: '/a/1', value: 9 },
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'move', from: '/a/0', path: '/moved' },
      { op: 'copy', from: '/a', path: '/copied' },
      { op: 'replace', path: '/copied/0', value: 0 },
      { op: 'remove', path: '/b~1c' },
    ];
    expect(applyJsonPatch(before, operations)).toEqual({ a: [9, 2, 3], moved: 1, copied: [0, 2, 3] });
    expect(before).toEqual({ a: [1, 2], 'b/c': { '~': 1 } });
  });

  test.each([
    [{ op: 'test', path: '/a', value: 2 }],
    [{ op: 'remove', path: '/nothing' }],
    [{ op: 'replace', path: '/list/7', value: 1 }],
    [{ op: 'add', path: '/nothing/deeper', value: 1 }],
  ])('refuses %o as unprocessable', (operation) => {
    expect(() => applyJsonPatch({ a: 1, list: [] }, [operation])).toThrow('the server rejected our request');
  });

  test('removes by null and replaces lists in a merge patch', () => {
    expect(applyMergePatch({ a: { b: 1, c: 2 }, l: [1, 2] }, { a: { b: null }, l: [3], n: { m: null } })).toEqual({
      a: { c: 2 },
      l: [3],
      n: {},
    });
  });
});

describe('server-side apply', () => {
  const map = (data: Record<string, string>): Manifest => ({ metadata: { name: 'm' }, data }) as Manifest;
  const apply = (
    live: Manifest | undefined,
    data: Record<string, string>,
    manager: string,
    force = false,
  ): Manifest => {
    const { merged, finish } = applyConfiguration(live, map(data), maps, writer(manager), force);
    return finish(merged);
  };

  test('removes what its manager no longer applies, unless another owns it too', () => {
    const first = apply(undefined, { a: '1', b: '1', c: '1' }, 'one');
    const second = apply(first, { b: '1' }, 'two');
    expect(apply(second, { a: '1' }, 'one')).toMatchObject({ data: { a: '1', b: '1' } });
    expect(apply(second, { a: '1' }, 'one')).not.toMatchObject({ data: { c: '1' } });
  });

  test('names the owner of a field that would change, and takes it by force', () => {
    const first = apply(undefined, { a: '1' }, 'one');
    expect(() => apply(first, { a: '2' }, 'two')).toThrow('conflict with "one": .data.a');
    const forced = apply(first, { a: '2' }, 'two', true);
    expect(
      (forced.metadata as { managedFields?: { manager: string }[] }).managedFields?.map(({ manager }) => manager),
    ).toEqual(['two']);
  });

  test('gives a field to the one who updates it', () => {
    const first = apply(undefined, { a: '1', b: '1' }, 'one');
    const updated = trackUpdate(first, { ...first, data: { a: '2', b: '1' } } as Manifest, maps, writer('editor'));
    expect((updated.metadata as { managedFields?: object[] }).managedFields).toMatchObject([
      { manager: 'one', operation: 'Apply', fieldsV1: { 'f:data': { 'f:b': {} } } },
      { manager: 'editor', operation: 'Update', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ]);
  });

  test('keeps the order of the configuration in merged lists, others after what they followed', () => {
    const names = (...list: string[]): object => pod(list.map((name) => ({ name })));
    const merged = mergeTyped(names('b', 'q'), names('a', 'b'), pods) as { spec: { containers: { name: string }[] } };
    expect(merged.spec.containers.map(({ name }) => name)).toEqual(['a', 'b', 'q']);
  });
});
