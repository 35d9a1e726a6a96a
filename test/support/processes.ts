import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Pids of every process of this machine whose command line contains `text`; this process aside. */
export async function processesWith(text: string): Promise<number[]> {
  const lines = process.platform === 'linux' ? await fromProc() : await fromPs();
  return lines.filter(([pid, command]) => pid !== process.pid && command.includes(text)).map(([pid]) => pid);
}

/** Waits until no process has `text` in its command line; throws with those that still do after `timeoutMs`. */
export async function untilNoProcessWith(text: string, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const left = await processesWith(text);
    if (left.length === 0) return;
    if (Date.now() > until) throw new Error(`still running: ${left.join(', ')}`);
    await delay(20);
  }
}

async function fromProc(): Promise<[number, string][]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may end between the listing and the reading.
  const read = pids.map(async (pid): Promise<[number, string]> => [
    Number(pid),
    await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  ]);
  return Promise.all(read);
}

async function fromPs(): Promise<[number, string][]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,args=']);
  return stdout.split('\n').map((line) => [Number.parseInt(line, 10), line]);
}
