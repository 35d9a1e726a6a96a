/**
 * What runs in the demo's containers. A program is a description, not a process: the lines it writes and the resources
 * it uses are functions of time, so that logs and 24 hours of metrics cost nothing until someone asks for them.
 */

/** How a program ends by itself. */
export interface Ending {
  /** After its start, in milliseconds. */
  afterMs: number;
  exitCode: number;
  reason: 'Completed' | 'Error' | 'OOMKilled';
  /** Its last lines. */
  lines: string[];
}

/** What a container uses at one moment. */
export interface Usage {
  cpuMillicores: number;
  memoryBytes: number;
}

export interface Program {
  /** Lines at the start: milliseconds after it, and the text. */
  opening: [number, string][];
  /** A line every so often after the opening. `n` counts from 0, `at` is epoch milliseconds. */
  steady?: { everyMs: number; line: (n: number, at: number) => string };
  ending?: Ending;
  /** When its readiness probe first succeeds, after the start; null for never. */
  readyAfterMs: number | null;
  /** How long it takes to stop when asked to. */
  stopMs: number;
  usage: (at: number, startedAt: number) => Usage;
  /** Files that `cat` and `ls` find, besides those that every container has. */
  files?: Record<string, string>;
}

/** A container about to be started, with what the kubelet resolved for it. */
export interface Launch {
  image: string;
  command: string[] | undefined;
  args: string[] | undefined;
  env: Record<string, string>;
  /** Bytes, Infinity where there is no limit. */
  memoryLimitBytes: number;
  cpuRequestMillicores: number;
  memoryRequestBytes: number;
  /** Pod uid and container name: what its noise is made of. */
  seed: string;
  podName: string;
}

/** One line of a log. `at`: epoch milliseconds. */
export interface LogLine {
  at: number;
  text: string;
}

const mostLines = 5000;

/** What a program has written between its start and `until` (epoch ms), the last 5,000 lines, oldest first. */
export function linesOf(program: Program, startedAt: number, until: number, endedAt?: number): LogLine[] {
  const end = Math.min(until, endedAt ?? Infinity);
  const lines: LogLine[] = [];
  const add = (at: number, text: string): void => {
    if (at <= end) lines.push({ at, text });
  };
  for (const [afterMs, text] of program.opening) add(startedAt + afterMs, text);
  if (program.steady) {
    const { everyMs, line } = program.steady;
    const from = startedAt + (program.opening.at(-1)?.[0] ?? 0);
    const stop = Math.min(end, startedAt + (program.ending?.afterMs ?? Infinity));
    const count = Math.max(0, Math.floor((stop - from) / everyMs));
    for (let n = Math.max(0, count - mostLines); n < count; n += 1) {
      const at = from + (n + 1) * everyMs;
      add(at, line(n, at));
    }
  }
  if (program.ending) for (const text of program.ending.lines) add(startedAt + program.ending.afterMs, text);
  return lines.slice(-mostLines);
}
