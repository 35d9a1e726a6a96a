import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWhole } from '../../../main/gate/answer.ts';
import { describeOnClusters } from './clusters.ts';
import { json, unique, type Asked, type GateUnderTest } from './harness.ts';

const merge = { 'content-type': 'application/merge-patch+json' };

describeOnClusters('what a write does not show of its object', (cluster) => {
  const namespace = unique('hid');
  let gate: GateUnderTest;
  beforeAll(async () => {
    gate = await cluster.start();
    await gate.makeNamespace(namespace);
  });
  afterAll(async () => {
    await gate.removeNamespace(namespace);
    await gate.close();
  });
  const previewed = async (path: string, asked: Asked) => (await gate.previewed(path, asked)).report.writes;
  const run = (writes: Awaited<ReturnType<typeof previewed>>) => gate.gate.execute('c', gate.change(writes).token);
  const patch = async (path: string, body: object) => {
    expect((await gate.direct(path, { method: 'PATCH', headers: merge, body: JSON.stringify(body) })).status).toBe(200);
  };

  it('scales nothing whose image somebody changed since, though its Scale is the same', async () => {
    const sets = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'localhost/box:1' }] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    await gate.make(sets, { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'a' }, spec });
    const writes = await previewed(`${sets}/a/scale`, {
      method: 'PATCH',
      headers: merge,
      body: '{"spec":{"replicas":1}}',
    });
    await patch(`${sets}/a`, { metadata: { annotations: { theirs: 'x' } } });
    expect((await run(writes)).failure?.code).toBe('change.moved');
    expect(JSON.parse((await gate.direct(`${sets}/a`)).text)).toMatchObject({ spec: { replicas: 0 } });
  });

  it('overwrites no status that moved since, where the status is what was approved', async () => {
    const services = `/api/v1/namespaces/${namespace}/services`;
    await gate.make(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    const status = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });
    const asked = { method: 'PATCH', headers: merge, body: JSON.stringify(status('192.0.2.1')) };
    const writes = await previewed(`${services}/s/status`, asked);
    await patch(`${services}/s/status`, status('192.0.2.2'));
    expect((await run(writes)).failure?.code).toBe('change.moved');
    expect((await gate.direct(`${services}/s`)).text).toContain('192.0.2.2');
  });

  it('does not preview a PUT that would create: it could not say that the object must not exist yet', async () => {
    const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/r`;
    const body = JSON.stringify({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [],
    });
    const { answer, report } = await gate.previewed(role, { method: 'PUT', headers: json, body });
    expect(answer.status).toBe(404);
    expect(report.writes).toEqual([]);
    expect((await gate.direct(role)).status).toBe(404);
  });
});

it('does not wait for ever where a packed answer breaks off', async () => {
  const packed = gzipSync(Buffer.alloc(1_000_000, 'x'));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
    response.write(packed.subarray(0, 200), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const message = await new Promise<IncomingMessage>((resolve) => get({ host: '127.0.0.1', port }, resolve));
  await expect(readWhole(message)).rejects.toThrow();
  server.close();
});
