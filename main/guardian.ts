/**
 * Starts a program so that it cannot outlive the app, whatever ends the app.
 *
 * A program may ignore the end of its stdin, and a dead app runs no cleanup. So on POSIX a shell starts it and waits for
 * two things: the program's end, and the end of a pipe whose other side only the app holds. The kernel closes that pipe
 * however the app ends, and the shell kills the program. Nothing can fall between: the pipe is there before the program
 * is. On Windows libuv puts every child that is not detached into a job object that the system kills with the app, so
 * the program is started as it is.
 * Decided against: setpriv --pdeathsig (Linux only, and it fires when the starting thread ends), a watchdog in Node
 * (40 MB each), and trusting a sweep at the next start alone, which comes too late.
 */
import { spawn, type ChildProcess } from 'node:child_process';

/** What ends with the app: the program alone, or its process group, which is what it started too. */
export type Guarded = 'program' | 'group';

// Descriptor 3 tells the program's pid; 4 is the pipe whose end means that the app is gone.
const script = (guarded: Guarded) => `
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
program=$!
echo "$program" >&3
exec 3>&-
{ read -r _ <&4; kill -KILL ${guarded === 'group' ? '0' : '"$program"'}; } >/dev/null 2>&1 &
watch=$!
exec 4<&-
wait "$program"
code=$?
kill -KILL "$watch" 2>/dev/null
exit "$code"
`;

/**
 * Starts the program at `path`; its stdin is empty. The child is the shell, which ends as the program does (a signal as
 * 128 and its number), in a process group of its own: Ctrl-C in the terminal is for the app, which then ends it.
 * `stdin` of the child is the guard: its end kills the program. `stdio[3]` tells the program's pid (not on Windows).
 */
export function spawnGuarded(
  path: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  guarded: Guarded,
): ChildProcess {
  if (process.platform === 'win32') {
    return spawn(path, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  }
  const child = spawn('/bin/sh', ['-c', script(guarded), 'sh', path, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // The pipe breaks when the shell goes; that is told by 'exit'.
  child.stdin?.on('error', () => undefined);
  return child;
}
