import { existsSync, mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Closers } from '../../main/closers.ts';
import { buildRenderer } from '../../main/hosts/build-renderer.ts';
import { startElectron } from '../../main/hosts/electron-process.ts';
import { untilNoProcessWith } from '../support/processes.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ai4k8s-build-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A build tool that says in `started` that it runs, and never ends by itself. */
function writeEndless(...path: string[]): Promise<void> {
  const started = join(root, 'started');
  mkdirSync(join(root, ...path.slice(0, -1)), { recursive: true });
  const out = "const at = process.argv.indexOf('--outDir'); if (at > 0) fs.mkdirSync(process.argv[at + 1]);";
  const program = `const fs = require('node:fs'); ${out} fs.writeFileSync(${JSON.stringify(started)}, ''); setInterval(() => {}, 1e6);`;
  writeFileSync(join(root, ...path), program);
  return new Promise((resolve) => {
    const watcher = watch(root, () => {
      if (!existsSync(started)) return;
      watcher.close();
      resolve();
    });
  });
}

test('a build of the window ends with the app, and leaves nothing half built', async () => {
  for (const folder of ['renderer', 'shared']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'renderer', 'main.tsx'), '');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  const started = writeEndless('node_modules', 'vite', 'bin', 'vite.js');
  const closers = new Closers();
  const building = expect(buildRenderer(root, () => undefined, closers)).rejects.toThrow('could not be built');
  await started;
  await closers.close(null);
  await untilNoProcessWith(root, 0);
  await building;
  expect(readdirSync(join(root, 'out'))).toEqual([]);
});

test('the compiler ends with the app, and Electron is not started after it', async () => {
  const started = writeEndless('node_modules', 'typescript', 'bin', 'tsc');
  const closers = new Closers();
  const options = { dataDir: join(root, 'data'), kubeconfigs: [], demoKubeconfig: null, version: '0.0.0-test' };
  const starting = expect(startElectron(root, '/nowhere/electron', options, closers)).rejects.toThrow(
    'could not be compiled',
  );
  await started;
  await closers.close(null);
  await untilNoProcessWith(root, 0);
  await starting;
});
