import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Gate } from '../../../main/gate/gate.ts';
import type { Upstream } from '../../../main/gate/upstream.ts';
import { upstreamsOf, upstreamTo } from './upstreams.ts';
import { ask, configMap, json, purpose, type Asked } from './harness.ts';
import { ScriptedServer } from './upstream-server.ts';

type Closing = () => Promise<void> | void;

/** What a real API server does only when something is broken: answered by a scripted one. */
describe('the gate in front of a broken or slow server', () => {
  const closers: Closing[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function gateTo(...upstreams: Upstream[]): Promise<Gate> {
    const gate = await Gate.start({ upstreams: upstreamsOf(...upstreams), isReadOnly: () => false, now: Date.now });
    closers.push(() => gate.close());
    return gate;
  }
  async function scripted(...script: Parameters<typeof ScriptedServer.start>): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(...script);
    closers.push(() => server.close());
    return server;
  }
  async function listening(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () =>
        new Promise<void>((resolve) =>
          server.close(() => {
            resolve();
          }),
        ),
    );
    return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }
  const reading = (gate: Gate, cluster: string) => {
    const grant = gate.grant({ kind: 'read', cluster, purpose, namespaces: null, maskSecrets: false });
    const headers = { authorization: `Bearer ${grant.token}` };
    return {
      grant,
      get: (path: string, asked: Asked = {}) =>
        ask(`${gate.urlOf(cluster)}${path}`, { ...asked, headers: { ...headers, ...asked.headers } }),
    };
  };

  it('fails on a black hole in under 3 s, at once the next time, and slows no other cluster', async () => {
    const held: { destroy(): void }[] = [];
    const hole = await listening(
      createServer((socket) => {
        held.push(socket);
      }),
    );
    closers.push(() => {
      held.forEach((socket) => {
        socket.destroy();
      });
    });
    const good = await scripted('good', (_request, response) => response.end('{"kind":"PodList","items":[]}'));
    const gate = await gateTo(upstreamTo('hole', hole, {}), good.upstream);
    expect((await reading(gate, 'good').get('/api/v1/pods')).status).toBe(200);
    const begun = performance.now();
    const falling = Promise.all(Array.from({ length: 40 }, () => reading(gate, 'hole').get('/api/v1/pods')));
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const at = performance.now();
      expect((await reading(gate, 'good').get('/api/v1/pods')).status).toBe(200);
      times.push(performance.now() - at);
    }
    // The first shares the machine with 40 handshakes; none waits for the hole's timeout.
    expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(200);
    expect(Math.max(...times)).toBeLessThan(1500);
    const answers = await falling;
    expect(performance.now() - begun).toBeLessThan(3000);
    for (const answer of answers) {
      expect([503, 504]).toContain(answer.status);
      expect(answer.json()).toMatchObject({ kind: 'Status', message: expect.stringContaining('hole') as string });
    }
    const again = performance.now();
    expect((await reading(gate, 'hole').get('/api/v1/pods')).status).toBe(503);
    expect(performance.now() - again).toBeLessThan(100);
    gate.closeCircuit('hole');
    await expect(
      gate.send('hole', reading(gate, 'hole').grant.token, {
        method: 'GET',
        path: '/version',
        query: '',
        headers: {},
        body: null,
      }),
    ).rejects.toMatchObject({ failure: { code: 'cluster.unreachable', cluster: 'hole' } });
  });

  it('fails in under 3 s when a server that answered before is silent and takes no new connection', async () => {
    let silent = false;
    const server = await scripted('quiet', (_request, response) => {
      if (!silent) response.end('{}');
    });
    const held: { destroy(): void }[] = [];
    const front = createServer();
    const target = Number(server.upstream.base.port);
    front.on('connection', (socket) => {
      held.push(socket);
      if (silent) return;
      const onward = connect(target, '127.0.0.1');
      held.push(onward);
      socket.pipe(onward).pipe(socket);
      for (const side of [socket, onward]) side.on('error', () => undefined);
    });
    const url = await listening(front);
    closers.push(() => {
      held.forEach((socket) => {
        socket.destroy();
      });
    });
    const gate = await gateTo({ ...server.upstream, base: new URL(url) });
    expect((await reading(gate, 'quiet').get('/api/v1/pods')).status).toBe(200);
    silent = true;
    const begun = performance.now();
    expect((await reading(gate, 'quiet').get('/api/v1/pods')).status).toBe(504);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('fails in under 3 s when the server takes no connection at all', async () => {
    const program = `const s=require('net').createServer();s.listen({host:'127.0.0.1',port:0,backlog:1},()=>{
      process.stdout.write(String(s.address().port),()=>process.kill(process.pid,'SIGSTOP'))})`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    closers.push(() => {
      child.kill('SIGKILL');
    });
    const port = await new Promise<number>((resolve) => {
      child.stdout.once('data', (text) => {
        resolve(Number(text));
      });
    });
    // These fill the queue of the stopped program, so that nobody answers the next.
    const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    closers.push(() => {
      fillers.forEach((socket) => {
        socket.destroy();
      });
    });
    await new Promise((resolve) => fillers[0]?.once('connect', resolve));
    const gate = await gateTo(upstreamTo('full', `https://127.0.0.1:${String(port)}`, {}));
    const begun = performance.now();
    expect((await reading(gate, 'full').get('/api/v1/pods')).status).toBe(504);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it.each([
    ['a name that does not resolve', 'https://none.invalid:6443', 'cluster.dns', 502],
    ['a port that refuses', 'https://127.0.0.1:1', 'cluster.unreachable', 504],
  ])('tells %s', async (_what, server, code, status) => {
    const gate = await gateTo(upstreamTo('c', server, {}));
    const { grant, get } = reading(gate, 'c');
    const answer = await get('/api/v1/pods');
    expect(answer.status).toBe(status);
    expect(grant.revoke().requests).toMatchObject([{ code, status, refused: answer.json()['message'] }]);
  });

  it('tells a certificate that does not verify', async () => {
    const server = await scripted('c', (_request, response) => response.end('{}'));
    const gate = await gateTo(upstreamTo('c', server.upstream.base.href, {}));
    const { grant, get } = reading(gate, 'c');
    expect((await get('/api/v1/pods')).status).toBe(502);
    expect(grant.revoke().requests).toMatchObject([{ code: 'cluster.certificate' }]);
  });

  it('opens the circuit after failures, and closes it when the cluster answers again', async () => {
    let now = 0;
    const server = await scripted('c', (_request, response) => response.end('{}'));
    let up = false;
    const dead = upstreamTo('c', 'https://127.0.0.1:1', {});
    const gate = await Gate.start({
      upstreams: { get: () => (up ? { ...server.upstream, config: dead.config } : dead) },
      isReadOnly: () => false,
      now: Date.now,
      steady: () => now,
    });
    closers.push(() => gate.close());
    const codes = async () => {
      const { grant, get } = reading(gate, 'c');
      await get('/api/v1/pods');
      return grant.revoke().requests[0]?.code;
    };
    expect([await codes(), await codes(), await codes(), await codes()]).toEqual([
      'cluster.unreachable',
      'cluster.unreachable',
      'cluster.unreachable',
      'cluster.circuit-open',
    ]);
    up = true;
    expect(await codes()).toBe('cluster.circuit-open');
    now += 1500;
    expect(await codes()).toBeNull();
    expect(await codes()).toBeNull();
  });

  it('row 11: answers 502 when the server drops the connection, and lives on', async () => {
    const server = await scripted('c', (request, response) => {
      if (request.url?.includes('widgets') === true) request.socket.destroy();
      else response.end('{}');
    });
    const gate = await gateTo(server.upstream);
    const { get } = reading(gate, 'c');
    const answer = await get('/apis/example.com/v1/widgets');
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ kind: 'Status' });
    expect((await get('/api/v1/pods')).status).toBe(200);
  });

  it.each([
    ['a create that is answered with a resourceVersion', 'POST', '/api/v1/namespaces/x/configmaps', '7', 201],
    ['an update that is answered with another resourceVersion', 'PUT', '/api/v1/namespaces/x/configmaps/a', '9', 200],
  ])('row 14: stops previews of a cluster after %s', async (_what, method, path, version, status) => {
    let writes = 0;
    const object = { ...(configMap('a') as object), metadata: { name: 'a', uid: 'u', resourceVersion: '8' } };
    const server = await scripted('c', (request, response) => {
      if (request.method !== 'GET') writes += 1;
      response.writeHead(request.method === 'GET' ? 200 : status, json);
      response.end(
        JSON.stringify(
          request.method === 'GET' ? object : { ...object, metadata: { ...object.metadata, resourceVersion: version } },
        ),
      );
    });
    const gate = await gateTo(server.upstream);
    const preview = async () => {
      const { token } = gate.grant({ kind: 'preview', cluster: 'c', purpose });
      const headers = { ...json, authorization: `Bearer ${token}` };
      return await ask(`${gate.urlOf('c')}${path}`, { method, headers, body: JSON.stringify(configMap('a')) });
    };
    expect((await preview()).json()).toMatchObject({
      code: 403,
      message: expect.stringContaining('stopped') as string,
    });
    expect((await preview()).json()).toMatchObject({
      code: 403,
      message: expect.stringContaining('stopped') as string,
    });
    expect(writes).toBe(1);
  });

  it('row 14: stops previews after a DELETE whose dry run deleted', async () => {
    let gone = false;
    const server = await scripted('c', (request, response) => {
      const there = !gone;
      if (request.method === 'DELETE') gone = true;
      response.writeHead(there ? 200 : 404, json);
      response.end(
        JSON.stringify({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { name: 'a', uid: 'u', resourceVersion: '8' },
        }),
      );
    });
    const gate = await gateTo(server.upstream);
    const { token } = gate.grant({ kind: 'preview', cluster: 'c', purpose });
    const url = `${gate.urlOf('c')}/api/v1/namespaces/x/configmaps/a`;
    const answer = await ask(url, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    expect(answer.json()).toMatchObject({ message: expect.stringContaining('stopped') as string });
  });

  it('refuses to preview what another server than kube-apiserver serves', async () => {
    const writes: string[] = [];
    const server = await scripted('c', (request, response) => {
      if (request.method !== 'GET') writes.push(request.url ?? '');
      response.writeHead(200, json);
      response.end(JSON.stringify({ kind: 'APIService', spec: { service: { name: 'x', namespace: 'y' } } }));
    });
    const gate = await gateTo(server.upstream);
    const { token } = gate.grant({ kind: 'preview', cluster: 'c', purpose });
    const headers = { ...json, authorization: `Bearer ${token}` };
    const answer = await ask(`${gate.urlOf('c')}/apis/aggregated.example.com/v1/things`, {
      method: 'POST',
      headers,
      body: '{"metadata":{"name":"a"}}',
    });
    expect(answer.status).toBe(403);
    expect(writes).toEqual([]);
  });
});
