import type { App as ElectronApp, IpcMain, IpcMainInvokeEvent, Session, WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bridge } from '../../shared/bridge.ts';
import { refuseUnsafe } from '../../main/hosts/electron/external-url.ts';
import { guardContents, guardSession } from '../../main/hosts/electron/guards.ts';
import { carryRequests, wire } from '../../main/hosts/electron/ipc.ts';
import { isOwnPage, pageUrl } from '../../main/hosts/electron/own-page.ts';
import { answerFile } from '../../main/hosts/electron/window-files.ts';
import { securityHeaders } from '../../main/hosts/security-headers.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

/*
 * The parts of the Electron host, against Electron's own typings: what they register is called as Electron would. That
 * Electron does call it so is for the machines that have its binary.
 */
const preload = join(import.meta.dirname, '..', '..', 'preload', 'preload.cts');

const foreign = [
  'https://evil.test/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://ui.evil/index.html',
  'app://evil/index.html',
  'app://user@ui/index.html',
  'app://:x@ui/index.html',
  'app://ui:80/index.html',
  'appx://ui/index.html',
  'data:text/html,x',
  'blob:app://ui/x',
  'javascript:alert(1)',
  'about:blank',
  'about:srcdoc',
  'chrome://settings',
  'devtools://devtools/x',
  'view-source:app://ui/index.html',
  '',
  'index.html',
  '//ui/index.html',
];

describe('the page of the window', () => {
  test('is our own', () => {
    expect([pageUrl, 'app://ui/assets/a.js', 'app://ui/'].map(isOwnPage)).toEqual([true, true, true]);
  });
  test.for(foreign)('is not %j', (url) => {
    expect(isOwnPage(url)).toBe(false);
  });
});

describe('the files of the window', () => {
  const file = { type: 'text/html; charset=utf-8', body: Buffer.from('page'), isImmutable: false };
  const files = new Map([
    ['/index.html', file],
    ['/assets/a.js', { ...file, type: 'text/javascript' }],
  ]);

  test('are served with their type and every security header', async () => {
    const answer = answerFile(files, `${pageUrl}?x#y`);
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([200, 'page', file.type]);
    for (const [name, value] of Object.entries(securityHeaders)) expect(answer.headers.get(name)).toBe(value);
  });

  test.for([
    ...foreign,
    'app://ui/../index.html2',
    'app://ui/..%2findex.html',
    'app://ui/%2e%2e/index.html',
    'app://ui//index.html',
    'app://ui/assets/../../secret',
    'app://ui/assets%5c..%5csecret',
    'app://ui/index.html%00',
    'app://ui/INDEX.HTML',
    'app://ui/constructor',
    'app://ui/__proto__',
    `app://ui/${'a/'.repeat(5000)}`,
  ])('do not include %j', (url) => {
    expect(answerFile(files, url).status).toBe(404);
  });
});

describe('the guards', () => {
  test('deny every permission, device, capture and request of a session', () => {
    const handlers: Record<string, (...all: never[]) => unknown> = {};
    const keep = (name: string) => (handler: never) => {
      handlers[name] = handler;
    };
    const session = {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('capture'),
      webRequest: { onBeforeRequest: keep('send') },
    };
    guardSession(session as unknown as Session, false);
    const call = (name: string, ...all: unknown[]) => handlers[name]?.(...(all as never[]));
    for (const permission of permissionsOf()) {
      let granted: unknown;
      call('request', null, permission, (answer: boolean) => (granted = answer));
      expect([permission, granted, call('check', null, permission)]).toEqual([permission, false, false]);
    }
    expect(call('device', {})).toBe(false);
    expect(handlers['capture']).toBeNull();
    const isCancelled = (url: string) => {
      let answer: { cancel?: boolean } = {};
      call('send', { url }, (given: { cancel?: boolean }) => (answer = given));
      return answer.cancel;
    };
    expect(isCancelled(pageUrl)).toBe(false);
    expect(foreign.filter((url) => isCancelled(url) !== true)).toEqual([]);
  });

  test('keep every web contents on the page, without windows and webviews', () => {
    const app = new EventEmitter();
    guardContents(app as unknown as ElectronApp);
    let openWindow: ((details: { url: string }) => { action: string }) | null = null;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: typeof openWindow) => (openWindow = handler),
    });
    app.emit('web-contents-created', {}, contents as unknown as WebContents);
    const isPrevented = (name: string, url: string) => {
      let prevented = false;
      contents.emit(name, { url, preventDefault: () => (prevented = true) });
      return prevented;
    };
    for (const url of [pageUrl, ...foreign])
      expect((openWindow as unknown as (d: object) => object)({ url })).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect([name, foreign.filter((url) => !isPrevented(name, url))]).toEqual([name, []]);
    }
    expect(isPrevented('will-navigate', pageUrl)).toBe(false);
    expect(isPrevented('will-attach-webview', pageUrl)).toBe(true);
  });

  test.for(
    [
      ...foreign,
      'http://example.test/',
      'https://user:pass@example.test/',
      'https://user@example.test/',
      'smb://host/share',
      '\\\\host\\share',
      'ms-msdt:/id',
      'mailto:a@b.test',
      'ssh://host',
      'ftp://host/',
      'vscode://file/x',
      'https:',
    ].filter((url) => url !== 'https://evil.test/'),
  )('open no link to %j', (url) => {
    expect(() => refuseUnsafe(url)).toThrow('This link is not opened');
  });

  test('open a plain https link, in its normal form', () => {
    expect(refuseUnsafe('HTTPS://kubernetes.io/docs/../x')).toBe('https://kubernetes.io/x');
  });
});

