import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../shared/errors.ts';
import { failureOfAnswer } from '../../main/mcp/answer-failure.ts';
import type { PermitSpec } from '../../main/gate/permits.ts';
import { realCluster, realKubeconfig } from '../support/real-cluster.ts';
import { ScriptedApi, statusAnswer } from '../support/scripted-api.ts';
import { reading, startMcp, type StartedMcp } from '../support/start-mcp.ts';
import { upstreamOf } from './gate/upstreams.ts';

const failed = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

describe.skipIf(realCluster.kubeconfig === null)('a call of the bundled MCP server on the real cluster', () => {
  let mcp: StartedMcp;
  const viewer = realKubeconfig('shop');
  beforeAll(async () => {
    const admin = upstreamOf('real', realCluster.kubeconfig ?? '');
    mcp = await startMcp(admin, ...(viewer === null ? [] : [upstreamOf('shop', viewer)]));
  });
  afterAll(() => mcp.close());

  it('shows its real pods', async () => {
    const answer = await mcp.session.call('table', 'pods_list', {}, reading('real'));
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatch(/^NAMESPACE +APIVERSION +KIND +NAME +READY/);
    const requests = answer.report.requests.map(({ path, status }) => [path.split('?')[0], status]);
    expect(requests).toContainEqual(['/api/v1/pods', 200]);
  });

  it('has a form per process: tables, and whole objects', async () => {
    const args = { apiVersion: 'v1', kind: 'Namespace' };
    const table = await mcp.session.call('table', 'resources_list', args, reading('real'));
    const yaml = await mcp.session.call('yaml', 'resources_list', args, reading('real'));
    expect(table.text).toMatch(/^APIVERSION +KIND +NAME +STATUS/);
    expect(yaml.text).toMatch(/^- apiVersion: v1\n/);
    expect(yaml.structured).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ kind: 'Namespace' })]),
    });
  });

  it('tells an object that is not there from one that may not be seen, whose texts look alike', async () => {
    const get = (cluster: string, name: string) =>
      mcp.session.call('yaml', 'resources_get', { apiVersion: 'v1', kind: 'Node', name }, reading(cluster));
    const missing = failureOfAnswer(await get('real', 'no-such-node'), 'real');
    expect(missing).toMatchObject({ code: 'cluster.not-found', cluster: 'real' });
    expect(missing?.message).toBe('Cluster real: nodes "no-such-node" not found.');
    if (viewer === null) return;
    const hidden = failureOfAnswer(await get('shop', 'no-such-node'), 'shop');
    expect(hidden).toMatchObject({ code: 'cluster.forbidden' });
    expect(hidden?.message).toContain('cannot get resource "nodes"');
  });

  it('runs on the cluster of its permit, whatever its arguments say', async () => {
    const answer = await mcp.session.call('table', 'namespaces_list', { context: 'elsewhere' }, reading('real'));
    expect(answer.isError).toBe(false);
    expect(new Set(answer.report.requests.map(({ cluster }) => cluster))).toEqual(new Set(['real']));
  });

  it('cannot use a tool that the configuration disables', async () => {
    const error = await failed(mcp.session.call('table', 'configuration_view', {}, reading('real')));
    expect((error as AppError).failure).toMatchObject({ code: 'mcp.unknown-tool', tool: 'configuration_view' });
    const { tools } = await mcp.session.connection('table');
    expect(tools.map(({ name }) => name)).toContain('helm_list');
    expect(tools.map(({ name }) => name)).not.toContain('configuration_view');
  });

  it('goes on, unnoticed, where the server forgot the session', async () => {
    const { server, sessionId } = await mcp.session.connection('table');
    const headers = { 'mcp-session-id': sessionId ?? '' };
    expect((await fetch(server.url, { method: 'DELETE', headers })).ok).toBe(true);
    const answer = await mcp.session.call('table', 'namespaces_list', {}, reading('real'));
    expect(answer.isError).toBe(false);
    const after = await mcp.session.connection('table');
    expect(after.server.pid).toBe(server.pid);
    expect(after.sessionId).not.toBe(sessionId);
  });

  it('works for a cluster from the moment it is named, and no more for one that is not', async () => {
    const clusters = (...ids: string[]) => ids.map((id) => ({ id, namespace: 'default' }));
    await mcp.session.setClusters(clusters('shop'));
    const unknown = await mcp.session.call('table', 'namespaces_list', {}, reading('real'));
    expect(failureOfAnswer(unknown, 'real')?.code).toBe('cluster.unknown');
    const at = performance.now();
    await mcp.session.setClusters(clusters('shop', 'real'));
    const answer = await mcp.session.call('table', 'namespaces_list', {}, reading('real'));
    expect(answer.isError).toBe(false);
    expect(performance.now() - at).toBeLessThan(2_000);
  });

  it('works for a cluster that was named a moment ago, before the server has read it', async () => {
    const clusters = (...ids: string[]) => ids.map((id) => ({ id, namespace: 'default' }));
    await mcp.session.setClusters(clusters('shop'));
    const told = mcp.session.setClusters(clusters('shop', 'real'));
    const answers = await Promise.all(
      [1, 2, 3].map(() => mcp.session.call('table', 'namespaces_list', {}, reading('real'))),
    );
    expect(answers.map(({ isError }) => isError)).toEqual([false, false, false]);
    await told;
  });
});

