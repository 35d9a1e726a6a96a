import type { ResultBody } from '../../shared/commands.ts';
import type { LogLine, Table } from '../../shared/commands.ts';
import type { CommandError } from './command-error.ts';

/** What a verb gives: the body a view draws, and kubectl's own text of it, made only where it is asked for. */
export interface Outcome {
  readonly body: ResultBody;
  readonly text: () => string;
  /** Lines for stderr that are no failure. */
  readonly notes: readonly string[];
  readonly exitCode: number;
  /** What failed while the rest was answered. */
  readonly failures: readonly CommandError[];
  /** Goes on after the reply, until it ends or its signal aborts. */
  readonly follow: Follow | null;
}

export type Follow = (emit: (more: More) => void, signal: AbortSignal) => Promise<void>;

/** What a follow or a watch adds. */
export interface More {
  readonly lines: readonly LogLine[];
  readonly tables: readonly Table[];
}

export function textOutcome(text: string, notes: readonly string[] = []): Outcome {
  return outcome({ kind: 'text', text }, () => text, notes);
}

export function outcome(
  body: ResultBody,
  text: () => string,
  notes: readonly string[] = [],
  failures: readonly CommandError[] = [],
): Outcome {
  return { body, text, notes, exitCode: failures.length === 0 ? 0 : 1, failures, follow: null };
}
