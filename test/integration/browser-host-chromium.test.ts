import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../main/hosts/browser/main.ts';
import { findChromium } from '../support/browser.ts';

const found = findChromium({ install: false });

/** The page of an attacker, on another port of this machine, or under a name that was rebound to it. */
describe.skipIf(found.path === null)('a page that is not ours, in real Chromium', () => {
  let dir: string;
  let host: BrowserHost;
  let other: Server;
  let browser: Browser;
  let own: string;
  let token: string;
  const theme = async () => {
    const reply = await host.app.dispatch('settings.get', undefined, { client: 'test', account: host.app.account });
    return reply.ok ? (reply.value as { theme: string }).theme : reply;
  };

  beforeAll(async () => {
    if (found.path === null) return;
    dir = await mkdtemp(join(tmpdir(), 'ai4k8s-chromium-'));
    mkdirSync(join(dir, 'window', 'assets'), { recursive: true });
    writeFileSync(
      join(dir, 'window', 'index.html'),
      '<!doctype html><title>AI4K8s</title><script src="/assets/a.js"></script>',
    );
    writeFileSync(join(dir, 'window', 'assets', 'a.js'), 'document.title = "ours"');
    const options = { dataDir: join(dir, 'data'), kubeconfigs: [], demoKubeconfig: null, version: '0.0.0-test' };
    host = await startBrowserHost(options, join(dir, 'window'), 0);
    own = `http://127.0.0.1:${String(host.port)}`;
    other = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>theirs</title>'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const rules = `MAP evil.test 127.0.0.1, MAP rebound.test 127.0.0.1`;
    browser = await chromium.launch({
      executablePath: found.path,
      args: [...found.args, `--host-resolver-rules=${rules}`],
    });
    // A window that is signed in, in the same browser.
    const page = await browser.newPage();
    await page.goto(own);
    token = await page.evaluate(async (ticket) => {
      const answer = await fetch('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ticket }),
      });
      const body = (await answer.json()) as { token: string };
      sessionStorage.setItem('ai4k8s.token', body.token);
      return body.token;
    }, host.link().split('#ticket=')[1]);
  });
  afterAll(async () => {
    await browser.close();
    other.close();
    await host.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** Every way in which a page can send something, with whatever the browser adds; what it could read of the answer. */
  async function attack(page: Page, target: string, stolen: string | null): Promise<Record<string, string>> {
    return page.evaluate(
      async ({ url, bearer }) => {
        const body = JSON.stringify({ input: { theme: 'dark' } });
        const authorization: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
        const seen: Record<string, string> = {};
        const attempt = async (name: string, work: () => Promise<string>) => {
          seen[name] = await work().catch((error: unknown) => `blocked: ${String(error).slice(0, 40)}`);
        };
        const read = async (answer: Response) => `${String(answer.status)} ${await answer.text()}`;
        await attempt('fetch', async () =>
          read(
            await fetch(url, {
              method: 'POST',
              headers: { 'content-type': 'application/json', ...authorization },
              body,
            }),
          ),
        );
        await attempt('fetch as text', async () => read(await fetch(url, { method: 'POST', body })));
        await attempt('no-cors', async () => read(await fetch(url, { method: 'POST', mode: 'no-cors', body })));
        await attempt('with credentials', async () =>
          read(await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body })),
        );
        await attempt('get', async () => read(await fetch(url.replace('/request/settings.set', '/'))));
        await attempt('events', async () =>
          read(await fetch(url.replace('/request/settings.set', '/events'), { headers: authorization })),
        );
        await attempt('beacon', () =>
          Promise.resolve(String(navigator.sendBeacon(url, new Blob([body], { type: 'application/json' })))),
        );
        await attempt('script', () => tag('script', url.replace('/request/settings.set', '/assets/a.js')));
        await attempt('image', () => tag('img', url.replace('/request/settings.set', '/')));
        await attempt('frame', () => tag('iframe', url.replace('/request/settings.set', '/')));
        await attempt('websocket', () => {
          const { promise, resolve } = Promise.withResolvers<string>();
          const socket = new WebSocket(url.replace('http', 'ws'));
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
          return promise;
        });
        return seen;

        async function tag(name: 'script' | 'img' | 'iframe', src: string): Promise<string> {
          const { promise, resolve } = Promise.withResolvers<string>();
          const element = document.createElement(name);
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('refused');
          element.src = src;
          document.body.append(element);
          const outcome = await promise;
          if (name !== 'iframe') return outcome;
          try {
            return (element as HTMLIFrameElement).contentDocument === null ? 'opaque' : 'readable';
          } catch {
            return 'opaque';
          }
        }
      },
      { url: `${target}/request/settings.set`, bearer: stolen },
    );
  }

  const nothing = {
    fetch: expect.stringMatching(/^blocked/) as string,
    'fetch as text': expect.stringMatching(/^blocked/) as string,
    'no-cors': expect.stringMatching(/^(blocked|0 $)/) as string,
    'with credentials': expect.stringMatching(/^(blocked|0 $)/) as string,
    get: expect.stringMatching(/^blocked/) as string,
    events: expect.stringMatching(/^blocked/) as string,
    beacon: expect.any(String) as string,
    script: 'refused',
    image: 'refused',
    frame: 'opaque',
    websocket: 'refused',
  };

  test('on another port of this machine changes nothing and reads nothing, even with a stolen token', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String((other.address() as AddressInfo).port)}/`);
    expect(await attack(page, own, null)).toEqual(nothing);
    expect(await attack(page, own, token)).toEqual(nothing);
    expect(await page.evaluate(() => [document.cookie, sessionStorage.length])).toEqual(['', 0]);
    expect(await theme()).toBe('system');
    await page.close();
  });

  test('under another name changes nothing and reads nothing, even with a stolen token', async () => {
    const page = await browser.newPage();
    await page.goto(`http://evil.test:${String((other.address() as AddressInfo).port)}/`);
    expect(await attack(page, own, token)).toEqual(nothing);
    expect(await theme()).toBe('system');
    await page.close();
  });

  test('whose name was rebound to us is not served at all, and none of its requests is', async () => {
    const page = await browser.newPage();
    const rebound = `http://rebound.test:${String(host.port)}`;
    const answer = await page.goto(`${rebound}/`);
    expect(answer?.status()).toBe(421);
    expect(await page.title()).not.toBe('ours');
    const tried = await page.evaluate(async (bearer) => {
      const post: RequestInit = {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ input: { theme: 'dark' } }),
      };
      const asked: [string, RequestInit][] = [
        ['/', {}],
        ['/events', { headers: { authorization: `Bearer ${bearer}` } }],
        ['/request/settings.set', post],
      ];
      const outcome = ([path, init]: [string, RequestInit]) =>
        fetch(path, init).then(
          ({ status }) => status,
          () => 'no answer',
        );
      return Promise.all(asked.map(outcome));
    }, token);
    // Chromium itself gives a request up when a network interface of the machine comes or goes.
    expect(tried.filter((outcome) => outcome !== 421 && outcome !== 'no answer')).toEqual([]);
    expect(tried).toContain(421);
    expect(await theme()).toBe('system');
    await page.close();
  });

  test('our own page runs, reloads and is obeyed', async () => {
    const page = await browser.newPage();
    await page.goto(own);
    expect(await page.title()).toBe('ours');
    const status = await page.evaluate(async (bearer) => {
      const answer = await fetch('/request/settings.set', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ input: { theme: 'light' } }),
      });
      return answer.status;
    }, token);
    expect([status, await theme()]).toEqual([200, 'light']);
    await page.close();
  });
});
