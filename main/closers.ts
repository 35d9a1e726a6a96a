import type { Log } from './log.ts';

/** What has to be closed, in the order it was opened. Each is closed, in reverse, even if another threw. */
export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => unknown }[] = [];
  #closing: Promise<void> | null = null;
  #current: string | null = null;

  add(name: string, close: () => unknown): void {
    this.#closers.push({ name, close });
  }

  /**
   * As `close`, for at most so many milliseconds. The name of what is still closing then, which is logged; null where
   * everything closed.
   */
  async closeWithin(ms: number, log: Log | null): Promise<string | null> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), ms);
    const outcome = await Promise.race([this.close(log), late]);
    clearTimeout(timer);
    if (outcome !== 'late') return null;
    log?.warn(`${this.#current ?? 'something'} did not close within ${String(ms / 1000)} s`);
    return this.#current;
  }

  /** Idempotent. What a closer throws is logged under its name. */
  close(log: Log | null): Promise<void> {
    this.#closing ??= this.#closeAll(log);
    return this.#closing;
  }

  async #closeAll(log: Log | null): Promise<void> {
    for (const { name, close } of this.#closers.reverse()) {
      this.#current = name;
      try {
        await close();
      } catch (error) {
        log?.error(`closing ${name} failed`, error);
      }
    }
  }
}
