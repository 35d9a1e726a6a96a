import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const launcher = join(root, 'main', 'hosts', 'launch.js');

let dataDir: string;
let started: Launched[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-launch-'));
});
afterEach(async () => {
  for (const { child } of started) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  started = [];
  await rm(dataDir, { recursive: true, force: true });
});

interface Launched {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Rejects where it ends first. */
  readonly ready: Promise<string>;
  readonly ended: Promise<number | null>;
  said(): string;
}

/** `npm start -- …args`, without npm. */
function launch(args: readonly string[], node = process.execPath, env: Record<string, string> = {}): Launched {
  return launchWith(node, [launcher, '--no-open', '--data-dir', dataDir, ...args], env);
}

function launchWith(program: string, args: readonly string[], env: Record<string, string> = {}): Launched {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, KUBECONFIG: join(dataDir, 'none'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const ready = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('AI4K8s ready')) ready.resolve(line);
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  ended.then(
    () => ready.reject(new Error(`it ended before it was ready: ${errors}`)),
    () => undefined,
  );
  ready.promise.catch(() => undefined);
  const launched = { child, lines, ready: ready.promise, ended, said: () => errors };
  started.push(launched);
  return launched;
}

/** Signs in as the window of a ready line does; what it then asks is answered with the value. */
async function openWindow(line: string): Promise<(name: string, input: unknown) => Promise<unknown>> {
  const [, url = '', ticket = ''] = /at (.*)\/#ticket=(.*)$/.exec(line) ?? [];
  const headers = { 'content-type': 'application/json', origin: url };
  const session = await fetch(`${url}/session`, { method: 'POST', headers, body: JSON.stringify({ ticket }) });
  const { token } = (await session.json()) as { token: string };
  return async (name, input) => {
    const answer = await fetch(`${url}/request/${name}`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: JSON.stringify({ input }),
    });
    const reply = (await answer.json()) as { ok: true; value: unknown } | { ok: false; failure: unknown };
    if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
    return reply.value;
  };
}

/** Everything below an app with the demo, after a command: its MCP servers, which start with the first one, included. */
async function childrenAtWork(app: Launched): Promise<number[]> {
  const window = await openWindow(await app.ready);
  const { selected } = (await window('clusters.list', undefined)) as { selected: string };
  const input = { run: randomUUID(), line: 'kubectl get pods -n shop', cluster: selected, namespace: null };
  await window('commands.run', { ...input, conversation: null, form: 'terminal' });
  const below = descendantsOf(app.child.pid ?? 0);
  const commands = below.map(commandOf);
  expect(commands.some((line) => line.includes('kubernetes-mcp-server'))).toBe(true);
  expect(commands.some((line) => line.includes('main/demo/main.'))).toBe(true);
  return below;
}

/** Every process below a pid, by /proc. */
function descendantsOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent = ''] = /\) \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        return [[Number(name), Number(parent)] as const];
      } catch {
        return [];
      }
    });
  const below = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([one]) => [one, ...below(one)]);
  return below(pid);
}

