/**
 * The demo's API server request by request, where its answers are measured facts of the real one: dry runs and their
 * quirks, lists, watches, errors. kubectl would not show these; the gate and the fallback paths of clients meet them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemoCluster } from '../../main/demo/cluster.ts';
import type { DemoCluster } from '../../main/demo/cluster.ts';
import { ApiClient } from '../support/demo-api-client.ts';
import type { Replied } from '../support/demo-api-client.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const json = 'application/json';

describe('the demo API server', () => {
  let demo: DemoCluster;
  let api: ApiClient;
  const post = (path: string, body: unknown, type = json): Promise<Replied> => api.send('POST', path, body, type);
  const status = (reply: Replied): { code: number; reason: string; message: string } => reply.body as never;
  const exists = async (name: string): Promise<boolean> => (await api.send('GET', `${maps}/${name}`)).code === 200;

  beforeAll(async () => {
    demo = await startDemoCluster({ port: 0 });
    api = new ApiClient(demo.kubeconfig, 'token');
  });
  afterAll(async () => {
    api.close();
    await demo.close();
  });

  test.each([
    ['dryRun=All', 201, false],
    ['dryRun=All&dryRun=All', 201, false],
    ['dry%52un=%41ll', 201, false],
    ['a=b;c&dryRun=All', 201, false],
    ['a=%zz&dryRun=All', 201, false],
    ['dryRun=all', 422, false],
    ['dryRun', 422, false],
    ['dryRun=All&dryRun=foo', 422, false],
    ['dryrun=All', 201, true],
    ['DryRun=All', 201, true],
    ['dryRun[]=All', 201, true],
    ['dryRun=All;x=1', 201, true],
    ['?dryRun=All', 201, true],
  ])('reads ?%s as the real server does: %i, stored: %s', async (query, code, isStored) => {
    const name = `dry-${Buffer.from(query).toString('hex')}`;
    const reply = await post(`${maps}?${query}`, { metadata: { name } });
    expect(reply.code).toBe(code);
    expect(await exists(name)).toBe(isStored);
    if (code === 201 && !isStored)
      expect((reply.body as { metadata: object }).metadata).not.toHaveProperty('resourceVersion');
  });

  test('lets the body of a DELETE replace its query, so that a dry run in the query is none', async () => {
    for (const body of ['{}', 'null', '{"dryRun":[]}', '{"DryRun":["All"]}', '{"dryRun":["All"],"dryRun":[]}']) {
      await post(maps, { metadata: { name: 'victim' } });
      expect((await api.send('DELETE', `${maps}/victim?dryRun=All`, body, json)).code).toBe(200);
      expect(await exists('victim'), body).toBe(false);
    }
    await post(maps, { metadata: { name: 'victim' } });
    const before = (await api.send('GET', `${maps}/victim`)).text;
    for (const [query, body, type] of [
      ['?dryRun=All', undefined, json],
      ['', '{"dryRun":["All"]}', json],
      ['', 'dryRun: [All]', 'application/yaml'],
    ] as const) {
      expect((await api.send('DELETE', `${maps}/victim${query}`, body, type)).code).toBe(200);
    }
    expect((await api.send('DELETE', `${maps}/victim`, '{"dryRun":["all"]}', json)).code).toBe(422);
    expect((await api.send('DELETE', `${maps}/victim`, ' ', json)).code).toBe(400);
    expect((await api.send('DELETE', `${maps}/victim`, '{}', 'text/plain')).code).toBe(415);
    expect((await api.send('GET', `${maps}/victim`)).text).toBe(before);
  });

  test('gives a live token even in a dry run', async () => {
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token?dryRun=All';
    const reply = await post(path, { spec: { expirationSeconds: 600 } });
    const { token } = (reply.body as { status: { token: string } }).status;
    const asked = await api.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, json, {
      Authorization: `Bearer ${token}`,
    });
    expect(asked.body).toMatchObject({ status: { userInfo: { username: 'system:serviceaccount:default:default' } } });
  });

  test('warns of unknown and doubled fields, or refuses them when asked to be strict', async () => {
    const body = '{"metadata":{"name":"strict","nn":1},"dta":{},"data":{"a":"1","a":"2"}}';
    const refused = await post(`${maps}?fieldValidation=Strict&dryRun=All`, body);
    expect(status(refused).message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.nn", unknown field "dta", duplicate field "data.a"',
    );
    const warned = await post(`${maps}?dryRun=All`, body);
    expect(warned.warnings).toEqual(['unknown field "metadata.nn"', 'unknown field "dta"', 'duplicate field "data.a"']);
    expect(warned.body).toMatchObject({ data: { a: '2' } });
    expect((await post(`${maps}?fieldValidation=Ignore&dryRun=All`, body)).warnings).toEqual([]);
  });

  test('guards writes by resourceVersion and uid as the real server does', async () => {
    const made = await post(maps, { metadata: { name: 'guarded' }, data: { a: '1' } });
    const { resourceVersion } = (made.body as { metadata: { resourceVersion: string } }).metadata;
    const merge = 'application/merge-patch+json';
    await api.send('PATCH', `${maps}/guarded`, { data: { a: '2' } }, merge);
    const stale = { metadata: { name: 'guarded', resourceVersion }, data: { a: '3' } };
    expect((await api.send('PUT', `${maps}/guarded`, stale, json)).code).toBe(409);
    expect(
      (await api.send('PATCH', `${maps}/guarded`, { metadata: { resourceVersion }, data: { a: '3' } }, merge)).code,
    ).toBe(409);
    expect((await api.send('PATCH', `${maps}/guarded`, { metadata: { uid: 'x' } }, merge)).code).toBe(422);
    expect(
      (await api.send('PATCH', `${maps}/guarded`, { metadata: { resourceVersion: '' }, data: { a: '4' } }, merge)).code,
    ).toBe(200);
    const precondition = { preconditions: { resourceVersion } };
    expect((await api.send('DELETE', `${maps}/guarded`, precondition, json)).code).toBe(409);
    expect((await api.send('DELETE', `${maps}/guarded?resourceVersion=${resourceVersion}`)).code).toBe(409);
    const same = await api.send('PATCH', `${maps}/guarded`, { data: { a: '4' } }, merge);
    const again = await api.send('GET', `${maps}/guarded`);
    expect(same.text).toBe(again.text);
  });

  test('pages a list of one moment, also when it changes in between, and ends old pages with 410', async () => {
    for (const name of ['page-a', 'page-b', 'page-c'])
      await post(maps, { metadata: { name, labels: { page: 'yes' } } });
    type List = {
      metadata: { continue?: string; remainingItemCount?: number; resourceVersion: string };
      items: { metadata: { name: string } }[];
    };
    const first = (await api.send('GET', `${maps}?limit=2&labelSelector=page=yes`)).body as List;
    await api.send('DELETE', `${maps}/page-c`);
    const path = `${maps}?limit=2&labelSelector=page=yes&continue=${first.metadata.continue ?? ''}`;
    const second = (await api.send('GET', path)).body as List;
    expect([...first.items, ...second.items].map((item) => item.metadata.name)).toEqual(['page-a', 'page-b', 'page-c']);
    demo.cluster.store.compact();
    const old = await api.send('GET', path);
    expect(old.code).toBe(410);
    const { metadata } = old.body as { metadata: { continue: string } };
    const rest = (await api.send('GET', `${maps}?labelSelector=page=yes&continue=${metadata.continue}`)).body as List;
    expect(rest.items).toEqual([]);
    expect((await api.send('GET', `${maps}?continue=nonsense`)).code).toBe(400);
  });

  test('refuses list options that exclude each other', async () => {
    const codes = async (queries: string[]): Promise<number[]> =>
      Promise.all(queries.map(async (query) => (await api.send('GET', `${maps}?${query}`)).code));
    expect(
      await codes([
        'limit=abc',
        'resourceVersion=abc',
        'resourceVersionMatch=Exact',
        'resourceVersion=0&resourceVersionMatch=Exact',
        'sendInitialEvents=true',
        'fieldSelector=foo=bar',
        'labelSelector=a=b=c',
      ]),
    ).toEqual([400, 400, 422, 422, 422, 400, 400]);
  });

  test('watches: initial events and their end, changes, selection, and 410 inside 200', async () => {
    await post(maps, { metadata: { name: 'seen', labels: { seen: 'yes' } } });
    const watch = api.watch(
      `${maps}?watch=1&labelSelector=seen=yes&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', metadata: { name: 'seen' } },
    });
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    const merge = 'application/merge-patch+json';
    await api.send('PATCH', `${maps}/seen`, { data: { a: '1' } }, merge);
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { data: { a: '1' } } });
    await api.send('PATCH', `${maps}/seen`, { metadata: { labels: { seen: null } } }, merge);
    expect(await watch.next()).toMatchObject({ type: 'DELETED' });
    watch.close();
    demo.cluster.store.compact();
    const old = api.watch(`${maps}?watch=1&resourceVersion=1`);
    expect(await old.next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(await old.next()).toBeNull();
  });

  test('answers in the form that is asked for', async () => {
    const table = await api.send('GET', `${maps}?limit=1`, undefined, json, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(table.body).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
      rows: [{ object: { kind: 'PartialObjectMetadata' } }],
    });
    expect((await api.send('GET', maps, undefined, json, { Accept: 'text/html' })).code).toBe(406);
    expect(
      (await api.send('GET', maps, undefined, json, { Accept: 'application/json;as=Table;v=v9;g=meta.k8s.io' })).code,
    ).toBe(406);
    expect((await api.send('GET', `${maps}?limit=1`, undefined, json, { Accept: 'application/yaml' })).text).toMatch(
      /^kind: ConfigMapList/,
    );
    const accept = { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
    const discovery = await api.send('GET', '/apis', undefined, json, accept);
    expect(discovery.headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    const again = await api.send('GET', '/apis', undefined, json, {
      ...accept,
      'If-None-Match': discovery.headers.etag as string,
    });
    expect(again.code).toBe(304);
  });

  test('knows paths as the real server does', async () => {
    const codes = async (paths: string[]): Promise<number[]> =>
      Promise.all(paths.map(async (path) => (await api.send('GET', path)).code));
    expect(
      await codes([
        '/api/v1/namespaces/default%2Fconfigmaps',
        `${maps}/`,
        '//api/v1/pods',
        '/api//v1/pods',
        '/api/v1/foo',
        '/apis/nope/v1/foo',
        '/API/v1/pods',
        '/healthz',
        '/version',
        '/nothing',
      ]),
    ).toEqual([200, 200, 404, 404, 404, 404, 404, 200, 200, 404]);
    expect((await api.send('HEAD', maps)).code).toBe(405);
    expect((await post(`${maps}/x`, { metadata: { name: 'x' } })).code).toBe(405);
    expect((await api.send('GET', '/api/v1/pods', undefined, json, { Authorization: 'Bearer wrong' })).code).toBe(401);
    expect(status(await api.send('GET', '/api/v1/pods', undefined, json, { Authorization: '' })).message).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    );
  });

  test('deletes in the foreground, keeps finalizers and lets the last one go', async () => {
    await post(maps, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    const begun = await api.send('DELETE', `${maps}/held`);
    expect(begun.body).toMatchObject({ kind: 'ConfigMap', metadata: { finalizers: ['example.com/hold'] } });
    const merge = 'application/merge-patch+json';
    const more = await api.send(
      'PATCH',
      `${maps}/held`,
      { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
      merge,
    );
    expect(more.code).toBe(422);
    expect((await api.send('PATCH', `${maps}/held`, { metadata: { finalizers: null } }, merge)).code).toBe(200);
    expect(await exists('held')).toBe(false);
  });

  test('holds quotas and disruption budgets, in dry runs too', async () => {
    await post('/api/v1/namespaces', { metadata: { name: 'tight' } });
    const pods = '/api/v1/namespaces/tight/pods';
    const pod = (name: string): object => ({
      metadata: { name, labels: { app: 'p' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    await post('/api/v1/namespaces/tight/resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: '1' } } });
    expect((await post(`${pods}?dryRun=All`, pod('one'))).code).toBe(201);
    expect((await post(pods, pod('one'))).code).toBe(201);
    expect(status(await post(`${pods}?dryRun=All`, pod('two'))).message).toBe(
      'pods "two" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
    const budget = { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'p' } } } };
    await post('/apis/policy/v1/namespaces/tight/poddisruptionbudgets', budget);
    const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    await api.send('PATCH', `${pods}/one/status`, { status: ready }, 'application/merge-patch+json');
    const refused = await post(`${pods}/one/eviction?dryRun=All`, { metadata: { name: 'one' } });
    expect(refused.body).toMatchObject({ code: 429, details: { causes: [{ reason: 'DisruptionBudget' }] } });
    expect((await api.send('GET', `${pods}/one`)).code).toBe(200);
  });

  test('fails on demand: errors, dropped watches, an expired certificate', async () => {
    await api.send('PUT', '/demo/faults', [{ kind: 'error', code: 429, times: 1 }], json);
    const refused = await api.send('GET', maps);
    expect([refused.code, refused.headers['retry-after']]).toEqual([429, '1']);
    expect((await api.send('GET', maps)).code).toBe(200);
    await api.send('PUT', '/demo/faults', [{ kind: 'drop-watches', ms: 10 }], json);
    const watch = api.watch(`${maps}?watch=1&resourceVersion=${String(demo.cluster.store.resourceVersion)}`);
    await expect(watch.next()).rejects.toThrow();
    await api.send('DELETE', '/demo/faults');
    demo.faults.set([{ kind: 'expired-certificate' }]);
    const late = new ApiClient(demo.kubeconfig, 'token');
    await expect(late.send('GET', '/version')).rejects.toThrow(/expired/i);
    demo.faults.set([{ kind: 'valid-certificate' }]);
    expect((await late.send('GET', '/version')).code).toBe(200);
    late.close();
  });
});
