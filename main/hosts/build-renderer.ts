import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Closers } from '../closers.ts';
import { endChild } from './end-child.ts';

/**
 * Builds the window into `out/window` where its sources changed since the last build; a packaged app has no sources
 * and nothing to build. Built aside and moved in whole, so another start never reads half of it.
 * The build ends with the app: it is one of `closers`.
 */
export async function buildRenderer(root: string, say: (line: string) => void, closers: Closers): Promise<void> {
  if (!existsSync(join(root, 'renderer', 'main.tsx'))) return;
  const out = join(root, 'out', 'window');
  const stamp = join(root, 'out', 'window.sources');
  const hash = hashOf(root);
  if (existsSync(join(out, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('Building the window…');
  const aside = `${out}.${String(process.pid)}`;
  mkdirSync(join(root, 'out'), { recursive: true });
  try {
    await runVite(root, aside, closers);
    rmSync(out, { recursive: true, force: true });
    renameSync(aside, out);
    writeFileSync(stamp, hash);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function hashOf(root: string): string {
  const hash = createHash('sha256');
  for (const folder of ['renderer', 'shared']) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of entries) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

async function runVite(root: string, outDir: string, closers: Closers): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(root, 'renderer', 'vite.config.ts');
  const args = [vite, 'build', join(root, 'renderer'), '--config', config, '--outDir', outDir, '--emptyOutDir'];
  const child = spawn(process.execPath, [...args, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closers.add('the build of the window', async () => {
    await endChild(child);
    rmSync(outDir, { recursive: true, force: true });
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  if ((await promise) !== 0) throw new Error(`The window could not be built:\n${said}`);
}
