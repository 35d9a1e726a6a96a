import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Demo {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/**
 * Starts the demo cluster, a program of its own that is spoken to like any cluster. It ends with us, however we end:
 * its standard input is a pipe that only we hold.
 */
export async function startDemo(root: string, dataDir: string): Promise<Demo> {
  const built = join(root, 'main', 'demo', 'main.js');
  const entry = existsSync(built) ? built : join(root, 'main', 'demo', 'main.ts');
  const kubeconfig = join(dataDir, 'demo', 'kubeconfig');
  mkdirSync(join(dataDir, 'demo'), { recursive: true, mode: 0o700 });
  const child = spawn(process.execPath, [entry, '--kubeconfig-out', kubeconfig, '--with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => {
    complaint = (complaint + part.toString()).slice(-2000);
  });
  const ended = once(child, 'exit');
  const ready = Promise.withResolvers<undefined>();
  createInterface(child.stdout).once('line', () => ready.resolve(undefined));
  child.once('error', ready.reject);
  child.once('exit', () => ready.reject(new Error(`The demo cluster could not be started.\n${complaint}`)));
  await ready.promise;
  return {
    kubeconfig,
    async close() {
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(force);
    },
  };
}
