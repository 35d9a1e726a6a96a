import type { Runtime } from './container.ts';

/** The longest that a container or an image is waited for. */
export const longestBackOffMs = 300_000;
/** A run this long earns a restart without back-off. */
const forgivenAfterMs = 600_000;

/** How long a container that ran `ranMs` waits for its next start: 0, 10 s, 20 s, … 5 minutes. Kept in the runtime. */
export function nextBackOff(runtime: Pick<Runtime, 'restarts' | 'backOffMs'>, ranMs: number): number {
  const isFirst = runtime.restarts === 0 && runtime.backOffMs === 0;
  const isForgiven = ranMs >= forgivenAfterMs;
  runtime.backOffMs = isFirst || isForgiven ? 0 : Math.min(Math.max(10_000, runtime.backOffMs * 2), longestBackOffMs);
  return runtime.backOffMs;
}

/** As Go prints a duration of whole seconds: `10s`, `2m40s`, `5m0s`. */
export function backOffText(ms: number): string {
  const seconds = ms / 1000;
  return seconds >= 60 ? `${String(Math.floor(seconds / 60))}m${String(seconds % 60)}s` : `${String(seconds)}s`;
}