describe('the wire between window and application', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  /** Both ends of Electron's wire: main registers, the preload invokes, with a frame of our choice as the sender. */
  function wireUp(frame: unknown) {
    const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>();
    carryRequests({ handle: (name, handler) => void handlers.set(name, handler) }, app.app.dispatch, app.app.account);
    const renderer = new EventEmitter();
    const exposed: Record<string, unknown> = {};
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: unknown) => (exposed[name] = api) },
      ipcRenderer: Object.assign(renderer, {
        invoke: (name: string, ...all: unknown[]) =>
          handlers.get(name)?.(
            { senderFrame: frame, sender: { id: 7 } } as unknown as IpcMainInvokeEvent,
            ...(structuredClone(all) as never[]),
          ),
      }),
    };
    const { outputText } = ts.transpileModule(readFileSync(preload, 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const asked: string[] = [];
    const load = (name: string) => {
      asked.push(name);
      return electron;
    };
    runInNewContext(outputText, { require: load, exports: {} });
    return { bridge: exposed['bridge'] as Bridge, exposed, renderer, asked };
  }
  const top = { parent: null, url: pageUrl };

  test('the preload exposes two verbs and nothing of Electron, and needs nothing else', () => {
    const { exposed, asked } = wireUp(top);
    expect(Object.keys(exposed)).toEqual(['bridge']);
    expect(Object.keys(exposed['bridge'] as object).sort()).toEqual(['request', 'subscribe']);
    expect(asked).toEqual(['electron']);
  });

  test('a request of the page is answered by the door', async () => {
    const { bridge } = wireUp(top);
    expect(await bridge.request('settings.get', undefined)).toMatchObject({ ok: true, value: { theme: 'system' } });
    expect(await bridge.request('no.such', undefined)).toMatchObject({ failure: { code: 'request.unknown-channel' } });
    expect(await bridge.request('settings.set', { theme: 'pink' })).toMatchObject({
      failure: { code: 'request.invalid-input' },
    });
  });

  test.for([
    ['no frame, for it is gone', null],
    ['a frame within the page', { parent: top, url: pageUrl }],
    ...foreign.map((url) => [`a page at ${JSON.stringify(url)}`, { parent: null, url }]),
  ] as [string, unknown][])('%s is told nothing and changes nothing', async ([, frame]) => {
    const { bridge } = wireUp(frame);
    expect(await bridge.request('settings.set', { theme: 'dark' })).toMatchObject({
      failure: { code: 'request.untrusted-sender' },
    });
    expect(await app.request('settings.get', undefined)).toMatchObject({ theme: 'system' });
  });

  test('events reach the listener as data, until it ends', () => {
    const { bridge, renderer } = wireUp(top);
    const heard: unknown[] = [];
    const end = bridge.subscribe((...all) => heard.push(all));
    renderer.emit(wire.event, { sender: 'secret' }, 'settings.changed', { theme: 'dark' });
    end();
    renderer.emit(wire.event, {}, 'settings.changed', { theme: 'light' });
    expect(heard).toEqual([['settings.changed', { theme: 'dark' }]]);
    expect(renderer.listenerCount(wire.event)).toBe(0);
  });
});

/** Every name in the union of permissions that Electron's typings have. */
function permissionsOf(): string[] {
  const typings = readFileSync(
    join(import.meta.dirname, '..', '..', 'node_modules', 'electron', 'electron.d.ts'),
    'utf8',
  );
  const union =
    /setPermissionRequestHandler\(handler: \(\(webContents: WebContents, permission: ([^,]+), callback/.exec(
      typings,
    )?.[1] ?? '';
  const names = [...union.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  return names;
}
