import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Gate } from '../../../main/gate/gate.ts';
import type { Upstream } from '../../../main/gate/upstream.ts';
import { upstreamsOf } from './upstreams.ts';
import { ask, configMap, json, purpose, type Asked } from './harness.ts';
import { ScriptedServer } from './upstream-server.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is really held, garbage left out; buffers are swept a moment after the collection that found them. */
async function liveBytes(): Promise<number> {
  collect();
  await setImmediate();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

type Closing = () => Promise<void> | void;

/** What a real API server does only when something is broken: answered by a scripted one. */
describe('the gate under load', () => {
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
  const reading = (gate: Gate, cluster: string) => {
    const grant = gate.grant({ kind: 'read', cluster, purpose, namespaces: null, maskSecrets: false });
    const headers = { authorization: `Bearer ${grant.token}` };
    return {
      grant,
      get: (path: string, asked: Asked = {}) =>
        ask(`${gate.urlOf(cluster)}${path}`, { ...asked, headers: { ...headers, ...asked.headers } }),
    };
  };

  it('row 16: keeps several Warning headers, and closes upstream when the client or the permit goes', async () => {
    const closed: string[] = [];
    const server = await scripted('c', (request, response) => {
      response.setHeader('warning', ['299 - "one"', '299 - "two, \\"quoted\\""']);
      response.writeHead(200, json);
      if (request.url?.includes('watch') === true) response.write('{"type":"BOOKMARK","object":{}}\n');
      else response.end('{}');
      response.once('close', () => closed.push(response.writableFinished ? 'ended' : 'cut'));
    });
    const gate = await gateTo(server.upstream);
    const { grant, get } = reading(gate, 'c');
    expect((await get('/api/v1/pods')).headers.warning).toBe('299 - "one", 299 - "two, \\"quoted\\""');
    const request = { method: 'GET', path: '/api/v1/pods', query: 'watch=1', headers: {}, body: null };
    const abort = new AbortController();
    const cuts = () => closed.filter((one) => one === 'cut').length;
    const watching = async (signal?: AbortSignal) => {
      const watch = await gate.send('c', grant.token, { ...request, signal });
      watch.body.once('error', () => undefined);
      await new Promise((resolve) => watch.body.once('data', resolve));
    };
    await watching(abort.signal);
    abort.abort();
    await expect.poll(cuts).toBe(1);
    await watching();
    grant.revoke();
    await expect.poll(cuts).toBe(2);
  });

  it('tells a call that was waiting that its permit ended, and an execution what is not known', async () => {
    const arrived: string[] = [];
    const server = await scripted('c', (request) => {
      arrived.push(request.method ?? '');
    });
    const gate = await gateTo(server.upstream);
    const { grant, get } = reading(gate, 'c');
    const waiting = get('/api/v1/pods');
    await expect.poll(() => arrived).toEqual(['GET']);
    grant.revoke();
    expect(await waiting).toMatchObject({ status: 401 });
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: 'x', name: 'a', subresource: null };
    const path = '/api/v1/namespaces/x/configmaps/a';
    const write = {
      method: 'DELETE',
      path,
      query: '',
      contentType: 'application/json',
      body: '{}',
      target,
      before: {},
      after: null,
      warnings: [],
      limits: [],
      guard: null,
    } as const;
    const { identity } = server.upstream.config;
    const change = gate.grant({ kind: 'change', cluster: 'c', purpose, identity, writes: [write, write] });
    const running = gate.execute('c', change.token);
    await expect.poll(() => arrived).toEqual(['GET', 'DELETE']);
    change.revoke();
    expect(await running).toMatchObject({
      done: [],
      failure: { code: 'cluster.failed', message: expect.stringContaining('not known') as string },
    });
    expect(arrived).toEqual(['GET', 'DELETE']);
  });

  it('row 21: refuses a body beyond the limit before it reaches the server, and passes Retry-After on', async () => {
    let requests = 0;
    const server = await scripted('c', (_request, response) => {
      requests += 1;
      response.writeHead(504, { ...json, 'retry-after': '1' });
      response.end(JSON.stringify({ kind: 'Status', reason: 'Timeout', message: 'slow', code: 504 }));
    });
    const gate = await gateTo(server.upstream);
    const { get } = reading(gate, 'c');
    const answer = await get('/api/v1/pods');
    expect([answer.status, answer.headers['retry-after']]).toEqual([504, '1']);
    requests = 0;
    const { token } = gate.grant({ kind: 'preview', cluster: 'c', purpose });
    const headers = { ...json, authorization: `Bearer ${token}`, expect: '100-continue' };
    const body = JSON.stringify(configMap('big', { a: 'x'.repeat(3_300_000) }));
    const large = await ask(`${gate.urlOf('c')}/api/v1/namespaces/x/configmaps`, { method: 'POST', headers, body });
    expect(large.status).toBe(413);
    expect(requests).toBe(0);
  });

  it('lets interactive calls pass polling that waits, and watches hold no place', async () => {
    const waiting: (() => void)[] = [];
    const server = await scripted('c', (request, response) => {
      if (request.url?.includes('watch') === true) response.write('\n');
      else if (request.url?.includes('nodes') === true) response.end('{}');
      else waiting.push(() => response.end('{}'));
    });
    const gate = await gateTo(server.upstream);
    const polling = gate.grant({
      kind: 'read',
      cluster: 'c',
      purpose: { ...purpose, origin: 'monitoring' },
      namespaces: null,
      maskSecrets: false,
    });
    const send = (token: string, path: string, query = '') =>
      gate.send('c', token, { method: 'GET', path, query, headers: {}, body: null });
    const polls = Array.from({ length: 30 }, () => send(polling.token, '/api/v1/pods'));
    const { grant } = reading(gate, 'c');
    const watches = await Promise.all(Array.from({ length: 30 }, () => send(grant.token, '/api/v1/pods', 'watch=1')));
    expect((await send(grant.token, '/api/v1/nodes')).status).toBe(200);
    expect(waiting.length).toBeLessThanOrEqual(4);
    for (const watch of watches) watch.body.on('error', () => undefined);
    const over = { all: false };
    const all = Promise.all(polls).then((answers) => {
      over.all = true;
      return answers;
    });
    await expect
      .poll(() => {
        waiting.splice(0).forEach((answer) => {
          answer();
        });
        return over.all;
      })
      .toBe(true);
    expect((await all).every(({ status }) => status === 200)).toBe(true);
  });

  it('streams a 20 MB list with flat memory, and trims a Table of it', async () => {
    const fields = JSON.stringify([
      { manager: 'k', fieldsV1: { 'f:a"]': { 'k:{"x":"y"}': {} }, 'f:b': 'x'.repeat(2400) } },
    ]);
    const row = (index: number) =>
      `{"cells":["p${String(index)}"],"object":{"metadata":{"name":"p${String(index)}","managedFields":${fields},"uid":"${'u'.repeat(1500)}"}}}`;
    const server = await scripted('c', (_request, response) => {
      let index = 0;
      const more = () => {
        while (index < 5000) {
          const part = `${index === 0 ? '{"kind":"Table","rows":[' : ','}${row(index)}`;
          index += 1;
          if (!response.write(part)) {
            response.once('drain', more);
            return;
          }
        }
        response.end(']}');
      };
      more();
    });
    const gate = await gateTo(server.upstream);
    const { grant } = reading(gate, 'c');
    const measured = async (accept: string) => {
      const answer = await gate.send('c', grant.token, {
        method: 'GET',
        path: '/api/v1/pods',
        query: '',
        headers: { accept },
        body: null,
      });
      let bytes = 0;
      let most = 0;
      let next = 2_000_000;
      const before = await liveBytes();
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes < next) continue;
        next += 2_000_000;
        most = Math.max(most, (await liveBytes()) - before);
      }
      return { bytes, most };
    };
    await measured('application/json');
    const whole = await measured('application/json');
    expect(whole.bytes).toBeGreaterThan(19_000_000);
    expect(whole.most).toBeLessThan(10_000_000);
    const table = await measured('application/json;as=Table;v=v1;g=meta.k8s.io');
    expect(table.bytes).toBeLessThan(whole.bytes / 2);
    expect(table.most).toBeLessThan(10_000_000);
  });
});
