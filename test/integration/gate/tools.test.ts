import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PermitSpec, RecordedWrite } from '../../../main/gate/permits.ts';
import type { ToolAnswer } from '../../../main/mcp/tool-answer.ts';
import { describeOnClusters } from './clusters.ts';
import { startMcp, type StartedMcp } from '../../support/start-mcp.ts';
import type { GateUnderTest } from './harness.ts';
import { configMap, purpose, unique } from './harness.ts';
import { upstreamOf } from './upstreams.ts';

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: tiny\nversion: 0.1.0\nappVersion: "1"\n',
  'values.yaml': 'password: none\n',
  'templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  namespace: {{ .Release.Namespace }}\ndata:\n  a: "1"\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}
spec:
  replicas: 0
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec: {containers: [{name: a, image: "example.invalid/a:1"}]}
`,
};

describeOnClusters('the tools of kubernetes-mcp-server through the gate', (cluster) => {
  const namespace = unique('mcp');
  let mcp: StartedMcp;
  let under: GateUnderTest;
  let folder = '';

  beforeAll(async () => {
    const kubeconfig = await cluster.kubeconfig();
    under = await cluster.start();
    await under.makeNamespace(namespace);
    const { restricted } = cluster;
    mcp = await startMcp(upstreamOf('c', kubeconfig), ...(restricted === null ? [] : [upstreamOf('shop', restricted)]));
    folder = await mkdtemp(join(tmpdir(), 'ai4k8s-chart-'));
    await mkdir(join(folder, 'templates'));
    await Promise.all(Object.entries(chart).map(([name, text]) => writeFile(join(folder, name), text)));
  });
  afterAll(async () => {
    await mcp.close();
    await rm(folder, { recursive: true });
    await under.removeNamespace(namespace);
    await under.close();
  });

  const preview: PermitSpec = { kind: 'preview', cluster: 'c', purpose };
  const reading: PermitSpec = { kind: 'read', cluster: 'c', purpose, namespaces: null, maskSecrets: true };
  const change = (writes: readonly RecordedWrite[]): PermitSpec => ({
    kind: 'change',
    cluster: 'c',
    purpose,
    identity: under.real.config.identity,
    writes,
  });
  const call = (tool: string, args: Record<string, unknown>, permit: PermitSpec): Promise<ToolAnswer> =>
    mcp.session.call('table', tool, args, permit);
  const shortly = (writes: readonly RecordedWrite[]) =>
    writes.map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);
  const status = async (path: string) => (await under.direct(path)).status;
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;

  it('preview an apply without making anything, and the same call makes it under its change permit', async () => {
    const args = {
      resource: JSON.stringify({ ...(configMap('applied') as object), metadata: { name: 'applied', namespace } }),
    };
    const seen = await call('resources_create_or_update', args, preview);
    expect(seen.isError, seen.text).toBe(false);
    expect(shortly(seen.report.writes)).toEqual(['POST configmaps']);
    expect(await status(`${maps}/applied`)).toBe(404);
    const done = await call('resources_create_or_update', args, change(seen.report.writes));
    expect(done.isError, done.text).toBe(false);
    expect(await status(`${maps}/applied`)).toBe(200);
    const again = await call('resources_create_or_update', args, change(seen.report.writes));
    expect(again.isError).toBe(true);
    expect(again.text).toContain('since the preview');
  });

  it('row 18: say what cannot be checked of a namespace with its content, and claim no success', async () => {
    const name = unique('ns');
    const content = JSON.stringify({ ...(configMap('in') as object), metadata: { name: 'in', namespace: name } });
    const resource = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n---\n${content}`;
    const seen = await call('resources_create_or_update', { resource }, preview);
    expect(seen.isError).toBe(true);
    expect(seen.text).toContain(`Namespace ${name} would be created by this same call`);
    expect(seen.text).toContain('1 write was previewed');
    expect(shortly(seen.report.writes)).toEqual(['POST namespaces']);
    expect(await status(`/api/v1/namespaces/${name}`)).toBe(404);
  });

  it('preview a scale and a delete, and nothing has changed', async () => {
    const labels = { app: 'x' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'example.invalid/a:1' }] } };
    await under.make(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    });
    const args = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x', namespace };
    const scaled = await call('resources_scale', { ...args, scale: 3 }, preview);
    expect(scaled.isError, scaled.text).toBe(false);
    expect(scaled.report.writes).toMatchObject([{ before: { spec: {} }, after: { spec: { replicas: 3 } } }]);
    const deleted = await call('resources_delete', args, preview);
    expect(deleted.isError, deleted.text).toBe(false);
    expect(deleted.report.writes).toMatchObject([{ method: 'DELETE', after: null }]);
    expect((await under.direct(`${deployments}/x`)).json()).toMatchObject({ spec: { replicas: 0 } });
    const run = await call('pods_run', { image: 'example.invalid/a:1', name: 'runner', namespace, port: 80 }, preview);
    expect(run.isError, run.text).toBe(false);
    expect(shortly(run.report.writes)).toEqual(['POST pods', 'POST services']);
    expect(await status(`/api/v1/namespaces/${namespace}/pods/runner`)).toBe(404);
  });

  it.each(['pods_exec', 'resources_delete', 'pods_run', 'helm_uninstall'])(
    'cannot change anything by %s under a read permit',
    async (tool) => {
      const args = { apiVersion: 'v1', kind: 'ConfigMap', name: 'applied', namespace, command: ['id'], image: 'a' };
      const seen = await call(tool, args, reading);
      expect(seen.report.requests.filter(({ method, status: at }) => method !== 'GET' && at < 300 && at > 0)).toEqual(
        [],
      );
      expect(await status(`${maps}/applied`)).toBe(200);
    },
  );

  it('say that a list of all pods was narrowed to one namespace', async (context) => {
    if (cluster.restricted === null) context.skip('there is no kubeconfig with the rights of one namespace');
    const seen = await call('pods_list', {}, { ...reading, cluster: 'shop' });
    expect(seen.report.narrowed).toBe('default');
  });

  describe('row 17: with Helm', () => {
    const release = unique('tiny');
    const secretsOf = async () =>
      (await under.direct(`/api/v1/namespaces/${namespace}/secrets?labelSelector=owner%3Dhelm`)).text;
    const install = () => ({ chart: folder, name: release, namespace, values: { password: 'cAnArY-77' } });
    const uninstall = { name: release, namespace };
    let installing: readonly RecordedWrite[] = [];

    it('preview an installation: all its writes, nothing persisted, and an end', async () => {
      const begun = performance.now();
      const seen = await call('helm_install', install(), preview);
      expect(performance.now() - begun).toBeLessThan(10_000);
      installing = seen.report.writes;
      expect(shortly(installing)).toEqual(['POST secrets', 'POST configmaps', 'POST deployments']);
      expect(seen.text).toContain('Preview complete, 3 writes');
      expect(await secretsOf()).not.toContain(release);
      expect(await status(`${maps}/${release}`)).toBe(404);
    });

    it('install it under the change permit of that preview', async () => {
      const done = await call('helm_install', install(), change(installing));
      expect(done.isError, done.text).toBe(false);
      expect(await status(`${maps}/${release}`)).toBe(200);
      expect(await secretsOf()).toContain(release);
    });

    it('list it under a read permit, without the values that were given', async () => {
      const seen = await call('helm_list', { namespace }, reading);
      expect(seen.text).toContain(release);
      expect(seen.text).toContain('deployed');
      expect(seen.text).not.toContain('cAnArY-77');
    });

    it('refuse each write of its removal under a read permit', async () => {
      const seen = await call('helm_uninstall', uninstall, reading);
      expect(seen.isError).toBe(true);
      expect(await status(`${maps}/${release}`)).toBe(200);
    });

    it('preview its removal within seconds, and everything is still there', async () => {
      const begun = performance.now();
      const seen = await call('helm_uninstall', uninstall, preview);
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(shortly(seen.report.writes).filter((write) => write.startsWith('DELETE'))).toHaveLength(2);
      expect(seen.text).toContain('Preview complete');
      expect(await status(`${maps}/${release}`)).toBe(200);
      expect(await secretsOf()).toContain('"status":"deployed"');
      const done = await call('helm_uninstall', uninstall, change(seen.report.writes));
      expect(done.isError, done.text).toBe(false);
      expect(await status(`${maps}/${release}`)).toBe(404);
      expect(await secretsOf()).not.toContain(release);
    });
  });
});
