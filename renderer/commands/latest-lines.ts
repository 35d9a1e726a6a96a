import type { LogLine } from '../../shared/commands.ts';

/** Lines kept of a log; the oldest go first. */
export const linesKept = 20_000;

export interface LatestLines {
  readonly lines: readonly LogLine[];
  /** How many older ones are not kept any more. */
  readonly leftOut: number;
}

export function addLines({ lines, leftOut }: LatestLines, news: readonly LogLine[], kept = linesKept): LatestLines {
  const all = [...lines, ...news];
  const over = Math.max(0, all.length - kept);
  return { lines: over === 0 ? all : all.slice(over), leftOut: leftOut + over };
}

/** What came with the reply, then what was added since, without a hole between them. */
export function wholeLog(first: readonly LogLine[], added: LatestLines, kept = linesKept): LatestLines {
  if (added.leftOut > 0) return { lines: added.lines, leftOut: added.leftOut + first.length };
  return addLines({ lines: first, leftOut: 0 }, added.lines, kept);
}
