import type { LogLine } from '../../shared/commands.ts';

/** Indices of the lines that hold the words, in any case. */
export function findInLog(lines: readonly LogLine[], words: string): number[] {
  if (words === '') return [];
  const sought = words.toLowerCase();
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(sought) ? [index] : []));
}

/** The text cut at each match: even parts are plain, odd ones matches. */
export function splitMatches(text: string, words: string): string[] {
  if (words === '') return [text];
  const parts: string[] = [];
  const lower = text.toLowerCase();
  const sought = words.toLowerCase();
  let at = 0;
  for (let next = lower.indexOf(sought); next !== -1; next = lower.indexOf(sought, at)) {
    parts.push(text.slice(at, next), text.slice(next, next + words.length));
    at = next + words.length;
  }
  return [...parts, text.slice(at)];
}

const worst =
  /"level":\s*"(?:error|fatal|panic)"|\blevel=(?:error|fatal|panic)\b|^[EF]\d{4} |\b(?:ERROR|FATAL|PANIC|CRITICAL)\b|^panic:/;
const bad = /"level":\s*"warn(?:ing)?"|\blevel=warn(?:ing)?\b|^W\d{4} |\bWARN(?:ING)?\b/;

/** The level a line says of itself, where it says one worth marking. */
export function levelOf(text: string): 'error' | 'warn' | null {
  if (worst.test(text)) return 'error';
  return bad.test(text) ? 'warn' : null;
}
