import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeOnClusters } from './clusters.ts';
import type { Grant } from '../../../main/gate/permits.ts';
import { ask, configMap, GateUnderTest, json, unique, type Asked } from './harness.ts';

const pod = '/api/v1/namespaces/shop/pods/web';
describeOnClusters('what the gate forwards', (cluster) => {
  let gate: GateUnderTest;

  beforeAll(async () => {
    gate = await cluster.start();
  });
  beforeEach(() => {
    gate.seen.length = 0;
  });
  afterAll(async () => {
    await gate.close();
  });

  async function refusedBy(grant: Pick<Grant, 'token'> | null, path: string, asked: Asked = {}): Promise<number> {
    const answer = await gate.ask(grant, path, asked);
    expect(answer.json(), `${asked.method ?? 'GET'} ${path}`).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code: answer.status,
    });
    expect(gate.seen, `${asked.method ?? 'GET'} ${path}`).toEqual([]);
    return answer.status;
  }

  describe('row 7: paths', () => {
    it.each([
      '/api/v1/namespaces/shop%2Fpods',
      '/api/v1/namespaces/shop/pods/web%2fexec',
      '/api/v1/namespaces/shop/pods/%2e%2e/secrets',
      '/api/v1/namespaces/shop/pods/web%00',
      '/api/v1/namespaces/shop/pods/web%252fexec',
      '/api/v1//pods',
      '//api/v1/pods',
      '/api/v1/namespaces/shop/pods/../secrets',
      '/API/v1/pods',
      '/api/v1/PODS',
      '/api/v1/watch/pods',
      '/apis/apps/v1/watch/deployments',
      '/api/v1/proxy/nodes/node',
      '/api/v1/namespaces/shop/pods/web/unknown',
      '/api/v1/namespaces/shop\\pods',
      '/api/v1/pods?a=1;b=2',
      '/api/v1/pods?watch=1?x',
      '/api/v1/pods?limit=%zz',
      '/api/v1/pods?unheard=1',
      '/api/v1/pods?limit=1&limit=2',
    ])('that could be read in two ways are refused: %s', async (path) => {
      expect(await refusedBy(gate.read(), path)).toBeGreaterThanOrEqual(400);
    });

    it('are forwarded in their canonical form', async () => {
      const answer = await gate.ask(gate.read(), '/api/v1/namespaces/k%75be-system/configmaps/?limit=1');
      expect(answer.status).toBe(200);
      expect(gate.seen.map(({ url }) => url)).toEqual(['/api/v1/namespaces/kube-system/configmaps?limit=1']);
    });

    it.each(['watch', 'watch=', 'watch=yes', 'watch=1', 'watch=T'])('know that ?%s watches', async (query) => {
      const answer = await gate.ask(
        gate.read(),
        `/api/v1/namespaces/shop/configmaps?${query}&timeoutSeconds=1&resourceVersion=0`,
      );
      expect(answer.text.split('\n')[0]).toContain('"type":"ADDED"');
    });
  });

  describe('row 8: methods', () => {
    it.each(['TRACE', 'OPTIONS', 'PROPFIND'])('refuses %s', async (method) => {
      expect(await refusedBy(gate.read(), '/api/v1/pods', { method })).toBe(405);
    });

    it.each(['get', 'CONNECT'])('answers no %s', async (method) => {
      const { port } = new URL(gate.gate.urlOf('c'));
      const said = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(
            `${method} /c/c/api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gate.read().token}\r\n\r\n`,
          );
        });
        let text = '';
        socket.on('data', (chunk) => (text += String(chunk)));
        socket.once('close', () => {
          resolve(text);
        });
      });
      expect(said).not.toContain('200 OK');
      expect(gate.seen).toEqual([]);
    });

    it('lets no override header turn a read into a write', async () => {
      const headers = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' };
      const answer = await gate.ask(gate.read(), '/api/v1/namespaces/kube-system/configmaps?limit=1', { headers });
      expect(answer.status).toBe(200);
      expect(gate.seen[0]?.method).toBe('GET');
      expect(Object.keys(gate.seen[0]?.headers ?? {}).filter((name) => name.includes('method'))).toEqual([]);
    });
  });

  it('row 9: forwards no header that acts for somebody else, in any case or repeated', async () => {
    const headers = {
      'Impersonate-User': 'viewer',
      'IMPERSONATE-GROUP': ['system:masters', 'x'],
      'impersonate-uid': '1',
      'Impersonate-Extra-scopes': 'a',
      'X-Remote-User': 'viewer',
      'X-Remote-Group': 'system:masters',
      Cookie: 'a=b',
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Host': 'evil.example',
      'Proxy-Authorization': 'Basic eA==',
      TE: 'trailers',
      'Accept-Encoding': 'gzip',
    };
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const plain = await gate.ask(gate.read(), path, { method: 'POST', headers: json, body });
    const answer = await gate.ask(gate.read(), path, { method: 'POST', headers: { ...json, ...headers }, body });
    expect(answer.json()['status']).toEqual(plain.json()['status']);
    const allowed = ['accept', 'user-agent', 'content-type', 'content-length', 'host', 'connection'];
    for (const { headers: sent } of gate.seen)
      expect(Object.keys(sent).filter((name) => !allowed.includes(name))).toEqual([]);
    gate.seen.length = 0;
    const create: Asked = {
      method: 'POST',
      headers: { ...json, 'Impersonate-User': 'x' },
      body: JSON.stringify(configMap('x')),
    };
    expect(await refusedBy(gate.preview(), '/api/v1/namespaces/default/configmaps', create)).toBe(400);
  });

  it('keeps a read permit within its namespaces', async () => {
    const grant = gate.read({ namespaces: ['shop'] });
    expect((await gate.ask(grant, '/api/v1/namespaces/shop/pods?limit=1')).status).toBe(200);
    expect((await gate.ask(grant, '/api/v1/namespaces/shop')).status).toBe(200);
    expect((await gate.ask(grant, '/version')).status).toBe(200);
    gate.seen.length = 0;
    for (const path of ['/api/v1/pods', '/api/v1/namespaces/default/pods', '/api/v1/nodes', '/api/v1/namespaces']) {
      expect(await refusedBy(grant, path)).toBe(403);
    }
  });

  it('row 10: puts the redirect of node logs under its own prefix, and lets it be followed', async () => {
    const nodes = (await gate.direct('/api/v1/nodes')).json()['items'] as { metadata: { name: string } }[];
    const name = nodes[0]?.metadata.name ?? '';
    const grant = gate.read();
    const answer = await gate.ask(grant, `/api/v1/nodes/${name}/proxy/logs?query=kubelet&tailLines=1`);
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toMatch(/^\/c\/c\/api\/v1\/nodes\//);
    const followed = await gate.ask(grant, (answer.headers.location ?? '').slice('/c/c'.length));
    expect(followed.status).not.toBe(403);
    const summary = `/api/v1/nodes/${name}/proxy/stats/summary`;
    expect((await gate.ask(grant, summary)).status).toBe((await gate.direct(summary)).status);
  });

  it('answers a URL without its prefix with a Status, and lives on', async () => {
    const { origin } = new URL(gate.gate.urlOf('c'));
    for (const path of ['/', '/api/v1/pods', '/c', '/c/', '/c/%zz/api', '/c/c']) {
      expect((await ask(`${origin}${path}`)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await gate.ask(gate.read(), '/version')).status).toBe(200);
  });

  it('says what a narrowed list was narrowed to', async (context) => {
    if (cluster.restricted === null) context.skip('there is no kubeconfig with the rights of one namespace');
    const restricted = await GateUnderTest.start(cluster.restricted ?? '');
    const grant = restricted.read();
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', resource: 'pods' } },
    };
    await restricted.ask(grant, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      method: 'POST',
      headers: json,
      body: JSON.stringify(review),
    });
    expect(grant.report().narrowed).toBeNull();
    expect((await restricted.ask(grant, '/api/v1/namespaces/shop/pods')).status).toBe(200);
    expect(grant.report().narrowed).toBe('shop');
    await restricted.close();
  });

  it('records every request with its status, and why it was refused', async () => {
    const grant = gate.read();
    await gate.ask(grant, '/api/v1/namespaces/default/configmaps?limit=1');
    await gate.ask(grant, `/api/v1/namespaces/default/configmaps/${unique('none')}`);
    await gate.ask(grant, pod, { method: 'DELETE' });
    const { requests } = grant.revoke();
    expect(
      requests.map(({ status, code, failure, refused }) => [status, code, failure?.reason, refused === null]),
    ).toEqual([
      [200, null, undefined, true],
      [404, null, 'NotFound', true],
      [403, 'gate.refused', undefined, false],
    ]);
    expect(requests[0]).toMatchObject({
      call: 'test',
      cluster: 'c',
      method: 'GET',
      path: '/api/v1/namespaces/default/configmaps',
      permit: grant.id,
    });
    expect(requests[0]?.bytes).toBeGreaterThan(100);
  });
});