describe('a call under way', () => {
  let api: ScriptedApi;
  let mcp: StartedMcp;
  beforeAll(async () => {
    api = await ScriptedApi.start();
    mcp = await startMcp(api.upstream('scripted'));
  });
  afterAll(async () => {
    await mcp.close();
    await api.close();
  });
  const read = reading('scripted');
  const call = (permit: PermitSpec, signal?: AbortSignal) => mcp.session.call('table', 'pods_list', {}, permit, signal);

  it('is cut at the API server when it is cancelled', async () => {
    const reached = api.nextPods();
    const cancel = new AbortController();
    const answer = failed(call(read, cancel.signal));
    const { closed } = await reached;
    const at = performance.now();
    cancel.abort();
    await closed;
    expect(performance.now() - at).toBeLessThan(500);
    expect(await answer).toMatchObject({ name: 'AbortError' });
  });

  it('that reads is repeated once by the server that waits, within half a second of each of five kills', async () => {
    const takeoversMs: number[] = [];
    for (let kill = 0; kill < 5; kill += 1) {
      const { server } = await mcp.session.connection('table');
      await mcp.session.standby('table');
      const reached = api.nextPods();
      const answer = call(read);
      await reached;
      const again = api.nextPods();
      const at = performance.now();
      process.kill(server.pid, 'SIGKILL');
      const { response } = await again;
      takeoversMs.push(Math.round(performance.now() - at));
      statusAnswer(404, 'NotFound', 'answered the second')(undefined as never, response);
      expect((await answer).text).toContain('answered the second');
      expect((await mcp.session.connection('table')).server.pid).not.toBe(server.pid);
    }
    process.stdout.write(`the standby took over after ${takeoversMs.join(', ')} ms\n`);
    expect(Math.max(...takeoversMs)).toBeLessThan(500);
  });

  it('that changes something is rejected when the server dies, and goes out once', async () => {
    const { server } = await mcp.session.connection('table');
    const { purpose } = read;
    const reached = api.nextPods();
    const before = api.asked.length;
    const answer = failed(call({ kind: 'preview', cluster: 'scripted', purpose }));
    await reached;
    const at = performance.now();
    process.kill(server.pid, 'SIGKILL');
    const error = (await answer) as AppError;
    expect(performance.now() - at).toBeLessThan(2_000);
    expect(error.failure).toMatchObject({ code: 'mcp.server-not-running', tool: 'pods_list' });
    expect(error.failure.remedy).toContain('not known whether this ran');
    // A repetition would have gone out before this call, which is the second to ask for pods.
    const next = api.nextPods();
    const later = call(read);
    statusAnswer(404, 'NotFound', 'later')(undefined as never, (await next).response);
    await later;
    expect(api.asked.slice(before).filter((one) => one.endsWith('/pods'))).toHaveLength(2);
  });

  it('is rejected when a read dies twice', async () => {
    const reached = api.nextPods();
    const answer = failed(call(read));
    await reached;
    const again = api.nextPods();
    process.kill((await mcp.session.connection('table')).server.pid, 'SIGKILL');
    await again;
    process.kill((await mcp.session.connection('table')).server.pid, 'SIGKILL');
    expect(((await answer) as AppError).failure.message).toContain('twice in a row');
  });
});
