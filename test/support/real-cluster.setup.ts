import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { RealCluster } from './real-cluster.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'real-cluster');
/** What its start script installs when missing; done here first, so that a failure has its reason printed. */
const packages = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'busybox-static',
  'iproute2',
  'iptables',
  'conntrack',
  'openssl',
  'xz-utils',
];

/** Starts the real cluster when the first test file asks, and always stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<RealCluster> | null = null;
  let dir: string | null = null;
  const server = createServer((_, response) => {
    started ??= (async () => {
      dir = await mkdtemp(join(tmpdir(), 'ai4k8s-real-'));
      return start(dir);
    })();
    started.then(
      (cluster) => response.end(JSON.stringify(cluster)),
      (error: unknown) => response.end(JSON.stringify({ kubeconfig: null, because: String(error) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('realClusterUrl', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await started?.catch(() => undefined);
    if (dir === null) return;
    await run(join(folder, 'stop'), [dir]);
    await rm(dir, { recursive: true, force: true });
  };
}

async function start(dir: string): Promise<RealCluster> {
  const because = whyNot();
  if (because !== null) return { kubeconfig: null, because };
  const missing = packages.filter((name) => spawnSync('dpkg-query', ['-W', name]).status !== 0);
  if (missing.length > 0) {
    await run('apt-get', ['update']);
    const installed = await run('apt-get', ['install', '-y', '--no-install-recommends', ...missing]);
    if (installed.code !== 0) return { kubeconfig: null, because: `${missing.join(', ')} could not be installed` };
  }
  const { code, said } = await run(join(folder, 'start'), [dir]);
  if (code !== 0) return { kubeconfig: null, because: `the real cluster did not start: ${said.slice(-500)}` };
  return { kubeconfig: join(dir, 'kubeconfig'), because: null };
}

/** Null where a real cluster can be started here. */
export function whyNot(): string | null {
  if (!existsSync(join(folder, 'start')))
    return 'no AI4K8S_REAL_KUBECONFIG, and no real cluster to start beside this folder';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a real cluster needs Linux and root';
  return spawnSync('dpkg-query', ['--version']).status === 0 ? null : 'a real cluster needs a Debian system';
}

async function run(program: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  // The cluster's own processes may keep the pipes open, so 'exit' and not 'close'.
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('error', (error) => {
    said += error.message;
    resolve(1);
  });
  child.on('exit', resolve);
  return { code: await promise, said };
}
