import type { Clock } from '../clock.ts';

/** Nothing waits longer: reconciling early is harmless, and a timer cannot count beyond 24 days. */
const longestMs = 24 * 60 * 60 * 1000;

/**
 * A controller's work queue: keys to look at again, each once, soon after something changed. A reconcile that throws is
 * tried again after five seconds, as a real controller would, so that one odd object cannot end the program.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #reconcile: (key: string) => void;
  readonly #due = new Map<string, { at: number; cancel: () => void }>();
  #isClosed = false;

  constructor(clock: Clock, reconcile: (key: string) => void) {
    this.#clock = clock;
    this.#reconcile = reconcile;
  }

  /** Asks for `key` after `wantedMs`, or earlier where that was asked before. */
  add(key: string, wantedMs = 5): void {
    if (this.#isClosed) return;
    const delayMs = Math.min(wantedMs, longestMs);
    const at = this.#clock.now() + delayMs;
    const waiting = this.#due.get(key);
    if (waiting && waiting.at <= at) return;
    waiting?.cancel();
    const cancel = this.#clock.after(delayMs, () => {
      this.#due.delete(key);
      if (!this.#isClosed) this.#run(key);
    });
    this.#due.set(key, { at, cancel });
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#due.values()) cancel();
    this.#due.clear();
  }

  #run(key: string): void {
    try {
      this.#reconcile(key);
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`demo: reconciling ${key} failed, next try in 5 s: ${why}\n`);
      this.add(key, 5000);
    }
  }
}
