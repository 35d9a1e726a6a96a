import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import type { Connection } from './connection.ts';

/** Waits before the next start, by the number of failures in a row; the last one stays. */
const backoffMs = [0, 100, 300, 1000, 3000, 10_000] as const;
/** Servers that do start are worth starting each second, however often they die. */
const crashesAtMost = backoffMs.indexOf(1000);
/** So that the first call has the machine to itself; short enough to take over in time. */
const standbyAfterMs = 200;
/** A caller waits this long for the next start; longer, it is told why. */
const patienceMs = 1_000;
/** A server that lived this long had started well. */
const healthyAfterMs = 5_000;

type Slot = Promise<Connection>;

/**
 * The servers of one list form: one that answers, and one that waits, started and with its session open, to take its
 * place when it dies. Nothing runs before the first use; from then on both are kept up, with growing pauses while
 * starts fail.
 */
export class ServerPool {
  readonly #open: (signal: AbortSignal) => Promise<Connection>;
  readonly #closing = new AbortController();
  readonly #ready = new WeakSet<Slot>();
  #active: Slot | null = null;
  #standby: Slot | null = null;
  #failures = 0;
  #nextStartAt = 0;
  #lastFailure: unknown = null;

  /** `open` starts a server and opens its session; where it fails or is aborted it ends what it started. */
  constructor(open: (signal: AbortSignal) => Promise<Connection>) {
    this.#open = open;
  }

  /** The connection to use now. Throws AppError 'mcp.server-not-running' while starts keep failing. */
  connection(): Promise<Connection> {
    if (this.#active !== null && this.#ready.has(this.#active)) return this.#active;
    const waitMs = this.#nextStartAt - Date.now();
    if (this.#closing.signal.aborted || waitMs > patienceMs) return Promise.reject(this.#notRunning(waitMs));
    this.#active ??= this.#start();
    return this.#active;
  }

  /** What is there now, without starting anything. */
  get running(): { readonly active: Slot | null; readonly standby: Slot | null } {
    return { active: this.#active, standby: this.#standby };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const slots = [this.#active, this.#standby];
    this.#active = null;
    this.#standby = null;
    await Promise.all(
      slots.map((slot) =>
        slot?.then(
          (connection) => connection.server.close(),
          () => undefined,
        ),
      ),
    );
  }

  #start(afterMs = 0): Slot {
    const waitMs = Math.max(afterMs, this.#nextStartAt - Date.now());
    const { signal } = this.#closing;
    const slot = delay(waitMs, undefined, { signal }).then(() => this.#open(signal));
    slot.then(
      async ({ server }) => {
        this.#ready.add(slot);
        this.#keepUp();
        await server.exited;
        const livedMs = Date.now() - server.startedAt;
        this.#gone(slot, livedMs < healthyAfterMs ? new Error(server.lastLines().at(-1)) : null);
      },
      (error: unknown) => this.#gone(slot, error),
    );
    return slot;
  }

  /** A slot ended, or never began. `failure`: it counts against the next start. */
  #gone(slot: Slot, failure: unknown): void {
    if (this.#closing.signal.aborted) return;
    const most = this.#ready.has(slot) ? crashesAtMost : Infinity;
    this.#failures = failure === null ? 0 : Math.min(this.#failures + 1, most);
    this.#lastFailure = failure;
    this.#nextStartAt = Date.now() + (backoffMs[Math.min(this.#failures, backoffMs.length - 1)] ?? 0);
    if (this.#standby === slot) this.#standby = null;
    if (this.#active === slot) {
      this.#active = this.#standby;
      this.#standby = null;
    }
    this.#keepUp();
  }

  #keepUp(): void {
    if (this.#closing.signal.aborted) return;
    this.#active ??= this.#start();
    this.#standby ??= this.#start(standbyAfterMs);
  }

  #notRunning(waitMs: number): AppError {
    const cause = this.#lastFailure instanceof Error ? this.#lastFailure.message : 'The app is closing.';
    return new AppError(
      {
        code: 'mcp.server-not-running',
        message: `kubernetes-mcp-server does not run. ${cause}`,
        remedy: 'Wait for the next start, or run the self-check.',
        retryAfterMs: Math.max(0, waitMs),
      },
      { cause: this.#lastFailure },
    );
  }
}
