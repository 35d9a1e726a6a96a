import { create } from 'zustand';
import type { CommandResult, Table } from '../../shared/commands.ts';
import type { EventOf } from '../../shared/contract.ts';
import type { Failure } from '../../shared/errors.ts';
import { failureOf, onEvent, request } from '../api.ts';
import { addLines, type LatestLines } from './latest-lines.ts';
import { mergeTables } from './merge-tables.ts';

/*
 * Commands from Enter until their last output: progress, result, followed lines, watched rows.
 *
 * Promises: the run's id is made here, before anything is asked, so that no event can come before its run is known and a
 * cancel can be sent before the reply; a cancelled run stays cancelled when its answer comes late.
 * Never: reads a result's text to find out what it is: the result says its kind.
 */

/** A command from Enter until its last output. `result` null: no answer yet. */
export interface Run {
  readonly id: string;
  readonly line: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
  /** Where it is kept. */
  readonly conversation: string | null;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly progress: string | null;
  readonly result: CommandResult | null;
  /** The request itself failed: no result came. */
  readonly failure: Failure | null;
  readonly cancelled: boolean;
  /** What a follow or watch has added since. */
  readonly added: LatestLines;
  readonly tables: readonly Table[];
  readonly following: boolean;
  /** Its last output came, perhaps before the reply, or a person stopped it: nothing after that makes it live again. */
  readonly ended: boolean;
}

interface Commands {
  readonly runs: Readonly<Record<string, Run>>;
}

export const useCommands = create<Commands>(() => ({ runs: {} }));

function update(id: string, change: (run: Run) => Partial<Run>): void {
  useCommands.setState(({ runs }) => {
    const run = runs[id];
    return run === undefined ? {} : { runs: { ...runs, [id]: { ...run, ...change(run) } } };
  });
}

export interface Asked {
  readonly line: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly conversation: string | null;
}

/** Runs a line; resolves when its reply is there, whatever it says. */
export async function runCommand(run: string, asked: Asked): Promise<Run | undefined> {
  const begun: Run = {
    id: run,
    line: asked.line,
    cluster: asked.cluster,
    namespace: asked.namespace,
    conversation: asked.conversation,
    startedAt: Date.now(),
    progress: null,
    result: null,
    failure: null,
    cancelled: false,
    added: { lines: [], leftOut: 0 },
    tables: [],
    following: false,
    ended: false,
  };
  useCommands.setState(({ runs }) => ({ runs: { ...runs, [run]: begun } }));
  try {
    const result = await request('commands.run', { run, ...asked, form: 'view' });
    update(run, ({ cancelled, ended }) => (cancelled ? {} : { result, following: result.following && !ended }));
  } catch (error) {
    update(run, ({ cancelled }) => (cancelled ? {} : { failure: failureOf(error) }));
  }
  return useCommands.getState().runs[run];
}

/** Ends a run, or its following. */
export async function cancelCommand(run: string): Promise<void> {
  update(run, ({ result }) => ({ cancelled: result === null, following: false, ended: true }));
  try {
    await request('commands.cancel', { run });
  } catch (error) {
    update(run, () => ({ failure: failureOf(error) }));
  }
}

export const isRunning = (run: Run): boolean => run.result === null && run.failure === null && !run.cancelled;

type Output = EventOf<'commands.output'>;

/** Outputs that came since the last drawing: a log may say thousands of things a second. */
let news: Output[] = [];
const drawEveryMs = 32;

function take(): void {
  const came = Map.groupBy(news, ({ run }) => run);
  news = [];
  for (const [run, outputs] of came) {
    update(run, (known) => {
      const ended = known.ended || outputs.some((output) => output.ended);
      const failure = outputs.find((output) => output.failure !== null)?.failure ?? null;
      const lines = outputs.flatMap((output) => output.lines);
      const tables = outputs.flatMap((output) => output.tables);
      return {
        ...(lines.length > 0 && { added: addLines(known.added, lines) }),
        tables: mergeTables(known.tables, tables),
        ended,
        following: !ended && known.result?.following === true,
        ...(failure !== null && { failure }),
      };
    });
  }
}

export function followCommands(): void {
  onEvent('commands.progress', ({ run, text }) => update(run, () => ({ progress: text })));
  onEvent('commands.output', (output) => {
    // A timer, not a frame: a window out of sight draws no frames, and its logs grow all the same.
    if (news.length === 0) setTimeout(take, drawEveryMs);
    news.push(output);
  });
}
