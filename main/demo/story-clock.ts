import type { Clock } from './clock.ts';

/** The longest that a timer of the machine can wait. */
const longestMs = 2 ** 31 - 1;

interface Timer {
  at: number;
  order: number;
  action: () => void;
}

/**
 * A clock that starts in the past and catches up: the demo's story is lived through by the same controllers and kubelet
 * in a few milliseconds, so that ages, restart counts, revisions and events are what they would be.
 *
 * Until `catchUp` time stands at the moment of the timer being run; after it, this is the machine's clock.
 */
export class StoryClock implements Clock {
  readonly #pending: Timer[] = [];
  #order = 0;
  #now: number;
  #isLive = false;

  /** @param start epoch milliseconds at which the story begins. */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#isLive ? Date.now() : this.#now;
  }

  after(ms: number, action: () => void): () => void {
    if (this.#isLive) {
      const handle = setTimeout(action, Math.min(ms, longestMs)).unref();
      return () => {
        clearTimeout(handle);
      };
    }
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: ++this.#order, action };
    insert(this.#pending, timer);
    return () => {
      const index = this.#pending.indexOf(timer);
      if (index >= 0) this.#pending.splice(index, 1);
    };
  }

  /** Runs what is due until `at`, in order. What is due later stays pending. */
  advanceTo(at: number): void {
    for (let next = this.#pending[0]; next && next.at <= at; next = this.#pending[0]) {
      this.#pending.shift();
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = Math.max(this.#now, at);
  }

  /** Runs everything that is due by now and goes on with the machine's clock. */
  catchUp(): void {
    for (let target = Date.now(); this.#now < target; target = Date.now()) this.advanceTo(target);
    this.#isLive = true;
    for (const { at, action } of this.#pending.splice(0)) this.after(at - Date.now(), action);
  }
}

/** Keeps the list sorted by time, then by the order of asking. */
function insert(timers: Timer[], timer: Timer): void {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = timers[middle];
    if (other && (other.at < timer.at || (other.at === timer.at && other.order < timer.order))) low = middle + 1;
    else high = middle;
  }
  timers.splice(low, 0, timer);
}
