import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Closers } from '../closers.ts';
import type { StartOptions } from '../host.ts';
import { endChild } from './end-child.ts';

/** Path of Electron's executable, where its binary was fetched; the npm package alone does not hold it. */
export function electronBinary(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : defaultName();
  const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

function defaultName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

export interface ElectronProcess {
  /** Its exit code. */
  readonly ended: Promise<number>;
}

/** Compiles the main process, then starts Electron on it; resolves when its window is there. Both end with `closers`. */
export async function startElectron(
  root: string,
  binary: string,
  options: StartOptions,
  closers: Closers,
): Promise<ElectronProcess> {
  await compile(root, closers);
  const flags = [
    `--data-dir=${options.dataDir}`,
    ...options.kubeconfigs.map((path) => `--kubeconfig=${path}`),
    ...(options.demoKubeconfig === null ? [] : [`--demo-kubeconfig=${options.demoKubeconfig}`]),
  ];
  const child = spawn(binary, [root, ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  closers.add('Electron', () => endChild(child, 5000));
  const ended = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : 1));
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then((code) => Promise.reject(new Error(`Electron ended with ${String(code)} before its window was there.`))),
  ]);
  child.stdout.resume();
  return { ended };
}

async function compile(root: string, closers: Closers): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) return;
  const child = spawn(process.execPath, [tsc, '-b', 'main', 'preload'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  closers.add('the compiler', () => endChild(child));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The main process could not be compiled.');
}
