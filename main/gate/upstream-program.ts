import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import { spawnGuarded } from '../guardian.ts';

export interface ProgramLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

export type ProgramResult =
  | { readonly kind: 'printed'; readonly output: string }
  | { readonly kind: 'failed'; readonly how: string; readonly said: string }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'too-much' };

/**
 * Runs a program in a process group of its own, so that what it started is stopped with it; where the app is killed, the
 * guardian stops it. Never throws but on abort.
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  limits: ProgramLimits,
  signal: AbortSignal,
): Promise<ProgramResult> {
  signal.throwIfAborted();
  // The system passes no argument or variable with a NUL in it; node throws for one.
  if ([...args, ...Object.entries(env).flat()].some((value) => value?.includes('\0') === true)) {
    return { kind: 'failed', how: 'an error: a NUL among its arguments or variables', said: '' };
  }
  return new Promise((resolve, reject) => {
    // Where the app was started says nothing about the program; a home that is not there would fail it.
    const cwd = existsSync(homedir()) ? homedir() : '/';
    const child = spawnGuarded(path, args, { env, cwd }, 'group');
    // Nobody asks for the pid: the whole group is stopped.
    (child.stdio[3] as Readable | null | undefined)?.resume();
    let output = '';
    let said = '';
    const stop = (result: ProgramResult | Error) => {
      stopGroup(child.pid, () => child.kill('SIGKILL'));
      end(result);
    };
    const end = (result: ProgramResult | Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.stdin?.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const abort = () => stop(signal.reason as Error);
    const timer = setTimeout(() => stop({ kind: 'too-slow' }), limits.timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > limits.outputBytes) stop({ kind: 'too-much' });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    child.on('error', (error) => end({ kind: 'failed', how: `an error: ${error.message}`, said: '' }));
    child.on('close', (code, killedBy) => {
      if (code === 0) end({ kind: 'printed', output });
      else
        end({
          kind: 'failed',
          how: code === null ? `signal ${killedBy ?? ''}` : `exit code ${code}`,
          said,
        });
    });
  });
}

function stopGroup(pid: number | undefined, otherwise: () => void): void {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') otherwise();
    else process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The group is gone already, which is what is wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
