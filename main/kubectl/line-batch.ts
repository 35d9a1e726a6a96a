import type { LogLine } from '../../shared/commands.ts';

/**
 * Followed lines, given on together: a busy container says thousands a second, and each event is drawn. Lines of several
 * sources stay in the order they came in.
 */
export class LineBatch {
  readonly #give: (lines: readonly LogLine[]) => void;
  readonly #waitMs: number;
  #lines: LogLine[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param waitMs how long the first line waits for others */
  constructor(give: (lines: readonly LogLine[]) => void, waitMs = 50) {
    this.#give = give;
    this.#waitMs = waitMs;
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    this.#timer ??= setTimeout(() => this.flush(), this.#waitMs);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.#give(lines);
  }
}
