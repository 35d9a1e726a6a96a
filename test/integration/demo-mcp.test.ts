/** Every core, config and helm tool of the real kubernetes-mcp-server against the demo cluster, without our gate between. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemoCluster } from '../support/demo-cluster.ts';

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const arch = process.arch === 'x64' ? 'amd64' : process.arch;

function serverBinary(): string {
  const name = `kubernetes-mcp-server-${platform}-${arch}`;
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', name);
}

/** A chart of two objects, without dependencies. */
function writeChart(folder: string): string {
  const chart = join(folder, 'tiny');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: tiny\nversion: 0.1.0\n');
  const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tiny}\ndata: {a: b}\n';
  const pods = '{metadata: {labels: {app: tiny}}, spec: {containers: [{name: c, image: "nginx:1.27"}]}}';
  const deployment = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: tiny}\nspec: {selector: {matchLabels: {app: tiny}}, template: ${pods}}\n`;
  writeFileSync(join(chart, 'templates', 'all.yaml'), `${settings}---\n${deployment}`);
  return chart;
}

describe('kubernetes-mcp-server on the demo cluster', () => {
  let demo: Awaited<ReturnType<typeof startDemoCluster>>;
  let client: Client;
  const folder = mkdtempSync(join(tmpdir(), 'ai4k8s-chart-'));

  const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
    const result = await client.callTool({ name, arguments: args });
    const text = (result.content as { text?: string }[]).map((part) => part.text ?? '').join('');
    expect(result.isError ? text : '', name).toBe('');
    return text;
  };

  beforeAll(async () => {
    demo = await startDemoCluster();
    client = new Client({ name: 'demo-test', version: '1' });
    const args = ['--kubeconfig', demo.kubeconfig, '--toolsets', 'core,config,helm'];
    await client.connect(new StdioClientTransport({ command: serverBinary(), args, stderr: 'ignore' }));
  });
  afterAll(async () => {
    await client.close();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has no core, config or helm tool that this file does not call', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [
        'configuration_contexts_list configuration_view events_list helm_install helm_list helm_uninstall namespaces_list nodes_log',
        'nodes_stats_summary nodes_top pods_delete pods_exec pods_get pods_list pods_list_in_namespace pods_log pods_run pods_top',
        'projects_list resources_create_or_update resources_delete resources_get resources_list resources_scale',
      ]
        .join(' ')
        .split(' '),
    );
  });

  test('answers the config tools', async () => {
    expect(await call('configuration_contexts_list')).toMatch(/\*demo -> https:\/\/127\.0\.0\.1/);
    expect(await call('configuration_view', { minified: true })).toContain('current-context: demo');
  });

  test('lists namespaces, events and pods', async () => {
    expect(await call('namespaces_list')).toMatch(/v1\s+Namespace\s+shop\s+Active/);
    expect(await call('events_list', { namespace: 'shop' })).toContain('Back-off restarting failed container checkout');
    expect(await call('pods_list')).toMatch(/shop\s+v1\s+Pod\s+redis-0\s+1\/1\s+Running/);
    expect(await call('pods_list_in_namespace', { namespace: 'payments' })).toMatch(/postgres-0\s+1\/1\s+Running/);
    expect(await call('pods_get', { namespace: 'shop', name: 'redis-0' })).toContain('name: redis-0');
    const projects = await client.callTool({ name: 'projects_list', arguments: {} });
    expect(JSON.stringify(projects.content)).toContain('project.openshift.io');
  });

  test('answers for nodes: usage, statistics, logs', async () => {
    expect(await call('nodes_top')).toMatch(/demo-node-1\s+\d+m\s+\d+%/);
    expect(JSON.parse(await call('nodes_stats_summary', { name: 'demo-node-1' }))).toMatchObject({
      node: { nodeName: 'demo-node-1' },
    });
    expect(await call('nodes_log', { name: 'demo-node-1', query: 'kubelet' })).toContain('demo-node-1 kubelet');
  });

  test('reads logs and usage of pods and runs commands in them', async () => {
    expect((await call('pods_log', { namespace: 'shop', name: 'redis-0', tail: 2 })).trim().split('\n')).toHaveLength(
      2,
    );
    expect(await call('pods_top', { namespace: 'shop' })).toMatch(/redis-0\s+redis\s+\d+m\s+\d+Mi/);
    expect(await call('pods_exec', { namespace: 'shop', name: 'redis-0', command: ['hostname'] })).toBe('redis-0\n');
  });

  test('runs a pod with its service and deletes both', async () => {
    expect(await call('pods_run', { namespace: 'default', name: 'ran', image: 'nginx:1.27', port: 80 })).toContain(
      'kind: Service',
    );
    await call('pods_delete', { namespace: 'default', name: 'ran' });
    expect(await call('resources_list', { apiVersion: 'v1', kind: 'Service', namespace: 'default' })).not.toContain(
      'ran',
    );
  });

  test('creates, reads, scales and deletes resources', async () => {
    const resource = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made, namespace: default}\ndata: {a: b}\n';
    expect(await call('resources_create_or_update', { resource })).toContain('manager: kubernetes-mcp-server');
    await call('resources_delete', { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'made' });
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(await call('resources_get', web)).toContain('kind: Deployment');
    const before = /spec:\n {2}replicas: (\d+)/.exec(await call('resources_scale', web))?.[1];
    expect(await call('resources_scale', { ...web, scale: Number(before) + 1 })).toContain(
      `replicas: ${String(Number(before) + 1)}`,
    );
  });

  test('installs, lists and uninstalls a chart', async () => {
    expect(await call('helm_install', { chart: writeChart(folder), name: 'tiny', namespace: 'default' })).toContain(
      'status: deployed',
    );
    expect(await call('helm_list', { namespace: 'default' })).toContain('chart: tiny');
    expect(await call('helm_uninstall', { name: 'tiny', namespace: 'default' })).toContain('Uninstalled release tiny');
    const gone = await client.callTool({
      name: 'resources_get',
      arguments: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'tiny' },
    });
    expect(gone.isError).toBe(true);
  });
});