/** Empty where it has just ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function allGone(pids: readonly number[], withinMs: number): Promise<number[]> {
  const until = performance.now() + withinMs;
  while (pids.some(isRunning) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  return pids.filter(isRunning);
}

const older = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && !execFileSync(path, ['--version'], { encoding: 'utf8' }).startsWith('v24'),
);

describe('npm start', () => {
  test('says once that it is ready, with a link that works, and serves the window', async () => {
    const app = launch(['--browser']);
    const line = await app.ready;
    const [, url = '', ticket = ''] =
      /^AI4K8s ready at (http:\/\/127\.0\.0\.1:\d+)\/#ticket=([\w-]{43})$/.exec(line) ?? [];
    expect(url).not.toBe('');
    const page = await fetch(`${url}/`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="root">')]);
    const session = await fetch(`${url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ ticket }),
    });
    expect(session.status).toBe(200);
    expect(app.lines.filter((one) => one.includes('ready'))).toHaveLength(1);
  }, 60_000);

  test('without a kubeconfig starts all the same, says so and offers the demo', async () => {
    const app = launch(['--browser']);
    const [, url = '', ticket = ''] = /at (.*)\/#ticket=(.*)$/.exec(await app.ready) ?? [];
    const headers = { 'content-type': 'application/json', origin: url };
    const session = await fetch(`${url}/session`, { method: 'POST', headers, body: JSON.stringify({ ticket }) });
    const { token } = (await session.json()) as { token: string };
    const reply = await fetch(`${url}/request/clusters.list`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: '{}',
    });
    expect(await reply.json()).toMatchObject({
      ok: true,
      value: {
        clusters: [],
        problems: [{ failure: { code: 'kubeconfig.missing', remedy: expect.stringContaining('--demo') as string } }],
      },
    });
  }, 60_000);

  test('says in one sentence that Electron is missing, and opens in the browser', async () => {
    const app = launch([], process.execPath, { ELECTRON_OVERRIDE_DIST_PATH: join(dataDir, 'nowhere') });
    expect(await app.ready).toMatch(/^AI4K8s ready at /);
    expect(app.said().split('\n')).toContain('Electron is not installed here; opening in the browser instead.');
  }, 60_000);

  test.skipIf(older === undefined)(
    'starts from an older Node too, and passes signals and exit codes on',
    async () => {
      const app = launch(['--browser'], older);
      await app.ready;
      const below = descendantsOf(app.child.pid ?? 0);
      expect(below.length).toBeGreaterThan(0);
      app.child.kill('SIGTERM');
      expect(await app.ended).toBe(143);
      expect(await allGone(below, 3000)).toEqual([]);
      const wrong = launch(['--nonsense'], older);
      expect(await wrong.ended).toBe(2);
      expect(wrong.said()).toContain("Unknown option '--nonsense'");
    },
    60_000,
  );

  test.skipIf(older === undefined)('says what to do where no Node 24 came with the install', async () => {
    const hosts = join(dataDir, 'main', 'hosts');
    mkdirSync(hosts, { recursive: true });
    copyFileSync(launcher, join(hosts, 'launch.js'));
    writeFileSync(join(dataDir, 'package.json'), '{"type":"module"}');
    const child = spawn(older ?? '', [join(hosts, 'launch.js')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([2, expect.stringMatching(/^AI4K8s runs on Node 24; .*`npm ci`.*\n$/)]);
  });

  test('refuses an unknown flag with its name and the flags there are', async () => {
    const app = launch(['--dmeo']);
    expect(await app.ended).toBe(2);
    expect(app.said()).toContain("Unknown option '--dmeo'");
    expect(app.said()).toContain('--data-dir DIR');
  });

  test('a second one on the same folder names the first and ends with 3', async () => {
    const first = launch(['--browser']);
    await first.ready;
    const second = launch(['--browser']);
    expect(await second.ended).toBe(3);
    expect(second.said()).toContain(`process ${String(first.child.pid)}`);
  }, 60_000);

  test('keeps everything it writes to this user alone', async () => {
    const app = launch(['--browser']);
    await app.ready;
    const open = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const { mode } = statSync(join(dataDir, name));
      return (mode & 0o077) !== 0;
    });
    expect(open).toEqual([]);
  }, 60_000);

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'on %s ends the demo cluster and every other child, with %i',
    { timeout: 60_000 },
    async ([signal, code]) => {
      const app = launch(['--browser', '--demo']);
      const below = await childrenAtWork(app);
      app.child.kill(signal);
      expect(await app.ended).toBe(code);
      expect(await allGone(below, 3000)).toEqual([]);
    },
  );

  test.for(['SIGTERM', 'SIGKILL'] as const)(
    'npm that gets %s by itself takes the app along, its MCP servers and the demo cluster too',
    { timeout: 90_000 },
    async (signal) => {
      const app = launchWith('npm', ['start', '-s', '--', '--no-open', '--data-dir', dataDir, '--browser', '--demo']);
      const below = await childrenAtWork(app);
      app.child.kill(signal);
      await app.ended;
      expect(await allGone(below, 3000)).toEqual([]);
    },
  );

  test('a second one with --demo is refused and leaves the cluster of the first as it is', async () => {
    const first = launch(['--browser', '--demo']);
    await first.ready;
    const kubeconfig = join(dataDir, 'demo', 'kubeconfig');
    const before = readFileSync(kubeconfig, 'utf8');
    const second = launch(['--demo', '--run', 'kubectl get pods -n shop']);
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain('AI4K8s already runs with the data folder');
    expect(readFileSync(kubeconfig, 'utf8')).toBe(before);
    expect(readdirSync(join(dataDir, 'demo'))).toEqual(['kubeconfig']);
  }, 60_000);

  test.for([
    ['the launcher', older ?? process.execPath],
    ['the app', process.execPath],
  ] as const)('no child outlives %s when it is killed', { timeout: 60_000 }, async ([, node]) => {
    const app = launch(['--browser', '--demo'], node);
    const below = await childrenAtWork(app);
    app.child.kill('SIGKILL');
    await app.ended;
    expect(await allGone(below, 5000)).toEqual([]);
  });
});
