import type { Log } from './log.ts';

/** What has to be closed, in the order it was opened. Each is closed, in reverse, even if another threw. */
export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => unknown }[] = [];
  #closing: Promise<void> | null = null;

  add(name: string, close: () => unknown): void {
    this.#closers.push({ name, close });
  }

  /** Idempotent. What a closer throws is logged under its name. */
  close(log: Log | null): Promise<void> {
    this.#closing ??= this.#closeAll(log);
    return this.#closing;
  }

  async #closeAll(log: Log | null): Promise<void> {
    for (const { name, close } of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        log?.error(`closing ${name} failed`, error);
      }
    }
  }
}
