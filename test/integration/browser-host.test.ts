import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../main/hosts/browser/main.ts';
import { contentSecurityPolicy, securityHeaders } from '../../main/hosts/security-headers.ts';
import { request, rows, type Asked } from '../support/browser-host-rows.ts';
import { sendRaw } from '../support/raw-http.ts';

let dir: string;
let host: BrowserHost;
let token: string;
const own = () => `127.0.0.1:${String(host.port)}`;
const ticketOf = (link: string) => link.split('#ticket=')[1] ?? '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ai4k8s-host-'));
  mkdirSync(join(dir, 'window', 'assets'), { recursive: true });
  writeFileSync(join(dir, 'window', 'index.html'), '<!doctype html><title>AI4K8s</title>');
  writeFileSync(join(dir, 'window', 'assets', 'main-abc.js'), 'export {}');
  writeFileSync(join(dir, 'secret.txt'), 'beside the window');
  const options = { dataDir: join(dir, 'data'), kubeconfigs: [], demoKubeconfig: null, version: '0.0.0-test' };
  host = await startBrowserHost(options, join(dir, 'window'), 0);
  const answer = await send({ method: 'POST', path: '/session', body: { ticket: ticketOf(host.link()) } });
  token = (JSON.parse(answer.body) as { token: string }).token;
});
afterAll(async () => {
  await host.close();
  await rm(dir, { recursive: true, force: true });
});

