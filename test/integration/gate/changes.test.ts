import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedWrite } from '../../../main/gate/permits.ts';
import type { Execution } from '../../../main/gate/request.ts';
import { realCluster } from '../../support/real-cluster.ts';
import { configMap, GateUnderTest, json, unique, type Asked } from './harness.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };

interface Live {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly replicas?: number };
}

describe.skipIf(realCluster.kubeconfig === null)('an approved change', () => {
  const namespace = unique('chg');
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  let gate: GateUnderTest;
  let path: string;

  beforeAll(async () => {
    gate = await GateUnderTest.start(realCluster.kubeconfig ?? '');
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

  describe('row 13: sent by a client under a change permit', () => {
    const body = '{"data":{"a":"2"}}';
    const asked: Asked = { method: 'PATCH', headers: merge, body };

    it.each<[string, (at: string) => [string, Asked]]>([
      ['another byte', (at) => [at, { ...asked, body: '{"data":{"a":"3"}}' }]],
      ['a blank more', (at) => [at, { ...asked, body: `${body} ` }]],
      [
        'another content type',
        (at) => [at, { ...asked, headers: { 'content-type': 'application/strategic-merge-patch+json' } }],
      ],
      ['a header that acts for another', (at) => [at, { ...asked, headers: { ...merge, 'Impersonate-User': 'x' } }]],
      ['one query key more', (at) => [`${at}?fieldManager=x`, asked]],
      ['a dry run', (at) => [`${at}?dryRun=All`, asked]],
      ['another method', (at) => [at, { ...asked, method: 'PUT', headers: json }]],
      ['another object', (at) => [`${at}x`, asked]],
      ['another resource', (at) => [at.replace('configmaps', 'secrets'), asked]],
      [
        'another resourceVersion',
        (at) => [at, { ...asked, body: '{"data":{"a":"2"},"metadata":{"resourceVersion":"1"}}' }],
      ],
    ])('refuses %s', async (_what, altered) => {
      const writes = await previewed(path, asked);
      const grant = gate.change(writes);
      const [at, other] = altered(path);
      const answer = await gate.ask(grant, at, other);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(gate.seen).toEqual([]);
      expect((await live()).data).toEqual({ a: '1' });
    });

    it('refuses another resourceVersion in the recorded form', async () => {
      const writes = await previewed(path, asked);
      const [write] = writes;
      const guard = write?.guard?.resourceVersion ?? '';
      const altered = (write?.body ?? '').replace(`"${guard}"`, `"${String(Number(guard) + 1)}"`);
      expect(altered).not.toBe(write?.body);
      expect((await gate.ask(gate.change(writes), path, { ...asked, body: altered })).status).toBe(403);
      expect(gate.seen).toEqual([]);
    });

    it('sends the recorded request for the original one, once', async () => {
      const writes = await previewed(path, asked);
      const grant = gate.change(writes);
      expect((await gate.ask(grant, path, asked)).status).toBe(200);
      expect(gate.seen.map((seen) => seen.body.toString())).toEqual([writes[0]?.body]);
      gate.seen.length = 0;
      const second = await gate.ask(grant, path, asked);
      expect(second.status).toBe(403);
      expect(gate.seen).toEqual([]);
    });

    it('lets exactly one of 50 concurrent requests through, and one of 50 executions', async () => {
      const writes = await previewed(path, asked);
      const grant = gate.change(writes);
      const statuses = await Promise.all(
        Array.from({ length: 50 }, async () => (await gate.ask(grant, path, asked)).status),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 403)).toHaveLength(49);
      expect(gate.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
      const other = gate.change(await previewed(path, { ...asked, body: '{"data":{"a":"4"}}' }));
      const all = await Promise.all(Array.from({ length: 50 }, () => gate.gate.execute('c', other.token)));
      expect(all.flatMap(({ done }) => done)).toHaveLength(1);
    });

    it('keeps the order, and stops at the first write that fails', async () => {
      const first = await previewed(path, asked);
      const second = await previewed(path, { method: 'DELETE' });
      const grant = gate.change([...first, ...second]);
      expect((await gate.ask(grant, path, { method: 'DELETE' })).status).toBe(403);
      await moveData();
      const { done, failure } = await gate.gate.execute('c', grant.token);
      expect(done).toEqual([]);
      expect(failure).toMatchObject({ code: 'change.moved' });
      expect((await gate.direct(path)).status).toBe(200);
    });

    it('runs two approved writes on one object, the second on what the first left', async () => {
      const first = await previewed(path, asked);
      const second = await previewed(path, { ...asked, body: '{"data":{"b":"9"}}' });
      const { done, failure } = await run([...first, ...second]);
      expect(failure).toBeNull();
      expect(done).toHaveLength(2);
      expect((await live()).data).toEqual({ a: '2', b: '9' });
    });

    it('refuses a change on another server or CA than was approved', async () => {
      const writes = await previewed(path, asked);
      const { server, caSha256 } = gate.upstream.config.identity;
      for (const identity of [
        { server: `${server}x`, caSha256 },
        { server, caSha256: 'x' },
      ]) {
        const grant = gate.gate.grant({
          kind: 'change',
          cluster: 'c',
          purpose: { account: null, client: null, call: 't', origin: 'change' },
          identity,
          writes,
        });
        await expect(gate.gate.execute('c', grant.token)).rejects.toMatchObject({ failure: { code: 'gate.refused' } });
        expect((await gate.ask(grant, path, asked)).status).toBe(403);
      }
      expect(gate.seen).toEqual([]);
    });
  });

  it('row 13: runs a scale approved at one resourceVersion at another, where only status moved', async () => {
    const name = unique('dep');
    const at = `${deployments}/${name}`;
    const labels = { app: name };
    const template = {
      metadata: { labels },
      spec: { nodeSelector: { none: 'x' }, containers: [{ name: 'a', image: 'example.invalid/a:1' }] },
    };
    await gate.make(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    });
    const scale = (await gate.direct(`${at}/scale`)).json() as unknown as Live & { spec: object };
    const put = (from: object): Asked => ({
      method: 'PUT',
      headers: json,
      body: JSON.stringify({ ...from, spec: { replicas: 1 } }),
    });
    const writes = await previewed(
      `${at}/scale`,
      put({ ...scale, metadata: { ...scale.metadata, resourceVersion: undefined } }),
    );
    const status = { status: { conditions: [{ type: 'Progressing', status: 'True', reason: 'Test' }] } };
    await gate.direct(`${at}/status`, { method: 'PATCH', headers: merge, body: JSON.stringify(status) });
    const moved = (await gate.direct(`${at}/scale`)).json();
    const answer = await gate.ask(gate.change(writes), `${at}/scale`, put(moved));
    expect(answer.status, answer.text).toBeLessThan(300);
    expect((await live(at)).spec?.replicas).toBe(1);
    await gate.direct(at, { method: 'DELETE' });
  });
});
