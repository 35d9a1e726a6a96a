/**
 * Starts the server so that it cannot outlive the app, whatever ends the app.
 *
 * The server ignores the end of its stdin and has no option for this, and a dead app runs no cleanup. So on POSIX a shell
 * starts it and waits for two things: the server's end, and the end of a pipe whose other side only the app holds.
 * The kernel closes that pipe however the app ends, and the shell kills the server. Nothing can fall between: the
 * pipe is there before the server is. On Windows libuv puts every child that is not detached into a job object that
 * the system kills with the app, so the server is started as it is.
 * Decided against: setpriv --pdeathsig (Linux only, and it fires when the starting thread ends), a watchdog in Node
 * (40 MB each), and trusting the sweep at the next start alone (see runtime-dir.ts), which comes too late.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { AppError } from '../../shared/errors.ts';

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

// Descriptor 3 tells the server's pid; 4 is the pipe whose end means that the app is gone.
const script = `
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
server=$!
echo "$server" >&3
exec 3>&-
{ read -r _ <&4; kill -KILL "$server"; } 2>/dev/null &
watch=$!
exec 4<&-
wait "$server"
code=$?
kill -KILL "$watch" 2>/dev/null
exit "$code"
`;

/** Throws AppError 'mcp.server-not-running' where the system does not start it. */
export async function startGuarded(
  binary: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<GuardedProcess> {
  const lines: string[] = [];
  const child =
    process.platform === 'win32'
      ? spawn(binary, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
      : spawn('/bin/sh', ['-c', script, 'sh', binary, ...args], {
          cwd,
          env: environment,
          stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
          // A session of its own: Ctrl-C in the terminal is for the app, which then ends the server.
          detached: true,
        });
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
  keepLines(child.stdout, lines);
  keepLines(child.stderr, lines);
  // The pipe breaks when the shell goes; that is told by 'exit'.
  child.stdin?.on('error', () => undefined);
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
