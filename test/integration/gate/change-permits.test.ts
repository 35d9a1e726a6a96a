import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedWrite } from '../../../main/gate/permits.ts';
import type { Execution } from '../../../main/gate/request.ts';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { configMap, json, unique, type Asked } from './harness.ts';

const merge = { 'content-type': 'application/merge-patch+json' };

interface Live {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly replicas?: number };
}

describeOnClusters('a change permit', (cluster) => {
  const namespace = unique('perm');
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
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
