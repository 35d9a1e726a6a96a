import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Demo {
  /** The same path at every start, so that what is known of these clusters stays with them. Good after `take`. */
  readonly kubeconfig: string;
  /** Puts this cluster's kubeconfig in the place of the last one's. Throws what `assertFree` throws. */
  take(): void;
  close(): Promise<void>;
}

/**
 * Starts the demo cluster, a program of its own that is spoken to like any cluster. It ends with us, however we end:
 * its standard input is a pipe that only we hold. `assertFree` throws where another app has the folder.
 */
export async function startDemo(root: string, dataDir: string, assertFree: (dataDir: string) => void): Promise<Demo> {
  assertFree(dataDir);
  const built = join(root, 'main', 'demo', 'main.js');
  const entry = existsSync(built) ? built : join(root, 'main', 'demo', 'main.ts');
  const kubeconfig = join(dataDir, 'demo', 'kubeconfig');
  mkdirSync(join(dataDir, 'demo'), { recursive: true, mode: 0o700 });
  // Not yet in its place: the cluster of another app that runs with this folder would be lost to it.
  const own = `${kubeconfig}.${String(process.pid)}`;
  const child = spawn(process.execPath, [entry, '--kubeconfig-out', own, '--with-parent'], {
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
    take() {
      assertFree(dataDir);
      renameSync(own, kubeconfig);
    },
    async close() {
      rmSync(own, { force: true });
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(force);
    },
  };
}