/** `{own}` and `{port}` stand for ours. A POST has our Origin and JSON unless said otherwise. */
function send(asked: Asked) {
  const fill = (text: string) => text.replaceAll('{own}', own()).replaceAll('{port}', String(host.port));
  const list = (value: string | readonly string[] | null) => (value === null ? [] : [value].flat()).map(fill);
  const isPost = asked.method === 'POST';
  const body = asked.rawBody ?? (asked.body === undefined ? '' : JSON.stringify(asked.body));
  const type = asked.type === undefined ? (isPost ? 'application/json' : null) : asked.type;
  const [site, mode, dest] = asked.secFetch ?? [];
  const lines = [
    `${asked.method} ${fill(asked.path)} HTTP/1.1`,
    ...list(asked.host === undefined ? '{own}' : asked.host).map((value) => `Host: ${value}`),
    ...list(asked.origin === undefined ? (isPost ? 'http://{own}' : null) : asked.origin).map(
      (value) => `Origin: ${value}`,
    ),
    ...(site === undefined ? [] : [`Sec-Fetch-Site: ${site}`]),
    ...(mode === undefined ? [] : [`Sec-Fetch-Mode: ${mode}`]),
    ...(dest === undefined ? [] : [`Sec-Fetch-Dest: ${dest}`]),
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...(asked.token == null ? [] : [`Authorization: ${asked.token.replace('{token}', token)}`]),
    ...Object.entries(asked.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...((isPost && asked.headers?.['Content-Length'] === undefined) || body.length > 0
      ? [`Content-Length: ${String(Buffer.byteLength(body))}`]
      : []),
    'Connection: close',
  ];
  return sendRaw(host.port, `${lines.join('\r\n')}\r\n\r\n`, body);
}

describe('the browser host', () => {
  test.for(rows)('%s', async ([, asked, status]) => {
    const answer = await send(asked);
    expect(answer.status).toBe(status);
    if (status === 200 && asked.method === 'GET') return;
    expect(answer.body).not.toContain('beside the window');
  });

  test('has at least forty rows, and each has its own name', () => {
    expect(rows.length).toBeGreaterThan(90);
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
  });

  test('sends every security header on every answer, and never one that opens it to another origin', async () => {
    const mangled = await sendRaw(host.port, 'NOT HTTP\r\n\r\n');
    expect(mangled).toMatchObject({ status: 400, headers: securityHeaders });
    for (const [name, asked, status] of rows) {
      const { headers } = await send(asked);
      for (const [header, value] of Object.entries(securityHeaders)) {
        const isKept = asked.path === '/assets/main-abc.js' && status === 200 && header === 'cache-control';
        if (!isKept) expect([name, header, headers[header]]).toEqual([name, header, value]);
      }
      expect([
        name,
        Object.keys(headers).filter((header) => /^(access-control|set-cookie|server|x-powered)/.test(header)),
      ]).toEqual([name, []]);
    }
  });

  test('admits no inline code, no frame and no other origin in its policy', () => {
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|blob:/);
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("frame-ancestors 'none'");
  });

  test('listens on 127.0.0.1 only', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const others = addresses
      .filter(({ address, family }) => family === 'IPv4' && address !== '127.0.0.1')
      .map(({ address }) => address);
    for (const address of [...others, '127.0.0.2', '::1']) {
      const socket = connect(host.port, address);
      const outcome = await Promise.race([
        once(socket, 'connect').then(() => 'open'),
        once(socket, 'error').then(() => 'closed'),
      ]).catch(() => 'closed');
      socket.destroy();
      expect([address, outcome]).toEqual([address, 'closed']);
    }
  });

  test('refuses every upgrade', async () => {
    const head = `GET /events HTTP/1.1\r\nHost: ${own()}\r\nOrigin: http://${own()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    expect((await sendRaw(host.port, head)).status).toBe(403);
  });

  test('still answers its window while 200 idle sockets are held open', async () => {
    const sockets: Socket[] = [];
    for (let number = 0; number < 200; number += 1) {
      const socket = connect(host.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: '));
      socket.on('error', () => undefined);
      sockets.push(socket);
    }
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, 'connect') : null)));
    const began = performance.now();
    expect((await send(request)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000);
    for (const socket of sockets) socket.destroy();
  });

  test.for([
    ['half a body to the session', 'POST /session'],
    ['a whole request each, and stay', 'GET /'],
  ] as const)('is not shut out by 70 sockets that send %s', async ([, line]) => {
    const head = `${line} HTTP/1.1\r\nHost: ${own()}\r\nOrigin: http://${own()}\r\n`;
    const half = `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const sockets: Socket[] = [];
    for (let number = 0; number < 70; number += 1) {
      const socket = connect(host.port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write(line.startsWith('GET') ? `${head}\r\n` : half);
    }
    for (let load = 0; load < 5; load += 1) expect((await send({ method: 'GET', path: '/' })).status).toBe(200);
    expect((await send(request)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('writes method, route, status and time to its log, and nothing that was sent', async () => {
    await send({
      ...request,
      path: '/request/settings.get?canary-query',
      body: { input: 'canary-body' },
      headers: { 'X-Canary': 'canary-header' },
    });
    const log = readFileSync(join(dir, 'data', 'logs', 'ai4k8s.log'), 'utf8');
    expect(log).toContain('"route":"request","status":200');
    expect(log).not.toContain('canary');
    expect(log).not.toContain(token);
  });
});

describe('tickets and sessions', () => {
  const exchange = (ticket: unknown) => send({ method: 'POST', path: '/session', body: { ticket } });

  test('a ticket works once, and guesses get nothing and are then limited', async () => {
    const fresh = await startBrowserHost(
      { dataDir: join(dir, 'data-2'), kubeconfigs: [], demoKubeconfig: null, version: '0.0.0-test' },
      join(dir, 'window'),
      0,
    );
    const ask = (ticket: unknown) =>
      sendRaw(
        fresh.port,
        `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${String(fresh.port)}\r\nOrigin: http://127.0.0.1:${String(fresh.port)}\r\nContent-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(JSON.stringify({ ticket })))}\r\nConnection: close\r\n\r\n`,
        JSON.stringify({ ticket }),
      );
    try {
      const ticket = ticketOf(fresh.link());
      expect(Buffer.from(ticket, 'base64url')).toHaveLength(32);
      for (const wrong of ['', ticket.slice(0, -1), `${ticket}A`, ticket.toLowerCase(), '☃', null, 7]) {
        expect((await ask(wrong)).status).toBe(401);
      }
      expect((await ask(ticket)).status).toBe(200);
      expect((await ask(ticket)).status).toBe(401);
      const older = ticketOf(fresh.link());
      fresh.link();
      expect((await ask(older)).status).toBe(401);
      const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await ask('guess')).status));
      // Nine were wrong before, and a little time went by.
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(45);
    } finally {
      await fresh.close();
    }
  });

  test('a new session ends the one before it, and its event stream', async () => {
    const stream = await fetch(`http://${own()}/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    const answer = await exchange(ticketOf(host.link()));
    expect(answer.status).toBe(200);
    await expect(stream.text()).rejects.toThrow();
    expect((await send(request)).status).toBe(401);
    token = (JSON.parse(answer.body) as { token: string }).token;
    expect((await send(request)).status).toBe(200);
  });

  test('events reach the stream of the session, line by line', async () => {
    const stream = await fetch(`http://${own()}/events`, { headers: { authorization: `Bearer ${token}` } });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('{}\n');
    await send({ ...request, path: '/request/settings.set', body: { input: { theme: 'dark' } } });
    const line = (await reader?.read())?.value ?? '';
    expect(JSON.parse(line)).toEqual({
      name: 'settings.changed',
      payload: { theme: 'dark', conversationsShown: true },
    });
    await reader?.cancel();
  });

  test('the right ticket works after any number of wrong ones', async () => {
    const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await exchange('guess')).status));
    expect(statuses).toContain(429);
    const answer = await exchange(ticketOf(host.link()));
    expect(answer.status).toBe(200);
    token = (JSON.parse(answer.body) as { token: string }).token;
  });

  test('more than fifty wrong tokens at once are told to wait, and the window is not', async () => {
    const wrong = { ...request, token: `Bearer ${'A'.repeat(43)}` };
    const statuses = await Promise.all(Array.from({ length: 120 }, async () => (await send(wrong)).status));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await send(request)).status).toBe(200);
  });

  test('more than a hundred requests at once are told to wait', async () => {
    const statuses = await Promise.all(Array.from({ length: 200 }, async () => (await send(request)).status));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });
});
