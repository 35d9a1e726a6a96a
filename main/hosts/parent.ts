import { readFileSync } from 'node:fs';

/**
 * Calls `onGone` once when whoever started this process is gone: npm, killed by itself, tells nobody below. Where npm put
 * a shell between, which may outlive it, npm itself is watched too (Linux only). Looked at twice a second, for no event
 * says it. On Windows a parent's id stays, so nothing is done.
 */
export function watchParent(onGone: () => void): void {
  if (process.platform === 'win32') return;
  const first = elders();
  const timer = setInterval(() => {
    if (elders() === first) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}

/** The parent's pid, and that of its parent where the parent is npm's shell. */
function elders(): string {
  const parent = String(process.ppid);
  if (process.env['npm_lifecycle_event'] === undefined || process.platform !== 'linux') return parent;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const [, name = '', above = ''] = /\((.*)\) \S (\d+)/.exec(stat) ?? [];
    return /^(?:sh|dash|bash)$/.test(name) ? `${parent} ${above}` : parent;
  } catch {
    return parent;
  }
}
