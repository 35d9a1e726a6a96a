import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { isatty } from 'node:tty';
import { delimiter } from 'node:path';

/** A shell whose start-up files take longer is not waited for. */
const timeoutMs = 3000;
let known: Promise<string> | null = null;

/**
 * PATH as the person's login shell has it, with the app's own behind it: an app that a desktop started does not inherit
 * what the shell's start-up files add. One that was started in a terminal does, and asks nobody. Asked once, and only
 * when a program is looked for.
 */
export function loginPath(): Promise<string> {
  const own = process.env['PATH'] ?? '';
  known ??= inTerminal() ? Promise.resolve(own) : askShell(shellOf(), timeoutMs).then((path) => joinPaths(path, own));
  return known;
}

function inTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

/** PATH of `shell` after its start-up files; '' where it fails, hangs, or says nothing. */
export function askShell(shell: string | null, limitMs: number): Promise<string> {
  if (shell === null || process.platform === 'win32') return Promise.resolve('');
  const mark = randomUUID();
  return new Promise((resolve) => {
    // Start-up files print what they like: only what stands between the marks is the answer.
    const script = `printf %s ${mark} "$PATH" ${mark}`;
    const options = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 256 * 1024, encoding: 'utf8' } as const;
    const child = execFile(shell, ['-l', '-c', script], options, (_error, output) => {
      resolve(output.split(mark)[1] ?? '');
    });
    child.stdin?.end();
  });
}

/** Entries of both, first come first, each once. */
export function joinPaths(...paths: readonly string[]): string {
  return [...new Set(paths.flatMap((path) => path.split(delimiter)).filter((entry) => entry !== ''))].join(delimiter);
}

function shellOf(): string | null {
  if (process.platform === 'win32') return null;
  return userInfo().shell ?? process.env['SHELL'] ?? null;
}
