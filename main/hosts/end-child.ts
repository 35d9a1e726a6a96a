import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a child, by force where it takes longer than `patienceMs`; resolves when it is gone, at once where it was. */
export async function endChild(child: ChildProcess, patienceMs = 2000): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(force);
}
