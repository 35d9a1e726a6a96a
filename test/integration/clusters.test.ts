import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realCluster, realKubeconfig } from '../support/real-cluster.ts';
import { realAccess, type RealAccess } from '../support/real-kubeconfigs.ts';
import { kubeconfigOf, newFolder } from '../support/open-kubeconfigs.ts';
import { startDemoCluster } from '../support/demo-cluster.ts';
import { startFront } from '../support/front.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';
import type { Cluster } from '../../shared/clusters.ts';

const reason = realCluster.because ?? '';

describe.skipIf(realCluster.kubeconfig === null)(`the clusters of a person, on the real cluster ${reason}`, () => {
  let access: RealAccess;
  let blackHole: Server;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let running: RunningApp | null = null;
  const app = (): RunningApp => {
    if (running === null) throw new Error('the app is not started');
    return running;
  };

  beforeAll(async () => {
    access = await realAccess();
    // Takes connections and says nothing.
    blackHole = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(blackHole, 'listening');
  });
  afterAll(() => {
    blackHole.close();
  });
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(async () => {
    await running?.close();
    running = null;
    await folder.remove();
  });

  const real = () => ({ server: access.server, 'certificate-authority-data': access.ca });
  const silent = () => {
    const address = blackHole.address();
    return `https://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
  };
  /** A kubeconfig of several contexts, each with a cluster and a user of its own. */
  const several = (current: string | null, contexts: Record<string, { cluster: object; user: object }>) =>
    JSON.stringify({
      ...(current === null ? {} : { 'current-context': current }),
      clusters: Object.entries(contexts).map(([name, { cluster }]) => ({ name, cluster })),
      users: Object.entries(contexts).map(([name, { user }]) => ({ name, user })),
      contexts: Object.keys(contexts).map((name) => ({ name, context: { cluster: name, user: name } })),
    });
  async function start(text: string, dataDir?: string): Promise<void> {
    const kubeconfigs = [await folder.file('config', text)];
    running = await startTestApp({ kubeconfigs, ...(dataDir === undefined ? {} : { dataDir }) });
  }
  async function clusterOf(context: string): Promise<Cluster> {
    const { clusters } = await app().request('clusters.list', undefined);
    const found = clusters.find((cluster) => cluster.context === context);
    if (found === undefined) throw new Error(`there is no ${context}`);
    return found;
  }

  test('the current context is the first in use, and its version is asked for without being told', async () => {
    const user = { token: access.token };
    await start(several('second', { first: { cluster: real(), user }, second: { cluster: real(), user } }));
    const list = await app().request('clusters.list', undefined);
    expect(list.clusters.find(({ id }) => id === list.selected)?.context).toBe('second');
    const seen = await app().event('clusters.changed', ({ clusters }) => clusters[1]?.state.kind === 'reachable');
    expect(seen.clusters[1]?.state).toMatchObject({ version: 'v1.36.3' });
    expect(seen.clusters[0]?.state).toEqual({ kind: 'untried' });
  });

  test('certificate, token and a plugin that prints the token each reach it, the plugin after consent', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: access.token },
    };
    const plugin = join(folder.path, 'login');
    await writeFile(plugin, `#!/bin/sh\necho run >> ${folder.path}/runs\necho '${JSON.stringify(credential)}'\n`);
    await chmod(plugin, 0o755);
    const exec = { apiVersion: credential.apiVersion, command: './login', interactiveMode: 'Never' };
    await start(
      several('certificate', {
        certificate: {
          cluster: real(),
          user: { 'client-certificate-data': access.certificate, 'client-key-data': access.key },
        },
        token: { cluster: real(), user: { token: access.token } },
        plugin: { cluster: real(), user: { exec } },
      }),
    );
    for (const context of ['certificate', 'token']) {
      const { id } = await clusterOf(context);
      expect((await app().request('clusters.connect', { cluster: id })).state).toMatchObject({ kind: 'reachable' });
    }
    const { id, state } = await clusterOf('plugin');
    if (state.kind !== 'untrusted') throw new Error('a plugin is asked about');
    expect((await app().request('clusters.connect', { cluster: id })).state.kind).toBe('untrusted');
    await expect(app().request('clusters.namespaces', { cluster: id })).rejects.toMatchObject({
      failure: { code: 'cluster.untrusted' },
    });
    await expect(app().request('clusters.trust', { cluster: id, questions: ['0'.repeat(64)] })).rejects.toMatchObject({
      failure: { code: 'cluster.untrusted' },
    });
    expect((await app().request('clusters.list', undefined)).clusters[2]?.state.kind).toBe('untrusted');
    await app().request('clusters.trust', { cluster: id, questions: state.questions.map((question) => question.id) });
    const seen = await app().event('clusters.changed', ({ clusters }) => clusters[2]?.state.kind === 'reachable');
    expect(seen.clusters[2]?.state).toMatchObject({ version: 'v1.36.3' });
    const answer = await app().request('clusters.namespaces', { cluster: id });
    expect(answer).toMatchObject({ namespaces: expect.arrayContaining(['kube-system']) as string[], complete: true });
  });

  test('a consent outlives the app, and ends with another content', async () => {
    const dataDir = join(folder.path, 'data');
    const user = { token: access.token };
    const text = several('weak', {
      weak: { cluster: { server: access.server, 'insecure-skip-tls-verify': true }, user },
    });
    await start(text, dataDir);
    const { id, state } = await clusterOf('weak');
    if (state.kind !== 'untrusted') throw new Error('an unchecked certificate is asked about');
    await app().request('clusters.trust', { cluster: id, questions: state.questions.map((question) => question.id) });
    await app().close();
    await start(text, dataDir);
    const again = await clusterOf('weak');
    expect(again).toMatchObject({ id, weaknesses: ['TLS not verified'] });
    expect(again.state.kind).not.toBe('untrusted');
    await app().close();
    await start(text.replace(access.server, 'https://127.0.0.1:1'), dataDir);
    expect((await clusterOf('weak')).state.kind).toBe('untrusted');
  });

  test('a cluster that says nothing holds up no other: switching answers at once, and it is told as unreachable', async () => {
    const user = { token: access.token };
    await start(
      several('silent', { silent: { cluster: { server: silent() }, user: {} }, good: { cluster: real(), user } }),
    );
    const [dead, good] = [await clusterOf('silent'), await clusterOf('good')];
    const pending = app().request('clusters.connect', { cluster: dead.id });
    const at = performance.now();
    expect((await app().request('clusters.select', { cluster: dead.id })).state.kind).toBe('connecting');
    await app().request('clusters.select', { cluster: good.id });
    expect(performance.now() - at).toBeLessThan(100);
    expect((await app().request('clusters.connect', { cluster: good.id })).state.kind).toBe('reachable');
    const { state } = await pending;
    expect(state).toMatchObject({ kind: 'unreachable', failure: { code: 'cluster.unreachable' } });
    const back = performance.now();
    const known = await app().request('clusters.select', { cluster: good.id });
    expect(performance.now() - back).toBeLessThan(100);
    expect(known.state.kind).toBe('reachable');
  }, 30_000);

  test('a cluster that goes away, and comes back, is seen by the requests that meet it', async () => {
    const front = await startFront(access);
    try {
      const cluster = { server: front.url, 'certificate-authority-data': front.ca };
      await start(several('front', { front: { cluster, user: { token: access.token } } }));
      const { id } = await clusterOf('front');
      expect((await app().request('clusters.connect', { cluster: id })).state.kind).toBe('reachable');
      const is = (kind: string) => (list: { clusters: readonly Cluster[] }) => list.clusters[0]?.state.kind === kind;
      await front.stop();
      await expect(app().request('clusters.namespaces', { cluster: id })).rejects.toThrow();
      await app().event('clusters.changed', is('unreachable'));
      await front.start();
      const back = app().events.length;
      await expect
        .poll(
          () =>
            app()
              .request('clusters.namespaces', { cluster: id })
              .then(
                () => true,
                () => false,
              ),
          { timeout: 15_000, interval: 200 },
        )
        .toBe(true);
      await expect
        .poll(
          () =>
            app()
              .events.slice(back)
              .some(({ payload }) => is('reachable')(payload as never)),
          { timeout: 5000 },
        )
        .toBe(true);
    } finally {
      await front.stop();
    }
  });

  test('a program that is missing is told, and asked about when it is there', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './login' };
    await start(several('plugin', { plugin: { cluster: real(), user: { exec } } }));
    const { id } = await clusterOf('plugin');
    const { state } = await app().request('clusters.connect', { cluster: id });
    expect(state).toMatchObject({ kind: 'unreachable', failure: { code: 'cluster.credentials' } });
    await writeFile(join(folder.path, 'login'), '#!/bin/sh\n', { mode: 0o755 });
    expect((await app().request('clusters.connect', { cluster: id })).state.kind).toBe('untrusted');
  });

  test('what a person says of a cluster is kept, and an odd name comes through whole', async () => {
    const dataDir = join(folder.path, 'data');
    const name = 'arn:aws:eks:eu-central-1:1:cluster/shop "ä" \u202e日本 🚀\nx';
    const user = { token: access.token };
    const text = several(name, { [name]: { cluster: real(), user } });
    await start(text, dataDir);
    const { id } = await clusterOf(name);
    expect(id).toMatch(/^[a-z0-9-]+$/);
    expect((await app().request('clusters.connect', { cluster: id })).state.kind).toBe('reachable');
    await app().request('clusters.mark', { cluster: id, name: 'Shop', production: true, colour: 3 });
    await app().request('clusters.mark', { cluster: id, readOnly: true });
    await app().request('clusters.set-namespace', { cluster: id, namespace: 'kube-system' });
    await app().close();
    await start(text, dataDir);
    expect(await clusterOf(name)).toMatchObject({
      id,
      context: name,
      name: 'Shop',
      production: true,
      readOnly: true,
      colour: 3,
      namespace: 'kube-system',
    });
  });

  test('the list follows the file, and what is gone is told as that', async () => {
    const user = { token: access.token };
    await start(several('one', { one: { cluster: real(), user }, two: { cluster: real(), user } }));
    const { id } = await clusterOf('two');
    await app().request('clusters.select', { cluster: id });
    await folder.file('config', several(null, { one: { cluster: real(), user }, three: { cluster: real(), user } }));
    const { clusters, selected } = await app().event(
      'clusters.changed',
      (list) => list.clusters[1]?.context === 'three',
    );
    expect(selected).toBe(clusters[0]?.id);
    await expect(app().request('clusters.connect', { cluster: id })).rejects.toMatchObject({
      failure: { code: 'cluster.unknown' },
    });
  });

  test('who may not list namespaces still has the one in use', async () => {
    running = await startTestApp({ kubeconfigs: [realKubeconfig('shop') ?? ''] });
    const [cluster] = (await app().request('clusters.list', undefined)).clusters;
    const answer = await app().request('clusters.namespaces', { cluster: cluster?.id ?? '' });
    expect(answer).toMatchObject({ namespaces: [cluster?.namespace], complete: false });
  });

  test('the demo cluster asks nothing and is known as the demo', async () => {
    const demo = await startDemoCluster();
    try {
      running = await startTestApp({ kubeconfigs: [demo.kubeconfig], demoKubeconfig: demo.kubeconfig });
      const [cluster] = (await app().request('clusters.list', undefined)).clusters;
      expect(cluster).toMatchObject({ demo: true, production: false, weaknesses: [] });
      const { state } = await app().request('clusters.connect', { cluster: cluster?.id ?? '' });
      expect(state.kind).toBe('reachable');
    } finally {
      await running?.close();
      running = null;
      await demo.close();
    }
  });

  test('without any kubeconfig that is said, with the way out', async () => {
    running = await startTestApp({ kubeconfigs: [] });
    const empty = await app().request('clusters.list', undefined);
    expect(empty).toMatchObject({ clusters: [], problems: [{ failure: { code: 'kubeconfig.missing' } }] });
    await running.close();
    running = await startTestApp({ kubeconfigs: [join(folder.path, 'none')] });
    const list = await app().request('clusters.list', undefined);
    expect(list).toMatchObject({
      clusters: [],
      selected: null,
      problems: [{ failure: { code: 'kubeconfig.missing' } }],
    });
    expect(list.problems[0]?.failure.remedy).toContain('--demo');
    await writeFile(join(folder.path, 'none'), kubeconfigOf('late', real(), { token: access.token }));
    await app().event('clusters.changed', ({ clusters }) => clusters[0]?.context === 'late');
  });
});
