import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Grant } from '../../../main/gate/permits.ts';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { purpose, unique } from './harness.ts';

const protocol = 'v5.channel.k8s.io';

interface Heard {
  readonly text: string;
  readonly code: number;
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
  readonly status: {
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** A pod whose containers all run and never ended, as those of a crash loop have; throws while there is none. */
async function readyPod(gate: GateUnderTest): Promise<Pod> {
  const list = (await gate.direct('/api/v1/namespaces/shop/pods?fieldSelector=status.phase%3DRunning')).json();
  const found = (list['items'] as Pod[]).find(
    ({ status }) => status.containerStatuses?.every(({ ready, restartCount }) => ready && restartCount === 0) === true,
  );
  if (found === undefined) throw new Error('no pod of the shop runs yet');
  return found;
}

describeOnClusters('an approved stream', (cluster) => {
  let gate: GateUnderTest;
  let pod = '';
  let query = '';
  let container = '';

  beforeAll(async () => {
    gate = await cluster.start({ direct: true });
    const found = await vi.waitFor(() => readyPod(gate), { timeout: 90_000, interval: 500 });
    pod = `/api/v1/namespaces/shop/pods/${found.metadata.name}`;
    container = `container=${found.spec.containers[0]?.name ?? ''}`;
    query = `command=echo&command=hello&${container}&stdout=true&stderr=true`;
  });
  afterAll(async () => {
    await gate.close();
  });

  const granted = (asked: string): Grant =>
    gate.gate.grant({
      kind: 'exec',
      cluster: 'c',
      purpose,
      identity: gate.upstream.config.identity,
      path: `${pod}/exec`,
      query: asked,
    });

  async function listen(grant: Pick<Grant, 'token'>, asked: string): Promise<Heard> {
    const socket = new WebSocket(`${gate.gate.urlOf('c').replace('http', 'ws')}${asked}`, protocol, {
      headers: { authorization: `Bearer ${grant.token}` },
    });
    return await new Promise((resolve) => {
      let text = '';
      socket.on('message', (message: Buffer) => {
        if (message[0] === 1 || message[0] === 2) text += message.subarray(1).toString();
      });
      socket.once('close', (code) => {
        resolve({ text, code });
      });
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.once('end', () => {
          resolve({ text: body, code: response.statusCode ?? 0 });
        });
      });
      socket.once('error', () => undefined);
    });
  }

  it('runs exactly the approved command, once', async () => {
    const grant = granted(query);
    const at = `${pod}/exec?${query}`;
    expect((await listen(grant, at)).text).toBe('hello\n');
    const second = await listen(grant, at);
    expect(second.code).toBe(403);
    expect(JSON.parse(second.text)).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
    expect(grant.revoke().requests.map(({ status }) => status)).toEqual([101, 403]);
  });

  it.each([
    ['another command', () => `${pod}/exec?command=id&stdout=true&stderr=true`],
    ['one argument more', () => `${pod}/exec?command=echo&command=hello&command=x&stdout=true&stderr=true`],
    ['its arguments in another order', () => `${pod}/exec?command=hello&command=echo&stdout=true&stderr=true`],
    ['standard input', () => `${pod}/exec?command=echo&command=hello&stdout=true&stderr=true&stdin=true`],
    ['another way in', () => `${pod}/attach?stdout=true`],
  ])('refuses %s, with a Status that says why', async (_what, at) => {
    const heard = await listen(granted(query), at());
    expect(heard.code).toBe(403);
    expect(JSON.parse(heard.text)).toMatchObject({
      kind: 'Status',
      message: expect.stringContaining('not the approved one') as string,
    });
  });

  it('is cut when its permit is revoked', async (context) => {
    if (cluster.isDemo) context.skip('the demo shell ends every command at once');
    const asked = `command=sleep&command=60&${container}&stdout=true`;
    const grant = granted(asked);
    const heard = listen(grant, `${pod}/exec?${asked}`);
    await vi.waitFor(
      () => {
        expect(grant.report().requests[0]?.status).toBe(101);
      },
      { timeout: 10_000 },
    );
    grant.revoke();
    expect((await heard).code).not.toBe(1000);
  });

  it('passes SPDY by POST, with its protocol versions', async (context) => {
    if (cluster.isDemo) context.skip('the demo cluster speaks WebSocket only');
    const grant = granted(query);
    const { hostname, port, pathname } = new URL(gate.gate.urlOf('c'));
    const head = [
      `POST ${pathname}${pod}/exec?${query} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${grant.token}`,
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
      'X-Stream-Protocol-Version: v3.channel.k8s.io',
    ];
    const said = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
      socket.once('data', (chunk) => {
        resolve(String(chunk));
        socket.destroy();
      });
    });
    expect(said).toMatch(/^HTTP\/1\.1 101 /);
    expect(said.toLowerCase()).toContain('x-stream-protocol-version: v4.channel.k8s.io');
  });

  it('row 16: passes watches line by line, through a late 410 and bookmarks', async () => {
    const grant = gate.read();
    const gone = await gate.ask(grant, '/api/v1/namespaces/shop/configmaps?watch=1&resourceVersion=1&timeoutSeconds=2');
    expect(gone.status).toBe(200);
    const first = JSON.parse(gone.text.split('\n')[0] ?? '') as { type: string; object: { code?: number } };
    expect(first.type === 'ERROR' ? first.object.code : first.type).toBeOneOf([410, 'ADDED', 'BOOKMARK']);
    const initial =
      'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1';
    const started = await gate.ask(grant, `/api/v1/namespaces/kube-system/configmaps?${initial}`);
    const events = started.text
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { type: string; object: { metadata: { annotations?: Record<string, string> } } },
      );
    expect(events.map(({ type }) => type)).toContain('ADDED');
    expect(events.find(({ type }) => type === 'BOOKMARK')?.object.metadata.annotations).toEqual({
      'k8s.io/initial-events-end': 'true',
    });
    const tables = await gate.ask(
      grant,
      '/api/v1/namespaces/kube-system/configmaps?watch=1&resourceVersion=0&timeoutSeconds=1',
      {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      },
    );
    for (const line of tables.text.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ object: { kind: 'Table' } });
    expect(tables.text).not.toContain('f:metadata');
  });

  it('row 16: follows a log without holding it back', async () => {
    const grant = gate.read();
    const at = `${pod}/log`;
    const answer = await gate.gate.send('c', grant.token, {
      method: 'GET',
      path: at,
      query: `${container}&follow=true&tailLines=1`,
      headers: {},
      body: null,
    });
    expect(answer.status).toBe(200);
    answer.body.once('error', () => undefined);
    grant.revoke();
    await vi.waitFor(() => {
      expect(answer.body.destroyed).toBe(true);
    });
  });

  it('keeps discovery, and sees a new kind at once after its definition passed the gate', async () => {
    const group = `${unique('disc')}.example.com`;
    const own = await cluster.start();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const discovered = async () => (await own.ask(own.read(), '/apis?timeout=10s', { headers: { accept } })).text;
    for (let round = 0; round < 5; round += 1) await discovered();
    expect(own.seen).toHaveLength(1);
    const name = `things.${group}`;
    const schema = { openAPIV3Schema: { type: 'object' } };
    const spec = {
      group,
      scope: 'Cluster',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    };
    const body = JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
      spec,
    });
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const headers = { 'content-type': 'application/json' };
    const { report } = await own.previewed(path, { method: 'POST', headers, body });
    expect((await own.gate.execute('c', own.change(report.writes).token)).failure).toBeNull();
    await vi.waitFor(
      async () => {
        expect(await discovered()).toContain(group);
      },
      { timeout: 4000, interval: 100 },
    );
    await own.direct(`${path}/${name}`, { method: 'DELETE' });
    await own.close();
  });
});
