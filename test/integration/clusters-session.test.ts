import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFront } from '../support/front.ts';
import { asTest, kubeconfigOf, newFolder, openKubeconfigs, type OpenKubeconfigs } from '../support/open-kubeconfigs.ts';
import { realCluster, realKubeconfig, realKubectl } from '../support/real-cluster.ts';
import { realAccess } from '../support/real-kubeconfigs.ts';
import type { ClusterAccess } from '../../main/clusters/cluster-access.ts';

const reason = realCluster.because ?? '';
const namespace = `t-session-${String(process.pid)}`;

describe.skipIf(realCluster.kubeconfig === null)(`a session, on the real cluster ${reason}`, () => {
  let admin: OpenKubeconfigs;
  let viewer: OpenKubeconfigs;
  let session: ClusterAccess;
  const kubectl = async (...args: string[]) => {
    const environment = { ...process.env, KUBECONFIG: realCluster.kubeconfig ?? '' };
    const { stdout } = await promisify(execFile)(realKubectl() ?? '', args, { env: environment, maxBuffer: 1e7 });
    return stdout;
  };

  beforeAll(async () => {
    admin = await openKubeconfigs([realCluster.kubeconfig ?? '']);
    viewer = await openKubeconfigs([realKubeconfig('viewer') ?? '']);
    session = admin.session('real');
    await kubectl('create', 'namespace', namespace);
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await admin.close();
    await viewer.close();
  });

  test('reads say what the server warns of', async () => {
    const answer = await session.read({ path: '/api/v1/componentstatuses' }, asTest);
    expect(answer.warnings).toEqual(['v1 ComponentStatus is deprecated in v1.19+']);
    expect(answer.json()).toMatchObject({ kind: 'ComponentStatusList' });
  });

  test('a no is thrown in the server’s words, with what would help', async () => {
    await expect(
      viewer.session('real').read({ path: '/api/v1/namespaces/shop/secrets' }, asTest),
    ).rejects.toMatchObject({
      failure: {
        code: 'cluster.forbidden',
        message: expect.stringContaining('User "viewer" cannot list resource "secrets"') as string,
        remedy: 'Ask whoever administers real for the right to list secrets in namespace shop.',
      },
    });
    await expect(session.read({ path: `/api/v1/namespaces/${namespace}/pods/none` }, asTest)).rejects.toMatchObject({
      failure: { code: 'cluster.not-found', message: 'pods "none" not found' },
      cause: { code: 404, reason: 'NotFound' },
    });
    await expect(
      session.read({ path: '/api/v1/pods', query: 'fieldSelector=foo%3Dbar' }, asTest),
    ).rejects.toMatchObject({ failure: { code: 'cluster.invalid' } });
  });

  test('discovery names every resource that kubectl names, with kinds and short names', async () => {
    const names = (await kubectl('api-resources', '--no-headers', '-o', 'name')).trim().split('\n');
    const resources = await session.resources(asTest);
    const preferred = resources
      .filter((one) => one.preferred)
      .map(({ group, name }) => (group === '' ? name : `${name}.${group}`));
    expect(new Set(preferred)).toEqual(new Set(names));
    expect(resources.find(({ name }) => name === 'pods')).toMatchObject({
      group: '',
      version: 'v1',
      kind: 'Pod',
      singular: 'pod',
      namespaced: true,
      shortNames: ['po'],
      categories: ['all'],
      preferred: true,
    });
    expect(resources.find(({ name }) => name === 'pods')?.subresources).toEqual(
      expect.arrayContaining(['log', 'exec', 'eviction']),
    );
    expect(await session.resources(asTest)).toBe(resources);
  });

  test('a server without aggregated discovery is asked version by version, and says the same', async () => {
    const old = await startFront(await realAccess());
    try {
      const { token } = await realAccess();
      const folder = await newFolder();
      const cluster = { server: old.url, 'certificate-authority-data': old.ca };
      const open = await openKubeconfigs([await folder.file('config', kubeconfigOf('old', cluster, { token }))]);
      const byVersion = await open.session('old').resources(asTest);
      await open.close();
      await folder.remove();
      const order = (resources: typeof byVersion) =>
        resources
          .map((one) => ({ ...one, subresources: [...one.subresources].sort() }))
          .sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
      const keyOf = (one: (typeof byVersion)[number]) => [one.group, one.version, one.name].join('/');
      expect(old.asked).toContain('/apis/apps/v1');
      expect(order(byVersion)).toEqual(order(await session.resources(asTest)));
    } finally {
      await old.stop();
    }
  });

  test('a preview records the write and leaves the cluster as it was', async () => {
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'wished' },
      data: { a: '1' },
    });
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const [write] = await session.preview(
      [{ method: 'POST', path, query: '', contentType: 'application/json', body }],
      asTest,
    );
    expect(write?.after).toMatchObject({ metadata: { name: 'wished', namespace }, data: { a: '1' } });
    await expect(session.read({ path: `${path}/wished` }, asTest)).rejects.toMatchObject({
      failure: { code: 'cluster.not-found' },
    });
    const bad = {
      method: 'POST',
      path,
      query: '',
      contentType: 'application/json',
      body: '{"kind":"ConfigMap"}',
    } as const;
    await expect(session.preview([bad], asTest)).rejects.toMatchObject({
      failure: { code: expect.stringMatching(/^(cluster|gate)\./) as string },
    });
  });

  test('a review answers what one may, and changes nothing', async () => {
    const review = (of: OpenKubeconfigs) =>
      of.session('real').review(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb: 'list', resource: 'secrets' } },
        },
        asTest,
      );
    expect((await review(admin)).json()).toMatchObject({ status: { allowed: true } });
    expect((await review(viewer)).json()).toMatchObject({ status: { allowed: false } });
  });

  test('a watch goes on until it is cancelled, and its permit ends with it', async () => {
    const controller = new AbortController();
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const { body } = await session.stream({ path, query: 'watch=true' }, { ...asTest, signal: controller.signal });
    const events: string[] = [];
    body.on('data', (chunk: Buffer) => events.push(chunk.toString('utf8')));
    const ended = new Promise<void>((resolve) => {
      body.once('close', resolve);
    });
    body.on('error', () => undefined);
    await kubectl('-n', namespace, 'create', 'configmap', 'seen');
    await expect.poll(() => events.join(''), { timeout: 5000 }).toContain('"name":"seen"');
    controller.abort();
    await ended;
  });

  test('integers that a double cannot hold stay as they are', async () => {
    const big = '9007199254740993';
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'big' },
      spec: {
        suspend: true,
        activeDeadlineSeconds: 0,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'none' }] } },
      },
    };
    const folder = await newFolder();
    const path = await folder.file('job.json', JSON.stringify(job).replace(':0', `:${big}`));
    await kubectl('-n', namespace, 'create', '-f', path);
    await folder.remove();
    const answer = await session.read({ path: `/apis/batch/v1/namespaces/${namespace}/jobs/big` }, asTest);
    const { spec } = answer.json() as { spec: { activeDeadlineSeconds: object; backoffLimit: number } };
    expect(String(spec.activeDeadlineSeconds)).toBe(big);
    expect(spec.backoffLimit).toBe(6);
  });

  test('a cancelled read ends as cancelled, not as a failure of the cluster', async () => {
    const gone = new AbortController();
    gone.abort();
    await expect(session.read({ path: '/version' }, { ...asTest, signal: gone.signal })).rejects.toThrow(/abort/i);
  });
});
