/**
 * Splits a typed line into words as a shell would, and into the stages of its pipes. Nothing is expanded and nothing is
 * run: whatever would need a shell (`;`, `&&`, `$(...)`, redirects, globs) is refused with the reason, so a line never
 * means something else here than what was read.
 * Promises: every word knows where it stands in the line; `scan` never throws, so a half-typed line can be completed.
 */
import { invalid, type CommandError } from './command-error.ts';

export interface Word {
  readonly text: string;
  /** Offsets in the line, quotes included. */
  readonly from: number;
  readonly to: number;
}

/** The line as far as it goes. */
export interface Scan {
  /** One list of words per stage of the pipe. */
  readonly stages: readonly (readonly Word[])[];
  /** Why the line cannot be run. */
  readonly problem: { readonly text: string; readonly remedy: string; readonly at: number } | null;
  /** The quote that is still open at the end. */
  readonly open: '"' | "'" | null;
}

/** Throws AppError 'command.invalid' for shell syntax and for an open quote. */
export function lex(line: string): readonly (readonly Word[])[] {
  const { stages, problem, open } = scan(line);
  if (problem !== null) throw refused(problem);
  if (open !== null) throw invalid(`the quote ${open} is not closed`, `Add the closing ${open}.`);
  return stages;
}

function refused(problem: { text: string; remedy: string }): CommandError {
  return invalid(problem.text, problem.remedy);
}

const operators: readonly [RegExp, string, string][] = [
  [/^\|\|/, "'||' is shell syntax, and no shell runs here", 'Run the commands one after the other.'],
  [/^\|&/, "'|&' is shell syntax, and no shell runs here", "Use '|' to filter the output."],
  [/^&&/, "'&&' is shell syntax, and no shell runs here", 'Run the commands one after the other.'],
  [/^&/, "'&' is shell syntax, and no shell runs here", 'Leave it out: a command can be cancelled while it runs.'],
  [/^;/, "';' is shell syntax, and no shell runs here", 'Run the commands one after the other.'],
  [/^\n/, 'the line holds several commands', 'Run the commands one after the other.'],
  [
    /^(>>?|<)/,
    'redirects are shell syntax, and no shell runs here',
    'Copy the result, or give the value in the command.',
  ],
  [/^[()]/, 'parentheses are shell syntax, and no shell runs here', 'Put the word in single quotes.'],
];
const substitution: readonly [RegExp, string, string][] = [
  [/^`/, 'backticks run a command in a shell, and no shell runs here', 'Run that command first and give its result.'],
  [
    /^\$\(/,
    "'$(...)' runs a command in a shell, and no shell runs here",
    'Run that command first and give its result.',
  ],
  [
    /^\$(\{|\w)/,
    'variables are not expanded: no shell runs here',
    'Give the value itself, or put the word in single quotes.',
  ],
];

/** Reads a line without judging it. */
export function scan(line: string): Scan {
  const stages: Word[][] = [[]];
  let problem: Scan['problem'] = null;
  let open: Scan['open'] = null;
  let at = 0;
  const refuse = (text: string, remedy: string): void => {
    problem ??= { text, remedy, at };
  };
  const check = (rules: readonly [RegExp, string, string][]): boolean => {
    const rest = line.slice(at, at + 2);
    const rule = rules.find(([pattern]) => pattern.test(rest));
    if (rule !== undefined) refuse(rule[1], rule[2]);
    return rule !== undefined;
  };

  while (at < line.length) {
    const here = line[at] ?? '';
    if (/[ \t\r]/.test(here) || (here === '\n' && line.slice(at).trim() === '')) {
      at += 1;
      continue;
    }
    if (here === '\\' && line[at + 1] === '\n') {
      at += 2;
      continue;
    }
    if (here === '#') {
      refuse('a comment is shell syntax, and no shell runs here', 'Leave it out, or put the word in single quotes.');
    }
    if (check(operators)) {
      at += 1;
      continue;
    }
    if (here === '|') {
      stages.push([]);
      at += 1;
      continue;
    }
    const from = at;
    let text = '';
    let globs = false;
    let braces = 0;
    while (at < line.length) {
      const char = line[at] ?? '';
      if (/[\s|;&<>()]/.test(char)) break;
      if (char === "'" || char === '"') {
        const quoted = readQuoted(line, at, char);
        if (quoted.shell !== null) judgeQuoted(quoted.shell);
        text += quoted.text;
        at = quoted.to;
        if (!quoted.closed) open = char;
        continue;
      }
      if (char === '\\') {
        if (line[at + 1] !== '\n') text += line[at + 1] ?? '';
        at += 2;
        continue;
      }
      check(substitution);
      if (char === '{') braces += 1;
      if (char === '}') braces = Math.max(0, braces - 1);
      if (/[*?[]/.test(char) && braces === 0) globs = true;
      text += char;
      at += 1;
    }
    at = Math.min(at, line.length);
    // A path into an object is no file name: `-o custom-columns=A:.spec.items[0]` needs no quotes here.
    if (globs && !/(jsonpath|custom-columns|sort-by)[\w-]*=|:\.|^\{/.test(text)) {
      problem ??= {
        text: `'${text}' is a pattern, and no shell expands it here`,
        remedy: 'Give the full names, choose with -l, or put the word in single quotes.',
        at: from,
      };
    }
    stages.at(-1)?.push({ text, from, to: at });
  }
  return { stages, problem, open };

  function judgeQuoted(shell: string): void {
    const rule = substitution.find(([pattern]) => pattern.test(shell));
    if (rule !== undefined) refuse(rule[1], rule[2]);
  }
}

interface Quoted {
  readonly text: string;
  readonly to: number;
  readonly closed: boolean;
  /** What a shell would have expanded inside double quotes. */
  readonly shell: string | null;
}

function readQuoted(line: string, start: number, quote: '"' | "'"): Quoted {
  let text = '';
  let shell: string | null = null;
  let at = start + 1;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (char === quote) return { text, to: at + 1, closed: true, shell };
    if (quote === '"' && char === '\\' && /["\\$`\n]/.test(line[at + 1] ?? '')) {
      if (line[at + 1] !== '\n') text += line[at + 1] ?? '';
      at += 2;
      continue;
    }
    if (quote === '"' && (char === '`' || (char === '$' && /[\w({]/.test(line[at + 1] ?? '')))) {
      shell ??= line.slice(at, at + 2);
    }
    text += char;
    at += 1;
  }
  return { text, to: at, closed: false, shell };
}
