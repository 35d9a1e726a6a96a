/**
 * A typed command, understood: which verb, which arguments, which flags. Made by grammar.ts, read by every verb.
 * It holds no cluster and asks none: what a flag means is the verb's business, how it is spelt is decided here.
 */
import type { Word } from './lexer.ts';

/** Values of a flag in the order given; a boolean flag holds 'true' or 'false'. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value given; undefined where the flag was not given. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  is(name: string, unless = false): boolean {
    const value = this.text(name);
    return value === undefined ? unless : value === 'true';
  }

  /** Every value given, split at commas. */
  list(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).flatMap((value) => value.split(','));
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  /** Milliseconds, of Go's notation (`1h30m`). */
  duration(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : (parseDuration(value) ?? undefined);
  }
}

/** One stage after the first `|`. */
export interface PipeStage {
  readonly words: readonly Word[];
}

export interface Invocation {
  readonly line: string;
  /** As in the grammar's table: `get`, `config view`. */
  readonly verb: string;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly pipes: readonly PipeStage[];
  /** `-n`, where it was given. */
  readonly namespace: string | undefined;
  /** `--context`, where it was given. */
  readonly context: string | undefined;
}

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's duration notation in milliseconds; null where it is not one. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitMs[unit ?? 's'] ?? 0);
  }
  return text.startsWith('-') ? -total : total;
}

/** The output format split at its first '=': `jsonpath={.x}` is ['jsonpath', '{.x}']. */
export function outputFormat(flags: Flags): { readonly format: string; readonly argument: string } {
  const output = flags.text('output') ?? '';
  const template = flags.text('template') ?? '';
  const at = output.indexOf('=');
  if (at >= 0) return { format: output.slice(0, at), argument: output.slice(at + 1) };
  if (template !== '') return { format: output === '' ? 'go-template' : output, argument: template };
  return { format: output, argument: '' };
}
