import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LosslessNumber } from 'lossless-json';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundledFetch, externalFetch, withPermit } from '../../../../main/mcp/transports.ts';

let server: Server;
let url: URL;
let bearers: (string | undefined)[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    bearers.push(request.headers.authorization);
    request.resume();
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  bearers = [];
  answer = (_request, response) => response.end('{}');
});

const post = { method: 'POST', body: '{}' };

describe('a permit', () => {
  it('travels with the first POST of its call and with no other request', async () => {
    await withPermit('one', async () => {
      await bundledFetch(url, { method: 'GET' });
      await bundledFetch(url, post);
      await bundledFetch(url, post);
    });
    await bundledFetch(url, post);
    expect(bearers).toEqual([undefined, 'Bearer one', undefined, undefined]);
  });

  it('is not mixed up between calls that run at the same time', async () => {
    const tokens = Array.from({ length: 20 }, (_, index) => `permit-${index}`);
    const echoes = tokens.map((token) =>
      withPermit(token, async () => {
        await Promise.resolve();
        const response = await bundledFetch(url, { ...post, headers: { 'x-call': token } });
        return response.text();
      }),
    );
    answer = (request, response) => response.end(`${request.headers['x-call']} ${request.headers.authorization}`);
    expect(await Promise.all(echoes)).toEqual(tokens.map((token) => `${token} Bearer ${token}`));
  });

  it('is not followed to where an answer points', async () => {
    answer = (_request, response) => response.writeHead(307, { location: url.href }).end();
    const response = await withPermit('one', () => Promise.resolve(bundledFetch(url, post)));
    expect(response.status).toBe(307);
    expect(bearers).toEqual(['Bearer one']);
  });

  it('never reaches a server of the person’s own', async () => {
    await withPermit('one', () => Promise.resolve(externalFetch(url, post)));
    expect(bearers).toEqual([undefined]);
  });
});

describe('an answer of the bundled server', () => {
  const events = { 'content-type': 'text/event-stream' };

  it('is read from its event, integers exact', async () => {
    answer = (_request, response) =>
      response.writeHead(200, events).end('event: message\ndata: {"n":9007199254740993}\n\n');
    const response = await bundledFetch(url, post);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ n: new LosslessNumber('9007199254740993') });
  });

  it('that breaks off rejects, rather than being taken for an answer', async () => {
    answer = (_request, response) => {
      response.writeHead(200, events).write('data: {"half":');
      response.destroy();
    };
    await expect(Promise.resolve(bundledFetch(url, post))).rejects.toThrow();
  });

  it('that is an endless stream (a GET) is handed on as it comes', async () => {
    answer = (_request, response) => response.writeHead(200, events).write('data: 1\n\n');
    const stop = new AbortController();
    const response = await bundledFetch(url, { method: 'GET', signal: stop.signal });
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toBe('data: 1\n\n');
    stop.abort();
  });
});
