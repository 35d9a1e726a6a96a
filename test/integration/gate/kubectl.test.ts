import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '../../../main/gate/permits.ts';
import { realCluster, realKubectl } from '../../support/real-cluster.ts';
import { GateUnderTest, unique } from './harness.ts';

/**
 * The real kubectl, which sends no token over http, in front of the gate: a client that we did not write, with every
 * verb and encoding it has.
 */
describe.skipIf(realCluster.kubeconfig === null || realKubectl() === null)('the real kubectl through the gate', () => {
  const namespace = unique('kc');
  let gate: GateUnderTest;
  let front: Server;
  let folder = '';
  let grant: Grant;

  beforeAll(async () => {
    gate = await GateUnderTest.start(realCluster.kubeconfig ?? '');
    await gate.makeNamespace(namespace);
    const labels = { app: 'web' };
    const spec = { nodeSelector: { none: 'x' }, containers: [{ name: 'a', image: 'example.invalid/a:1' }] };
    await gate.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    await gate.make(`/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one', labels },
      spec,
    });
    await gate.make(`/api/v1/namespaces/${namespace}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'map' },
      data: { a: '1' },
    });
    front = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, authorization: `Bearer ${grant.token}` };
      const onward = httpRequest(
        `${gate.gate.urlOf('c')}${incoming.url ?? ''}`,
        { method: incoming.method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.once('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'ai4k8s-kubectl-'));
    const server = `http://127.0.0.1:${String((front.address() as AddressInfo).port)}`;
    const context = { cluster: 'c', user: 'u', namespace };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'c', context }],
    };
    await writeFile(join(folder, 'config'), JSON.stringify(config));
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1' } };
    await writeFile(join(folder, 'new.json'), JSON.stringify(manifest));
    await writeFile(
      join(folder, 'map.json'),
      JSON.stringify({ ...manifest, metadata: { name: 'map' }, data: { a: '2' } }),
    );
  });
  afterAll(async () => {
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
    await rm(folder, { recursive: true });
    await gate.removeNamespace(namespace);
    await gate.close();
  });

  async function kubectl(line: string): Promise<{ code: number; text: string }> {
    const args = [
      '--kubeconfig',
      join(folder, 'config'),
      '--cache-dir',
      join(folder, 'cache'),
      ...line.replaceAll('DIR', folder).split(' '),
    ];
    return await new Promise((resolve) => {
      execFile(realKubectl() ?? '', args, { timeout: 20_000, env: { HOME: folder } }, (error, stdout, stderr) => {
        resolve({
          code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
          text: `${stdout}${stderr}`,
        });
      });
    });
  }
  /** Names, uids and specs of all that is in the namespace. */
  async function state(): Promise<unknown> {
    const kinds = [
      'api/v1/%/configmaps',
      'api/v1/%/pods',
      'api/v1/%/services',
      'api/v1/%/secrets',
      'apis/apps/v1/%/deployments',
      'apis/batch/v1/%/jobs',
      'apis/autoscaling/v2/%/horizontalpodautoscalers',
    ];
    const lists = await Promise.all(
      kinds.map((kind) => gate.direct(`/${kind.replace('%', `namespaces/${namespace}`)}`)),
    );
    return lists.flatMap((list) =>
      (
        list.json()['items'] as {
          metadata: { name: string; uid: string; labels?: object; deletionTimestamp?: string };
          spec?: object;
          data?: object;
        }[]
      ).map(({ metadata: { name, uid, labels, deletionTimestamp }, spec, data }) => ({
        name,
        uid,
        labels,
        deletionTimestamp,
        spec,
        data,
      })),
    );
  }

  it.each([
    'get pods,deploy -o wide',
    'get all -A',
    'get deploy web -o yaml',
    'describe deploy web',
    'get events -A',
    'api-resources',
    'api-versions',
    'explain deployment.spec.strategy',
    'version',
    'auth can-i create deployments',
    'auth can-i --list',
    'auth whoami',
    'cluster-info',
    'rollout history deploy/web',
    'get configmap map -w --request-timeout=1s',
    'get --raw /readyz',
  ])('reads: %s', async (line) => {
    grant = gate.read();
    const { code, text } = await kubectl(line);
    expect(
      grant.revoke().requests.filter(({ refused }) => refused !== null),
      text,
    ).toEqual([]);
    if (!line.includes(' -w')) expect(code, text).toBe(0);
  });

  it.each<[string, number]>([
    ['create configmap fresh --from-literal=a=1', 1],
    ['create secret generic fresh --from-literal=a=1', 1],
    ['create job once --image=example.invalid/a:1', 1],
    ['autoscale deploy web --max=3', 1],
    ['run single --image=example.invalid/a:1', 1],
    ['expose deploy web --port=80', 1],
    ['apply -f DIR/new.json', 1],
    ['apply -f DIR/map.json', 1],
    ['apply --server-side --force-conflicts -f DIR/new.json', 1],
    ['apply --server-side --force-conflicts -f DIR/map.json', 1],
    ['replace -f DIR/map.json', 1],
    ['patch deploy web -p {"spec":{"replicas":4}}', 1],
    ['patch deploy web --type=merge -p {"spec":{"replicas":4}}', 1],
    ['patch deploy web --type=json -p [{"op":"replace","path":"/spec/replicas","value":4}]', 1],
    ['label deploy web a=b', 1],
    ['annotate pod one a=b', 1],
    ['scale deploy web --replicas=5', 1],
    ['rollout restart deploy web', 1],
    ['rollout pause deploy web', 1],
    ['set image deploy/web a=example.invalid/a:2', 1],
    ['set env deploy/web A=1', 1],
    ['delete configmap map --wait=false', 1],
    ['delete pod one --now --wait=false', 1],
    ['delete deploy web --cascade=foreground --wait=false', 1],
    ['delete configmap --all --wait=false', 2],
  ])('previews and changes nothing: %s', async (line, writes) => {
    const before = await state();
    grant = gate.preview();
    const { code, text } = await kubectl(line);
    const report = grant.revoke();
    expect(code, `${text} ${JSON.stringify(report.requests)}`).toBe(0);
    expect(report.writes.length, text).toBe(writes);
    expect(await state()).toEqual(before);
  });

  it.each([
    'create token default',
    'exec one -- id',
    'port-forward pod/one 0:80',
    'debug one --image=example.invalid/a:1 --attach=false',
    'cp one:/a b',
  ])('is refused or only previewed where a dry run is none: %s', async (line) => {
    const before = await state();
    grant = gate.preview();
    const { text } = await kubectl(line);
    grant.revoke();
    expect(text).not.toMatch(/eyJ/);
    expect(await state()).toEqual(before);
  });

  it('refuses every write under a read permit', async () => {
    const before = await state();
    for (const line of [
      'delete deploy web',
      'scale deploy web --replicas=0',
      'apply -f DIR/new.json',
      'create configmap x',
    ]) {
      grant = gate.read();
      const { code, text } = await kubectl(line);
      grant.revoke();
      expect(code).not.toBe(0);
      expect(text).toContain('read permit');
    }
    expect(await state()).toEqual(before);
  });
});
