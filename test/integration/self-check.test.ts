import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { realCluster, realKubeconfig } from '../support/real-cluster.ts';
import { newFolder } from '../support/open-kubeconfigs.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';
import type { Cluster } from '../../shared/clusters.ts';
import type { SelfCheck } from '../../shared/self-check.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let app: RunningApp;
beforeAll(async () => {
  folder = await newFolder();
});
afterEach(() => app.close());
afterAll(() => folder.remove());

const start = async (...kubeconfigs: string[]) => {
  app = await startTestApp({ kubeconfigs });
};
const check = () => app.request('self-check.run', { cluster: null });
const failedHop = (cluster: SelfCheck['clusters'][number] | undefined) =>
  cluster?.hops.find(({ outcome }) => outcome === 'failed');
/** A kubeconfig with a context per name, each with its own cluster and user. */
const config = (contexts: Readonly<Record<string, readonly [cluster: object, user: object, namespace?: string]>>) => {
  const entries = Object.entries(contexts);
  return folder.file(
    'config',
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': entries[0]?.[0],
      clusters: entries.map(([name, [cluster]]) => ({ name, cluster })),
      users: entries.map(([name, [, user]]) => ({ name, user })),
      contexts: entries.map(([name, [, , namespace]]) => ({ name, context: { cluster: name, user: name, namespace } })),
    }),
  );
};
/** Cluster and user of the first context of a kubeconfig. */
const partsOf = (path: string) => {
  const { clusters, users } = parse(readFileSync(path, 'utf8')) as {
    clusters: { cluster: { server: string } }[];
    users: { user: object }[];
  };
  return { cluster: clusters[0]?.cluster ?? { server: '' }, user: users[0]?.user ?? {} };
};
const token = { token: 'x' };

describe.skipIf(realCluster.kubeconfig === null)('the self-check on the real cluster', () => {
  it('finds every hop in order, with the versions of every part', async () => {
    await start(realCluster.kubeconfig ?? '');
    const { versions, clusters } = await check();
    expect(clusters).toHaveLength(1);
    expect(clusters[0]?.version).toMatch(/^v1\.\d+\.\d+/);
    expect(clusters[0]?.hops.map(({ name, outcome }) => [name, outcome])).toEqual(
      ['process', 'port', 'endpoint', 'protocol', 'gate', 'api-server', 'credentials', 'rights'].map((name) => [
        name,
        'ok',
      ]),
    );
    const of = (part: string) => versions.find((one) => one.part === part)?.version;
    expect(of('kubernetes-mcp-server')).toMatch(/^v0\./);
    expect(of('Model Context Protocol')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(of('Node.js')).toBe(process.version);
    expect(of('Database schema')).toMatch(/^\d+$/);
  });

  it('finds the way to a context that was added to the kubeconfig while the servers run', async () => {
    const { cluster, user } = partsOf(realCluster.kubeconfig ?? '');
    await start(await config({ first: [cluster, user] }));
    await check();
    await config({ first: [cluster, user], second: [cluster, user] });
    const { clusters } = await app.event('clusters.changed', (list) => list.clusters.length === 2);
    const second = await trusted(clusters.find(({ context }) => context === 'second'));
    const at = performance.now();
    const [checked] = (await app.request('self-check.run', { cluster: second })).clusters;
    expect(failedHop(checked)).toBeUndefined();
    expect(performance.now() - at).toBeLessThan(2_000);
  });

  const limited = realKubeconfig('shop');
  it.skipIf(limited === null)('names missing rights, and the right itself', async () => {
    const { cluster: server, user } = partsOf(limited ?? '');
    await start(await config({ limited: [server, user, 'kube-system'] }));
    const [cluster] = (await check()).clusters;
    expect(failedHop(cluster)).toMatchObject({ name: 'rights' });
    expect(cluster?.hops.filter(({ outcome }) => outcome === 'ok')).toHaveLength(7);
    expect(failedHop(cluster)?.evidence).toContain('cannot list resource "pods"');
  });

  it('names credentials that the API server does not take', async () => {
    const { cluster: server } = partsOf(realCluster.kubeconfig ?? '');
    await start(await config({ stale: [server, { token: 'no-longer-good' }] }));
    const [cluster] = (await check()).clusters;
    expect(failedHop(cluster)).toMatchObject({ name: 'credentials' });
    expect(cluster?.hops.find(({ name }) => name === 'api-server')?.outcome).toBe('ok');
  });

  it('names a certificate that does not verify', async () => {
    const { server } = partsOf(realCluster.kubeconfig ?? '').cluster;
    await start(await config({ 'unknown-ca': [{ server }, token] }));
    const hop = failedHop((await check()).clusters[0]);
    expect(hop).toMatchObject({ name: 'api-server' });
    expect(hop?.evidence).toContain('certificate');
  });
});

describe('the self-check of clusters that do not answer', () => {
  it('names the hop and the remedy of each, side by side and in bounded time', async () => {
    await start(
      await config({
        dns: [{ server: 'https://no-such-host.invalid' }, token],
        refused: [{ server: 'https://127.0.0.1:1' }, token],
        blackhole: [{ server: 'https://192.0.2.1' }, token],
      }),
    );
    const at = performance.now();
    const { clusters } = await check();
    expect(performance.now() - at).toBeLessThan(8_000);
    for (const cluster of clusters) {
      expect(failedHop(cluster)).toMatchObject({ name: 'api-server' });
      expect(failedHop(cluster)?.remedy?.length).toBeGreaterThan(15);
      expect(cluster.version).toBeNull();
      expect(cluster.hops.find(({ name }) => name === 'rights')?.outcome).toBe('not-tried');
      expect(cluster.hops.find(({ name }) => name === 'protocol')?.outcome).toBe('ok');
    }
    const evidence = clusters.map((cluster) => failedHop(cluster)?.evidence).join('\n');
    expect(evidence).toContain('no-such-host.invalid');
    expect(evidence).toContain('ECONNREFUSED');
  });

  it('does not contact one whose trust check is open', async () => {
    await start(await config({ plugin: [{ server: 'https://127.0.0.1:1' }, await login('exit 0')] }));
    expect(failedHop((await check()).clusters[0])).toMatchObject({ name: 'credentials' });
  });

  it('says that the program which makes the credentials hangs', { timeout: 30_000 }, async () => {
    await start(await config({ hanging: [{ server: 'https://127.0.0.1:1' }, await login('exec sleep 60')] }));
    await trusted((await app.request('clusters.list', undefined)).clusters[0]);
    const at = performance.now();
    const hop = failedHop((await check()).clusters[0]);
    expect(performance.now() - at).toBeLessThan(8_000);
    expect(hop).toMatchObject({ name: 'credentials' });
    expect(hop?.evidence).toContain('program');
  });

  it('refuses a cluster that is not there', async () => {
    await start();
    await expect(app.request('self-check.run', { cluster: 'gone' })).rejects.toMatchObject({
      failure: { code: 'cluster.unknown' },
    });
    expect((await check()).clusters).toEqual([]);
  });
});

/** Consents to everything that a cluster asks; gives its id. */
async function trusted(cluster: Cluster | undefined): Promise<string> {
  const id = cluster?.id ?? '';
  if (cluster?.state.kind !== 'untrusted') return id;
  await app.request('clusters.trust', {
    cluster: id,
    questions: cluster.state.questions.map((question) => question.id),
  });
  return id;
}

async function login(script: string): Promise<object> {
  const command = await folder.file('login', `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
}
