/**
 * Whether one cluster may be asked now. After `failuresToOpen` connection failures in a row (one, if it cost a timeout)
 * requests fail at once; after a pause one request probes, and its outcome decides.
 */
export class Circuit {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #pauseMs = firstPauseMs;
  #probing = false;
  #because = '';

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As check, but takes nothing: for one who still waits for a place. */
  peek(): { readonly because: string; readonly retryAfterMs: number } | null {
    const wait = this.#openUntil - this.#now();
    return this.#openUntil === 0 || wait <= 0 ? null : { because: this.#because, retryAfterMs: Math.ceil(wait) };
  }

  /** Null: ask, and tell what came of it. Otherwise why not, and for how long. */
  check(): { readonly because: string; readonly retryAfterMs: number } | null {
    if (this.#openUntil === 0) return null;
    const wait = this.#openUntil - this.#now();
    if (wait <= 0 && !this.#probing) {
      this.#probing = true;
      return null;
    }
    return { because: this.#because, retryAfterMs: Math.max(Math.ceil(wait), 100) };
  }

  /** It answered, whatever it said. */
  succeeded(): void {
    this.close();
  }

  /** It could not be reached. `costly`: finding that out took a timeout. */
  failed(because: string, costly: boolean): void {
    this.#failures += 1;
    this.#because = because;
    if (this.#openUntil === 0 && !costly && this.#failures < failuresToOpen) return;
    if (this.#openUntil !== 0 && !this.#probing) return;
    this.#pauseMs = this.#probing ? Math.min(this.#pauseMs * 2, longestPauseMs) : firstPauseMs;
    this.#openUntil = this.#now() + this.#pauseMs;
    this.#probing = false;
  }

  /** The request that would have told was given up before it did. */
  abandoned(): void {
    this.#probing = false;
  }

  close(): void {
    this.#failures = 0;
    this.#openUntil = 0;
    this.#pauseMs = firstPauseMs;
    this.#probing = false;
  }
}

const failuresToOpen = 3;
const firstPauseMs = 1000;
const longestPauseMs = 20_000;
