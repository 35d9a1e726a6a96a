/** Interactive calls go before polling, and polling never takes all places. */
export type Priority = 'interactive' | 'polling';

const most: Record<Priority, number> = { interactive: 24, polling: 4 };

interface Waiting {
  readonly priority: Priority;
  readonly start: () => void;
}

/** How many requests one cluster answers at a time. Watches and follows give their place back when they begin. */
export class Places {
  #taken = 0;
  #polling = 0;
  readonly #queue: Waiting[] = [];

  /** Resolves with the function that gives the place back (idempotent). Rejects with the signal's reason. */
  async take(priority: Priority, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#hasRoom(priority)) await this.#wait(priority, signal);
    else this.#enter(priority);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      if (priority === 'polling') this.#polling -= 1;
      this.#admit();
    };
  }

  async #wait(priority: Priority, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        const index = this.#queue.indexOf(waiting);
        if (index >= 0) this.#queue.splice(index, 1);
        reject(signal?.reason as Error);
      };
      const start = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { priority, start };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  #admit(): void {
    for (const priority of ['interactive', 'polling'] as const) {
      for (;;) {
        const index = this.#hasRoom(priority) ? this.#queue.findIndex((one) => one.priority === priority) : -1;
        if (index < 0) break;
        const [next] = this.#queue.splice(index, 1);
        this.#enter(priority);
        next?.start();
      }
    }
  }

  #hasRoom(priority: Priority): boolean {
    return this.#taken < most.interactive && (priority === 'interactive' || this.#polling < most.polling);
  }

  #enter(priority: Priority): void {
    this.#taken += 1;
    if (priority === 'polling') this.#polling += 1;
  }
}
