import { chmod } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode, type Failure } from '../../shared/errors.ts';
import { ClusterUpstreams } from '../../main/gate/upstream.ts';
import { Kubeconfigs } from '../../main/kubeconfig/kubeconfig.ts';
import { failureOfAnswer } from '../../main/mcp/answer-failure.ts';
import { hopOf, type HopName } from '../../main/mcp/hops.ts';
import { probe, type ProbeRequest } from '../../main/mcp/probe.ts';
import { kubeconfigOf, newFolder } from '../support/open-kubeconfigs.ts';
import { ScriptedApi, statusAnswer } from '../support/scripted-api.ts';
import { reading, startMcp, startMcpOver, type StartedMcp } from '../support/start-mcp.ts';
import { ScriptedServer } from './gate/upstream-server.ts';
import { upstreamTo } from './gate/upstreams.ts';

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it went through'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error.failure;
  throw error;
}

/** Every failure says where, what and what to do. */
function expectNamed(failure: Failure | null, hop: HopName, code: ErrorCode, says: RegExp): void {
  expect(failure).not.toBeNull();
  if (failure === null) return;
  expect({ code: failure.code, hop: hopOf(failure) }).toEqual({ code, hop });
  expect(failure.message).toMatch(says);
  expect(failure.remedy.length).toBeGreaterThan(15);
}

describe('what stands at the address of an MCP server', () => {
  let mcp: StartedMcp;
  let page: HttpServer;
  let mute: TcpServer;
  const at = (server: HttpServer | TcpServer) =>
    new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  let real: URL;
  beforeAll(async () => {
    mcp = await startMcp();
    real = (await mcp.session.connection('table')).server.url;
    page = createHttpServer((_request, response) => response.end('<html>router</html>')).listen(0, '127.0.0.1');
    mute = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')).listen(0, '127.0.0.1');
    await Promise.all([once(page, 'listening'), once(mute, 'listening')]);
  });
  afterAll(async () => {
    await mcp.close();
    page.close();
    mute.close();
  });

  it('is told where it is one', async () => {
    expect(await probe(real, 'x')).toMatchObject({ name: 'kubernetes-mcp-server', protocolVersion: '2025-11-25' });
  });

  const tooLarge = { body: ' '.repeat(4_194_305) };
  const call = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const rows: readonly [string, () => URL, ProbeRequest, HopName, ErrorCode, RegExp][] = [
    [
      'a port where nothing listens',
      () => new URL('http://127.0.0.1:1/mcp'),
      {},
      'port',
      'mcp.port-refused',
      /Nothing listens/,
    ],
    [
      'a name that nobody knows',
      () => new URL('http://no-such-host.invalid/mcp'),
      {},
      'port',
      'mcp.port-refused',
      /could not be resolved/,
    ],
    ['a web page', () => at(page), {}, 'endpoint', 'mcp.not-an-mcp-server', /not as an MCP server/],
    ['another protocol', () => at(mute), {}, 'endpoint', 'mcp.not-an-mcp-server', /not as an MCP server/],
    [
      'its health page',
      () => new URL('/healthz', real),
      {},
      'endpoint',
      'mcp.not-an-mcp-server',
      /not as an MCP server/,
    ],
    ['a wrong path', () => new URL('/sse', real), {}, 'endpoint', 'mcp.http-error', /404/],
    ['a method it does not take', () => real, { method: 'PUT' }, 'endpoint', 'mcp.http-error', /405/],
    ['a message of more than 4 MiB', () => real, tooLarge, 'endpoint', 'mcp.http-error', /413/],
    ['another content type', () => real, { contentType: 'text/plain' }, 'endpoint', 'mcp.http-error', /415/],
    [
      'a session it does not know',
      () => real,
      { sessionId: 'gone', body: call },
      'protocol',
      'mcp.session-expired',
      /session/,
    ],
    [
      'a version it does not speak',
      () => real,
      { protocolVersion: '2026-07-28' },
      'protocol',
      'mcp.protocol-version',
      /2026-07-28/,
    ],
  ];
  it.each(rows)('is named with its hop: %s', async (_what, url, request, hop, code, says) => {
    expectNamed(await failureOf(probe(url(), 'The server', request)), hop, code, says);
  });
});

