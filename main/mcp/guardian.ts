/**
 * One server under the guard of main/guardian.ts: its pid, its last lines, its end.
 *
 * The sweep at the next start (runtime-dir.ts) is for the one case that the guard does not cover: its shell was killed too.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { spawnGuarded } from '../guardian.ts';

/** A running server, and the only handle on it. */
export interface GuardedProcess {
  /** Of the server itself, not of the shell. */
  readonly pid: number;
  /** Settles when the server has ended; null where a signal ended the shell. Never rejects. */
  readonly exited: Promise<number | null>;
  /** The last lines it wrote, oldest first. */
  lastLines(): readonly string[];
  kill(): void;
}

/** Throws AppError 'mcp.server-not-running' where the system does not start it. */
export async function startGuarded(
  binary: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<GuardedProcess> {
  const lines: string[] = [];
  const child = spawnGuarded(binary, args, { cwd, env: environment }, 'program');
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
  keepLines(child.stdout, lines);
  keepLines(child.stderr, lines);
  const pid = process.platform === 'win32' ? child.pid : await toldPid(child, exited);
  if (pid === undefined) {
    throw new AppError({
      code: 'mcp.server-not-running',
      message: 'The system did not start kubernetes-mcp-server.',
      remedy: 'Check that the installed binary may be run and that the machine has memory left.',
    });
  }
  const kill = () => {
    // Only while the shell lives does the pid surely belong to the server.
    if (child.exitCode === null && child.signalCode === null) signal(pid);
    child.stdin?.destroy();
  };
  const letGo = () => {
    child.stdin?.destroy();
    // A shell that was killed has left the server behind.
    if (child.signalCode !== null) signal(pid);
  };
  exited.then(letGo, letGo);
  return { pid, exited, lastLines: () => [...lines], kill };
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function toldPid(child: ChildProcess, exited: Promise<unknown>): Promise<number | undefined> {
  const pipe = child.stdio[3] as Readable;
  const first = await Promise.race([once(pipe, 'data') as Promise<[Buffer]>, exited.then(() => null)]);
  pipe.destroy();
  const pid = first === null ? Number.NaN : Number.parseInt(first[0].toString('utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function keepLines(stream: Readable | null, lines: string[]): void {
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
    lines.splice(0, Math.max(0, lines.length - 50));
  });
}
