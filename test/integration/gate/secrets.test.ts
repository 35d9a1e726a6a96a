import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { json, unique } from './harness.ts';

const canary = 'cAnArY-7f3a';
const encoded = Buffer.from(canary).toString('base64');
const protobufFirst = 'application/vnd.kubernetes.protobuf,application/json';
const releaseType = 'helm.sh/release.v1';

function packed(release: unknown): string {
  return Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64');
}
function unpacked(data: string): Record<string, unknown> {
  const bytes = Buffer.from(Buffer.from(data, 'base64').toString(), 'base64');
  return JSON.parse(gunzipSync(bytes).toString()) as Record<string, unknown>;
}

describeOnClusters('row 15: no value of a Secret comes out', (cluster) => {
  const namespace = unique('sec');
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  let gate: GateUnderTest;
  const shapes: readonly (readonly [string, string, string])[] = [
    ['JSON', `${secrets}/one`, 'application/json'],
    ['a client that prefers protobuf', `${secrets}/one`, protobufFirst],
    ['YAML', `${secrets}/one`, 'application/yaml'],
    ['a list', secrets, 'application/json'],
    ['a list across namespaces', '/api/v1/secrets?fieldSelector=metadata.name%3Done', 'application/json'],
    ['a Table', secrets, 'application/json;as=Table;v=v1;g=meta.k8s.io'],
    ['a Table with objects', `${secrets}?includeObject=Object`, 'application/json;as=Table;v=v1;g=meta.k8s.io'],
    ['metadata of one', `${secrets}/one`, 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'],
    ['metadata of a list', secrets, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'],
    ['a watch', `${secrets}?watch=1&timeoutSeconds=1&resourceVersion=0`, 'application/json'],
    [
      'a watch of Tables',
      `${secrets}?watch=1&timeoutSeconds=1&resourceVersion=0`,
      'application/json;as=Table;v=v1;g=meta.k8s.io',
    ],
  ];
  const noCanary = (text: string) => {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(encoded);
  };

  beforeAll(async () => {
    gate = await cluster.start();
    await gate.makeNamespace(namespace);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one' }, stringData: { password: canary } };
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) };
    await gate.make(secrets, { ...secret, metadata: { name: 'one', annotations } });
    const manifest = `---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  p: ${encoded}\n`;
    const release = packed({
      name: 'web',
      version: 1,
      namespace,
      info: { status: 'deployed' },
      config: { password: canary },
      manifest,
    });
    const labels = { owner: 'helm', name: 'web', status: 'deployed' };
    const name = 'sh.helm.release.v1.web.v1';
    await gate.make(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: releaseType,
      metadata: { name, labels },
      data: { release },
    });
  });
  beforeEach(() => {
    gate.seen.length = 0;
  });
  afterAll(async () => {
    await gate.removeNamespace(namespace);
    await gate.close();
  });

  it.each(shapes)('under a masking permit, as %s', async (_shape, path, accept) => {
    const answer = await gate.ask(gate.read(), path, { headers: { accept } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toContain('one');
    noCanary(answer.text);
    expect(gate.seen.every(({ headers }) => headers.accept?.includes('protobuf') === false)).toBe(true);
  });

  it('though its names and lengths stay readable, and typed clients can decode it', async () => {
    const { text } = await gate.ask(gate.read(), `${secrets}/one`, { headers: { accept: 'application/yaml' } });
    const { data } = parse(text) as { data: Record<string, string> };
    expect(Buffer.from(data['password'] ?? '', 'base64').toString()).toMatch(/^masked, 11 bytes, [0-9a-f]{8}$/);
  });

  it('but does to a person who asks for it, without the copies in metadata of Tables', async () => {
    const grant = gate.read({ maskSecrets: false });
    expect((await gate.ask(grant, `${secrets}/one`)).text).toContain(encoded);
    for (const [, path, accept] of shapes.filter(([, at, as]) => /as=/.test(as) && !at.includes('Object'))) {
      noCanary((await gate.ask(grant, path, { headers: { accept } })).text);
    }
  });

  it("of Helm's release either, whose record Helm can still read", async () => {
    const answer = await gate.ask(gate.read(), `${secrets}?labelSelector=owner%3Dhelm`, {
      headers: { accept: protobufFirst },
    });
    const { items } = answer.json() as unknown as { items: { data: { release: string } }[] };
    const release = unpacked(items[0]?.data.release ?? '');
    expect(release).toMatchObject({
      name: 'web',
      version: 1,
      info: { status: 'deployed' },
      config: { password: 'masked' },
    });
    noCanary(JSON.stringify(release));
    const single = await gate.ask(gate.read(), `${secrets}/sh.helm.release.v1.web.v1`);
    noCanary(JSON.stringify(unpacked((single.json() as { data: { release: string } }).data.release)));
  });

  it('of a preview: not in its answer, its record or an error about it', async () => {
    const fresh = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'two' }, stringData: { password: canary } };
    const { answer, report } = await gate.previewed(secrets, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(fresh),
    });
    expect(answer.status).toBe(201);
    noCanary(answer.text);
    noCanary(JSON.stringify([report.writes[0]?.before, report.writes[0]?.after, report.requests]));
    // The request itself must be sent as it was approved.
    expect(report.writes[0]?.body).toContain(canary);
    const merge = { 'content-type': 'application/merge-patch+json' };
    const patched = await gate.previewed(`${secrets}/one`, {
      method: 'PATCH',
      headers: merge,
      body: '{"stringData":{"password":"other"}}',
    });
    const [write] = patched.report.writes;
    noCanary(JSON.stringify([write?.before, write?.after]));
    expect((write?.before as { data: object }).data).not.toEqual((write?.after as { data: object }).data);
  });

  it('of an error about a value that is none', async (context) => {
    if (cluster.isDemo) context.skip('the demo cluster takes data that is not base64');
    const fresh = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'two' } };
    const wrong = { ...fresh, data: { [canary]: canary } };
    const refused = await gate.previewed(secrets, { method: 'POST', headers: json, body: JSON.stringify(wrong) });
    expect(refused.answer.status).toBeGreaterThanOrEqual(400);
    expect(refused.answer.text.replaceAll(`data[${canary}]`, '')).not.toContain(`"${canary}"`);
  });

  it('of an executed change: its answer is masked', async () => {
    const merge = { 'content-type': 'application/merge-patch+json' };
    const { report } = await gate.previewed(`${secrets}/one`, {
      method: 'PATCH',
      headers: merge,
      body: '{"metadata":{"labels":{"a":"b"}}}',
    });
    const execution = await gate.gate.execute('c', gate.change(report.writes).token);
    expect(execution.done).toHaveLength(1);
    noCanary(JSON.stringify(execution));
  });
});