describe('a call that fails behind the MCP server', () => {
  let api: ScriptedApi;
  let tls: ScriptedServer;
  let mcp: StartedMcp;
  beforeAll(async () => {
    api = await ScriptedApi.start();
    tls = await ScriptedServer.start('tls', (_request, response) => response.end());
    mcp = await startMcp(
      api.upstream('prod'),
      upstreamTo('x509', tls.upstream.base.href, {}),
      upstreamTo('dns', 'https://no-such-host.invalid', {}),
      upstreamTo('refused', 'https://127.0.0.1:1', {}),
    );
  });
  afterAll(async () => {
    await mcp.close();
    await api.close();
    await tls.close();
  });
  const pods = async (cluster: string) =>
    failureOfAnswer(await mcp.session.call('table', 'pods_list', {}, reading(cluster)), cluster);

  it.each<[number, string, HopName, ErrorCode]>([
    [400, 'BadRequest', 'api-server', 'cluster.invalid'],
    [401, 'Unauthorized', 'credentials', 'cluster.unauthorized'],
    [403, 'Forbidden', 'rights', 'cluster.forbidden'],
    [404, 'NotFound', 'api-server', 'cluster.not-found'],
    [409, 'Conflict', 'api-server', 'cluster.conflict'],
    [422, 'Invalid', 'api-server', 'cluster.invalid'],
    [429, 'TooManyRequests', 'api-server', 'cluster.busy'],
    [500, 'InternalError', 'api-server', 'cluster.failed'],
    [503, 'ServiceUnavailable', 'api-server', 'cluster.failed'],
    [504, 'Timeout', 'api-server', 'cluster.failed'],
  ])('is told by the status the gate saw: %i', { timeout: 30_000 }, async (status, reason, hop, code) => {
    // One sentence for every status: the text alone could not tell them apart.
    api.pods = statusAnswer(status, reason, 'the API server said no');
    const failure = await pods('prod');
    expectNamed(failure, hop, code, /^Cluster prod: the API server said no\.$/);
    expect(failure?.cluster).toBe('prod');
  });

  it.each<[string, HopName, ErrorCode, RegExp]>([
    ['x509', 'api-server', 'cluster.certificate', /certificate/],
    ['dns', 'api-server', 'cluster.dns', /no-such-host\.invalid/],
    ['refused', 'api-server', 'cluster.unreachable', /could not be reached/],
    ['gone', 'gate', 'cluster.unknown', /gone/],
  ])('is told by what the gate met: %s', { timeout: 30_000 }, async (cluster, hop, code, says) => {
    expectNamed(await pods(cluster), hop, code, says);
  });

  it('is told when the gate refused it', async () => {
    const answer = await mcp.session.call('table', 'pods_delete', { name: 'x', namespace: 'default' }, reading('prod'));
    expectNamed(failureOfAnswer(answer, 'prod'), 'gate', 'gate.refused', /prod/);
    expect(api.asked.filter((one) => one.startsWith('DELETE'))).toEqual([]);
  });

  it('is not sent where it is larger than the server takes, and the server stays', async () => {
    const { server } = await mcp.session.connection('table');
    const resource = `# ${'x'.repeat(5_000_000)}`;
    const call = mcp.session.call('table', 'resources_create_or_update', { resource }, reading('prod'));
    expectNamed(await failureOf(call), 'endpoint', 'mcp.http-error', /too large/);
    expect((await mcp.session.connection('table')).server.pid).toBe(server.pid);
  });

  it('is told when the server has no such tool, or no such kind', async () => {
    const unknown = await failureOf(mcp.session.call('table', 'pods_lisst', {}, reading('prod')));
    expectNamed(unknown, 'protocol', 'mcp.unknown-tool', /pods_lisst/);
    const args = { apiVersion: 'example.com/v1', kind: 'Widget' };
    const answer = await mcp.session.call('table', 'resources_list', args, reading('prod'));
    expectNamed(failureOfAnswer(answer, 'prod'), 'api-server', 'cluster.not-found', /Widget/);
  });
});

describe('a call whose credentials a program makes', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  beforeAll(async () => {
    folder = await newFolder();
    await chmod(await folder.file('slow-login', '#!/bin/sh\nexec sleep 60\n'), 0o755);
  });
  afterAll(() => folder.remove());

  it.each<[string, string, RegExp]>([
    ['is missing', 'no-such-login', /no-such-login.*not installed/],
    ['hangs', './slow-login', /slow-login.*no answer in 20 s/],
  ])('is told where that %s', { timeout: 45_000 }, async (_what, command, says) => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
    const path = await folder.file('config', kubeconfigOf('prod', { server: 'https://127.0.0.1:1' }, { exec }));
    const kubeconfigs = await Kubeconfigs.open({ paths: [path], demoPath: null, watch: false, consents: () => true });
    const upstreams = new ClusterUpstreams(kubeconfigs);
    const mcp = await startMcpOver(upstreams, kubeconfigs.list());
    try {
      const id = kubeconfigs.list()[0]?.id ?? '';
      const call = mcp.session.call('table', 'pods_list', {}, reading(id)).then((answer) => {
        const failure = failureOfAnswer(answer, 'prod');
        if (failure !== null) throw new AppError(failure);
      });
      expectNamed(await failureOf(call), 'credentials', 'cluster.credentials', says);
    } finally {
      await mcp.close();
      upstreams.close();
      await kubeconfigs.close();
    }
  });
});
