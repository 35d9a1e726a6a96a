import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedWrite } from '../../../main/gate/permits.ts';
import type { Execution } from '../../../main/gate/request.ts';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { configMap, json, unique, type Asked } from './harness.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };

interface Live {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly replicas?: number };
}

describeOnClusters('an approved change', (cluster) => {
  const namespace = unique('chg');
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  let gate: GateUnderTest;
  let path: string;

  beforeAll(async () => {
    gate = await cluster.start();
    await gate.makeNamespace(namespace);
  });
  beforeEach(async () => {
    const name = unique('map');
    path = `${maps}/${name}`;
    await gate.make(maps, configMap(name));
    gate.seen.length = 0;
  });
  afterEach(async () => {
    await gate.direct(path, { method: 'DELETE' });
  });
  afterAll(async () => {
    await gate.removeNamespace(namespace);
    await gate.close();
  });

  const live = async (at = path) => (await gate.direct(at)).json() as unknown as Live;
  const nameOf = (at: string) => at.slice(at.lastIndexOf('/') + 1);

  async function previewed(at: string, asked: Asked): Promise<readonly RecordedWrite[]> {
    const { answer, report } = await gate.previewed(at, asked);
    expect(answer.status, answer.text).toBeLessThan(300);
    gate.seen.length = 0;
    return report.writes;
  }
  async function run(writes: readonly RecordedWrite[]): Promise<Execution> {
    const grant = gate.change(writes);
    const execution = await gate.gate.execute('c', grant.token);
    grant.revoke();
    return execution;
  }
  const change = async (asked: Asked): Promise<void> => {
    expect((await gate.direct(path, asked)).status).toBeLessThan(300);
  };
  const moveData = () => change({ method: 'PATCH', headers: merge, body: '{"data":{"other":"x"}}' });
  const writesOf: readonly (readonly [string, (name: string) => Asked, string])[] = [
    ['PUT', (name) => ({ method: 'PUT', headers: json, body: JSON.stringify(configMap(name, { a: '2' })) }), ''],
    ['a merge patch', () => ({ method: 'PATCH', headers: merge, body: '{"data":{"a":"2"}}' }), ''],
    [
      'a strategic patch',
      () => ({
        method: 'PATCH',
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        body: '{"data":{"a":"2"}}',
      }),
      '',
    ],
    [
      'a JSON patch',
      () => ({
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: '[{"op":"replace","path":"/data/a","value":"2"}]',
      }),
      '',
    ],
    [
      'an apply',
      (name) => ({ method: 'PATCH', headers: apply, body: JSON.stringify(configMap(name, { a: '2' })) }),
      '?fieldManager=t-gate&force=true',
    ],
  ];

  describe.each(writesOf)('row 12: by %s', (_what, asked, query) => {
    const draft = () => previewed(`${path}${query}`, asked(nameOf(path)));

    it('runs once, exactly as recorded, with its audit id', async () => {
      const writes = await draft();
      const { done, failure } = await run(writes);
      expect(failure).toBeNull();
      expect(done).toMatchObject([{ status: 200, answer: { data: { a: '2' } } }]);
      expect(done[0]?.auditId).toMatch(/^[0-9a-f-]{36}$/);
      expect((await live()).data?.['a']).toBe('2');
      expect(gate.seen.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`)).toEqual([
        `${writes[0]?.method ?? ''} ${path}${writes[0]?.query === '' ? '' : `?${writes[0]?.query ?? ''}`} ${writes[0]?.body ?? ''}`,
      ]);
    });

    it('writes nothing when the object moved', async () => {
      const writes = await draft();
      await moveData();
      const { done, failure } = await run(writes);
      expect(done).toEqual([]);
      expect(failure).toMatchObject({ code: 'change.moved' });
      expect((await live()).data).toEqual({ a: '1', other: 'x' });
    });

    it('writes nothing when the object is gone, or another of its name', async () => {
      const writes = await draft();
      await change({ method: 'DELETE' });
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect((await gate.direct(path)).status).toBe(404);
      await gate.make(maps, configMap(nameOf(path)));
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect((await live()).data).toEqual({ a: '1' });
    });

    it('renews the resourceVersion once when only bookkeeping moved', async () => {
      const writes = await draft();
      await change({
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]',
      });
      const { done, failure } = await run(writes);
      expect(failure).toBeNull();
      expect(done).toHaveLength(1);
      expect((await live()).data?.['a']).toBe('2');
    });
  });

  describe('row 12: what must not exist yet', () => {
    it('is created by an apply that is sent as a create, and is refused when somebody else made it', async () => {
      const name = unique('new');
      const asked: Asked = { method: 'PATCH', headers: apply, body: JSON.stringify(configMap(name)) };
      const writes = await previewed(`${maps}/${name}?fieldManager=t-gate&force=true`, asked);
      expect(writes).toMatchObject([{ method: 'POST', path: maps, guard: null, before: null }]);
      await gate.make(maps, configMap(name, { theirs: '1' }));
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect((await live(`${maps}/${name}`)).data).toEqual({ theirs: '1' });
      await gate.direct(`${maps}/${name}`, { method: 'DELETE' });
      expect((await run(writes)).failure).toBeNull();
      expect((await live(`${maps}/${name}`)).data).toEqual({ a: '1' });
    });

    it('is refused as an apply that expects a certain state', async () => {
      const name = unique('gone');
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, resourceVersion: '1' }, data: {} };
      const { answer, report } = await gate.previewed(`${maps}/${name}?fieldManager=t`, {
        method: 'PATCH',
        headers: apply,
        body: JSON.stringify(object),
      });
      expect(answer.status).toBe(409);
      expect(report.writes).toEqual([]);
    });

    it('is refused as a create with a resourceVersion, whose dry run would say yes', async () => {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: unique('rv'), resourceVersion: '1' } };
      expect(
        (await gate.previewed(maps, { method: 'POST', headers: json, body: JSON.stringify(object) })).answer.status,
      ).toBe(400);
    });
  });

  it('row 12: deletes the object it was shown, and no other', async () => {
    const writes = await previewed(path, { method: 'DELETE' });
    await moveData();
    expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
    expect((await gate.direct(path)).status).toBe(200);
    const again = await previewed(path, { method: 'DELETE' });
    expect((await run(again)).failure).toBeNull();
    expect((await gate.direct(path)).status).toBe(404);
  });

  describe('row 12: on what lies beside an object', () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const spec = { nodeSelector: { none: 'x' }, containers: [{ name: 'a', image: 'example.invalid/a:1' }] };
    /** What a write could have changed; the scheduler may note its failure at any moment. */
    const state = async (at: string) => {
      const {
        metadata,
        spec: wanted,
        status,
      } = (await gate.direct(at)).json() as {
        metadata: { uid: string; deletionTimestamp?: string };
        spec: unknown;
        status: { message?: string };
      };
      return { uid: metadata.uid, deleted: metadata.deletionTimestamp, wanted, message: status.message };
    };
    const makePod = (name: string) => gate.make(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
    const label: Asked = { method: 'PATCH', headers: merge, body: '{"metadata":{"labels":{"moved":"yes"}}}' };

    it.each<[string, string, Asked]>([
      [
        'an eviction',
        'eviction',
        { method: 'POST', headers: json, body: '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{}}' },
      ],
      [
        'ephemeral containers',
        'ephemeralcontainers',
        {
          method: 'PATCH',
          headers: { 'content-type': 'application/strategic-merge-patch+json' },
          body: '{"spec":{"ephemeralContainers":[{"name":"d","image":"example.invalid/d:1"}]}}',
        },
      ],
      ['a status', 'status', { method: 'PATCH', headers: merge, body: '{"status":{"message":"x"}}' }],
    ])('does nothing by %s when the pod moved or is another', async (_what, subresource, asked) => {
      const name = unique('pod');
      const at = `${pods}/${name}`;
      await makePod(name);
      const body = (asked.body as string).replace('"metadata":{}', `"metadata":{"name":"${name}"}`);
      const writes = await previewed(`${at}/${subresource}`, { ...asked, body });
      expect((await gate.direct(at, label)).status).toBe(200);
      const moved = await state(at);
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect(await state(at)).toEqual(moved);
      await gate.direct(at, { method: 'DELETE', headers: json, body: '{"gracePeriodSeconds":0}' });
      await makePod(name);
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect((await gate.direct(at)).status).toBe(200);
    });

    it('does not bind another pod of the same name', async () => {
      const name = unique('pod');
      await makePod(name);
      const body = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name },
        target: { kind: 'Node', name: 'none' },
      });
      const writes = await previewed(`${pods}/${name}/binding`, { method: 'POST', headers: json, body });
      await gate.direct(`${pods}/${name}`, { method: 'DELETE', headers: json, body: '{"gracePeriodSeconds":0}' });
      await makePod(name);
      expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
      expect((await gate.direct(`${pods}/${name}`)).text).not.toContain('nodeName');
    });

    it('scales nothing when somebody else scaled meanwhile', async () => {
      const name = unique('rs');
      const sets = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
      const labels = { app: name };
      await gate.make(sets, {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name },
        spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      });
      for (const asked of [
        { method: 'PATCH', headers: merge, body: '{"spec":{"replicas":3}}' },
        {
          method: 'PATCH',
          headers: { 'content-type': 'application/json-patch+json' },
          body: '[{"op":"replace","path":"/spec/replicas","value":3}]',
        },
      ]) {
        const writes = await previewed(`${sets}/${name}/scale`, asked);
        const replicas = (await live(`${sets}/${name}`)).spec?.replicas === 0 ? 1 : 0;
        await gate.direct(`${sets}/${name}`, {
          method: 'PATCH',
          headers: merge,
          body: JSON.stringify({ spec: { replicas } }),
        });
        expect((await run(writes)).failure).toMatchObject({ code: 'change.moved' });
        expect((await live(`${sets}/${name}`)).spec?.replicas).toBe(replicas);
      }
    });
  });
});
