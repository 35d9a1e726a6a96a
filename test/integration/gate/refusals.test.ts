import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeOnClusters } from './clusters.ts';
import { writeUnknown } from '../../../main/gate/protobuf.ts';
import type { Grant } from '../../../main/gate/permits.ts';
import type { GateUnderTest } from './harness.ts';
import { configMap, json, purpose, type Asked } from './harness.ts';

const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const pod = '/api/v1/namespaces/shop/pods/web';
const websocket = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
};
const spdy = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' };

describeOnClusters('the gate', (cluster) => {
  let gate: GateUnderTest;
  let wall = Date.now();
  let steady = 0;

  beforeAll(async () => {
    gate = await cluster.start({ now: () => wall, steady: () => steady });
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

  it.each([
    ['no permit', () => null, 401],
    ['a wrong permit', () => ({ token: 'A'.repeat(43) }), 401],
    [
      'a revoked permit',
      () => {
        const grant = gate.read();
        grant.revoke();
        return grant;
      },
      401,
    ],
    ['the permit of another cluster', () => gate.read({ cluster: 'other' }), 403],
  ])('refuses and forwards nothing with %s', async (_what, granted, status) => {
    const grant = granted();
    expect(await refusedBy(grant, '/api/v1/pods')).toBe(status);
    expect(await refusedBy(grant, pod, { method: 'DELETE' })).toBe(status);
    const sent = gate.gate.send('c', grant?.token ?? '', {
      method: 'GET',
      path: '/api/v1/pods',
      query: '',
      headers: {},
      body: null,
    });
    await expect(sent).rejects.toMatchObject({ failure: { code: 'gate.refused' } });
    expect(gate.seen).toEqual([]);
  });

  it('refuses an expired change permit, whichever clock says so, and one whose clock was set back', async () => {
    const path = '/api/v1/namespaces/default/configmaps';
    const { report } = await gate.previewed(path, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(configMap('never')),
    });
    const sent: Asked = { method: 'POST', headers: json, body: report.writes[0]?.body ?? '' };
    for (const [wallMs, steadyMs] of [
      [120_000, 0],
      [0, 120_000],
      [-3_600_000, 60_000],
      [0, 125_000],
    ] as const) {
      const grant = gate.change(report.writes);
      wall += wallMs;
      steady += steadyMs;
      gate.seen.length = 0;
      expect(await refusedBy(grant, path, sent)).toBe(401);
      await expect(gate.gate.execute('c', grant.token)).rejects.toMatchObject({ failure: { code: 'gate.refused' } });
      expect(gate.seen).toEqual([]);
    }
  });

  it('refuses to grant a change or a stream on a read-only cluster, and one that was marked after the grant', async () => {
    let readOnly = false;
    const other = await cluster.start({ isReadOnly: () => readOnly });
    const grant = other.change([]);
    readOnly = true;
    expect(() => other.change([])).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'change.read-only' }) as unknown }) as Error,
    );
    expect(() =>
      other.gate.grant({
        kind: 'exec',
        cluster: 'c',
        purpose,
        identity: other.upstream.config.identity,
        path: '/',
        query: '',
      }),
    ).toThrow();
    await expect(other.gate.execute('c', grant.token)).rejects.toMatchObject({ failure: { code: 'change.read-only' } });
    await other.close();
  });

  const writes: readonly (readonly [string, string, Asked])[] = [
    ['POST', '/api/v1/namespaces/shop/configmaps', { headers: json, body: '{}' }],
    ['PUT', `${pod}`, { headers: json, body: '{}' }],
    ['PATCH', `${pod}`, { headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' }],
    [
      'PATCH',
      `${pod}?fieldManager=x&force=true`,
      { headers: { 'content-type': 'application/apply-patch+yaml' }, body: '{}' },
    ],
    ['DELETE', pod, {}],
    ['DELETE', '/api/v1/namespaces/shop/pods', {}],
    ['DELETE', '/api/v1/namespaces/shop/pods/', {}],
    ['PUT', '/apis/apps/v1/namespaces/shop/deployments/web/scale', { headers: json, body: '{}' }],
    ['PATCH', `${pod}/status`, { headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' }],
    ['PATCH', `${pod}/resize`, { headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' }],
    [
      'PATCH',
      `${pod}/ephemeralcontainers`,
      { headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' },
    ],
    ['POST', `${pod}/eviction`, { headers: json, body: '{}' }],
    ['POST', `${pod}/binding`, { headers: json, body: '{}' }],
    ['POST', '/api/v1/namespaces/shop/bindings', { headers: json, body: '{}' }],
    ['PUT', '/apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval', { headers: json, body: '{}' }],
    ['PUT', '/api/v1/namespaces/shop/finalize', { headers: json, body: '{}' }],
    ['POST', '/api/v1/namespaces/shop/serviceaccounts/default/token', { headers: json, body: '{}' }],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews', { headers: json, body: '{}' }],
  ];
  it.each(writes)('lets no write through a read permit: %s %s', async (method, path, asked) => {
    expect(await refusedBy(gate.read(), path, { ...asked, method })).toBe(403);
  });

  describe('row 6: reviews and what is outside resources', () => {
    const review = (kind: string) => ({
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      ...(kind === 'SelfSubjectRulesReview'
        ? { spec: { namespace: 'shop' } }
        : { spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } }),
    });
    it.each(['SelfSubjectAccessReview', 'SelfSubjectRulesReview'])('lets %s through a read permit', async (kind) => {
      const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
      const answer = await gate.ask(gate.read(), path, {
        method: 'POST',
        headers: json,
        body: JSON.stringify(review(kind)),
      });
      expect(answer.status).toBe(201);
      expect(answer.json()).toHaveProperty('status');
    });

    it('lets a review in protobuf through, and answers in JSON', async () => {
      // SelfSubjectAccessReview{2: spec{1: resourceAttributes{2: "list", 5: "pods"}}}
      const raw = Buffer.from('120e0a0c1204' + '6c697374' + '2a04' + '706f6473', 'hex');
      const body = writeUnknown({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', raw });
      const headers = { ...protobuf, accept: 'application/vnd.kubernetes.protobuf,application/json' };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const answer = await gate.ask(gate.read(), path, { method: 'POST', headers, body });
      expect(answer.status).toBe(201);
      expect(answer.json()).toMatchObject({
        spec: { resourceAttributes: { resource: 'pods' } },
        status: { allowed: true },
      });
    });

    it.each(['read', 'preview', 'change'] as const)('refuses PUT /debug/flags/v under a %s permit', async (kind) => {
      const grant = kind === 'read' ? gate.read() : kind === 'preview' ? gate.preview() : gate.change([]);
      expect(await refusedBy(grant, '/debug/flags/v?dryRun=All', { method: 'PUT', body: '4' })).toBe(403);
      expect(await refusedBy(grant, '/debug/flags/v', { method: 'GET' })).toBe(403);
    });

    it.each([
      '/metrics',
      '/debug/pprof/heap',
      '/logs',
      '/configz',
      '/statusz',
      '/flagz',
      '/',
      '/api/v2',
      '/apis/apps/v1/x/y/z/a',
    ])('refuses to read %s', async (path) => {
      expect(await refusedBy(gate.read(), path)).toBeGreaterThanOrEqual(400);
    });
  });

  describe('row 4: a token request', () => {
    it.each(['read', 'preview'] as const)(
      'is refused under a %s permit, and no token is in the answer',
      async (kind) => {
        const grant = kind === 'read' ? gate.read() : gate.preview();
        const path = '/api/v1/namespaces/default/serviceaccounts/default/token?dryRun=All';
        for (const [headers, body] of [
          [json, '{}'],
          [
            protobuf,
            writeUnknown({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', raw: Buffer.alloc(0) }),
          ],
        ] as const) {
          const answer = await gate.ask(grant, path, { method: 'POST', headers, body });
          expect(answer.status).toBe(403);
          expect(answer.text).not.toMatch(/eyJ/);
          expect(gate.seen).toEqual([]);
        }
      },
    );
  });

  describe('row 5: streams and proxies', () => {
    const streams = [
      `${pod}/exec?command=id&stdout=true`,
      `${pod}/attach?stdout=true`,
      `${pod}/portforward?ports=80`,
      `${pod}/proxy/`,
      `${pod}/proxy/admin?x=1`,
      '/api/v1/namespaces/shop/services/http:web:80/proxy/',
      '/api/v1/nodes/node/proxy/run/shop/web/web?cmd=id',
      '/api/v1/nodes/node/proxy/exec/shop/web/web',
      '/api/v1/nodes/node/proxy/pods',
      '/api/v1/nodes/node/proxy/stats/summary/..%2f..%2frun',
      '/api/v1/nodes/node/proxy/logs/../run',
      '/api/v1/nodes/node/proxy/logs/kubelet.log',
    ];
    it.each(streams.flatMap((path) => (['read', 'preview', 'change'] as const).map((kind) => [kind, path] as const)))(
      'are refused under a %s permit by every method and upgrade: %s',
      async (kind, path) => {
        const grant = kind === 'read' ? gate.read() : kind === 'preview' ? gate.preview() : gate.change([]);
        for (const asked of [
          {},
          { method: 'POST' },
          { method: 'PUT' },
          { headers: websocket },
          { method: 'POST', headers: spdy },
          { headers: websocket },
        ]) {
          expect(await refusedBy(grant, path, asked)).toBeGreaterThanOrEqual(400);
        }
      },
    );
  });
});
