import type { CommandResult, Table } from '../../../shared/commands.ts';
import type { Failure } from '../../../shared/errors.ts';
import type { Events } from './events.ts';
import type { Terminal } from './main.ts';

/** Prints what a command adds after its reply: lines of a log, rows of a watch under the columns printed first. */
export class Following {
  readonly #terminal: Terminal;
  readonly #widths: number[] = [];
  readonly #ended: Promise<Failure | null>;
  #hasHeader = false;

  constructor(events: Events, run: string, terminal: Terminal) {
    this.#terminal = terminal;
    const { promise, resolve } = Promise.withResolvers<Failure | null>();
    this.#ended = promise;
    const off = events.on('commands.output', (output) => {
      if (output.run !== run) return;
      for (const { text } of output.lines) terminal.out(`${text}\n`);
      for (const table of output.tables) this.#table(table);
      if (!output.ended) return;
      off();
      resolve(output.failure);
    });
  }

  async end({ body }: CommandResult): Promise<number> {
    if (body.kind === 'tables') for (const table of body.tables) this.#table(table);
    const failure = await this.#ended;
    if (failure === null) return 0;
    this.#terminal.say(`error: ${failure.message}`);
    return 1;
  }

  #table({ columns, rows }: Table): void {
    const shown = columns.flatMap(({ priority }, at) => (priority === 0 ? [at] : []));
    const lines = rows.map(({ cells }) => shown.map((at) => String(cells[at] ?? '')));
    if (lines.length > 0 && !this.#hasHeader) {
      lines.unshift(shown.map((at) => columns[at]?.name ?? ''));
      this.#hasHeader = true;
    }
    for (const line of lines) {
      line.forEach((cell, at) => (this.#widths[at] = Math.max(this.#widths[at] ?? 6, cell.length + 3)));
    }
    for (const line of lines) {
      const padded = line.map((cell, at) => (at === line.length - 1 ? cell : cell.padEnd(this.#widths[at] ?? 0)));
      this.#terminal.out(`${padded.join('')}\n`);
    }
  }
}
