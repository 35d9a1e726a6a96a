/** The part of the POSIX shell's grammar that people type into `kubectl exec` and write into `command:`. */

/** A word with its quotes kept, expanded when it is run. */
export type Word = { text: string; quote: '' | '"' | "'" }[];

export interface Redirect {
  from: 1 | 2;
  /** Another stream, or a file. */
  to: 1 | 2 | Word;
  appends: boolean;
}

export type Command =
  | { kind: 'simple'; words: Word[]; redirects: Redirect[] }
  | { kind: 'group'; body: List; redirects: Redirect[]; isSubshell: boolean }
  | { kind: 'while'; condition: List; body: List; isUntil: boolean; redirects: Redirect[] }
  | { kind: 'for'; name: string; words: Word[]; body: List; redirects: Redirect[] }
  | { kind: 'if'; condition: List; body: List; otherwise: List | undefined; redirects: Redirect[] };

export interface Step {
  /** How it hangs on the step before: always, only after success, only after failure. */
  after: ';' | '&&' | '||';
  pipeline: Command[];
  isBackground: boolean;
}

export type List = Step[];

type Token = { op: string } | { word: Word };

export class ShellSyntaxError extends Error {}

const operators = [
  '&&',
  '||',
  ';;',
  '>>',
  '2>&1',
  '1>&2',
  '>&2',
  '2>>',
  '2>',
  '1>',
  ';',
  '|',
  '&',
  '>',
  '<',
  '(',
  ')',
  '\n',
];

export function tokenize(script: string): Token[] {
  const tokens: Token[] = [];
  let word: Word | undefined;
  let at = 0;
  const flush = (): void => {
    if (word) tokens.push({ word });
    word = undefined;
  };
  while (at < script.length) {
    const rest = script.slice(at);
    const char = rest.charAt(0);
    const isNumbered = /^[12]>/.test(rest) && word !== undefined;
    const op = isNumbered ? undefined : operators.find((one) => rest.startsWith(one));
    if (char === ' ' || char === '\t') {
      flush();
      at += 1;
    } else if (char === '#' && !word) {
      while (at < script.length && script.charAt(at) !== '\n') at += 1;
    } else if (op) {
      flush();
      tokens.push({ op });
      at += op.length;
    } else if (char === "'" || char === '"') {
      const end = closing(script, at, char);
      word = [...(word ?? []), { text: script.slice(at + 1, end), quote: char }];
      at = end + 1;
    } else if (char === '\\') {
      if (script.charAt(at + 1) !== '\n') word = [...(word ?? []), { text: script.charAt(at + 1), quote: "'" }];
      at += 2;
    } else {
      const length = rest.startsWith('$(') ? matching(rest) : 1;
      const last = word?.at(-1);
      if (last?.quote === '') last.text += rest.slice(0, length);
      else word = [...(word ?? []), { text: rest.slice(0, length), quote: '' }];
      at += length;
    }
  }
  flush();
  return tokens;
}

function closing(script: string, start: number, quote: string): number {
  for (let at = start + 1; at < script.length; at += 1) {
    if (quote === '"' && script.charAt(at) === '\\') at += 1;
    else if (script.charAt(at) === quote) return at;
  }
  throw new ShellSyntaxError(`unterminated quoted string`);
}

/** The length of a `$( … )` at the start of the text. */
export function matching(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at += 1) {
    if (text.charAt(at) === '(') depth += 1;
    if (text.charAt(at) === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new ShellSyntaxError('unterminated $(');
}

/** @throws ShellSyntaxError for what it cannot read. */
export function parseScript(script: string): List {
  const parser = new Parser(tokenize(script));
  const list = parser.list([]);
  parser.end();
  return list;
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  list(ends: string[]): List {
    const steps: List = [];
    let after: Step['after'] = ';';
    for (;;) {
      while (this.#takeOp(';') || this.#takeOp('\n')) after = ';';
      if (this.#at >= this.#tokens.length || ends.some((one) => this.#isWord(one)) || this.#isOp(')')) return steps;
      const pipeline = [this.#command()];
      while (this.#takeOp('|')) pipeline.push(this.#command());
      const isBackground = this.#takeOp('&');
      steps.push({ after, pipeline, isBackground });
      after = this.#takeOp('&&') ? '&&' : this.#takeOp('||') ? '||' : ';';
      if (after !== ';') while (this.#takeOp('\n'));
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new ShellSyntaxError('syntax error: unexpected token');
  }

  #command(): Command {
    if (this.#takeWord('{')) return this.#group('}', false);
    if (this.#takeOp('(')) {
      const body = this.list([]);
      if (!this.#takeOp(')')) throw new ShellSyntaxError('syntax error: expecting ")"');
      return { kind: 'group', body, isSubshell: true, redirects: this.#redirects() };
    }
    const isUntil = this.#isWord('until');
    if (this.#takeWord('while') || this.#takeWord('until')) {
      const condition = this.list(['do']);
      this.#expect('do');
      const body = this.list(['done']);
      this.#expect('done');
      return { kind: 'while', condition, body, isUntil, redirects: this.#redirects() };
    }
    if (this.#takeWord('for')) return this.#loop();
    if (this.#takeWord('if')) return this.#branch();
    return this.#simple();
  }

  #group(end: string, isSubshell: boolean): Command {
    const body = this.list([end]);
    this.#expect(end);
    return { kind: 'group', body, isSubshell, redirects: this.#redirects() };
  }

  #loop(): Command {
    const name = this.#text() ?? '';
    this.#at += 1;
    const words: Word[] = [];
    if (this.#takeWord('in')) for (let word = this.#word(); word; word = this.#word()) words.push(word);
    while (this.#takeOp(';') || this.#takeOp('\n'));
    this.#expect('do');
    const body = this.list(['done']);
    this.#expect('done');
    return { kind: 'for', name, words, body, redirects: this.#redirects() };
  }

  #branch(): Command {
    const condition = this.list(['then']);
    this.#expect('then');
    const body = this.list(['elif', 'else', 'fi']);
    let otherwise: List | undefined;
    if (this.#takeWord('elif')) {
      return {
        kind: 'if',
        condition,
        body,
        redirects: [],
        otherwise: [{ after: ';', pipeline: [this.#branch()], isBackground: false }],
      };
    }
    if (this.#takeWord('else')) otherwise = this.list(['fi']);
    this.#expect('fi');
    return { kind: 'if', condition, body, otherwise, redirects: this.#redirects() };
  }

  #simple(): Command {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const redirect = this.#redirect();
      if (redirect) redirects.push(redirect);
      else {
        const word = this.#word();
        if (!word) break;
        words.push(word);
      }
    }
    if (words.length === 0 && redirects.length === 0) throw new ShellSyntaxError('syntax error: unexpected token');
    return { kind: 'simple', words, redirects };
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (let one = this.#redirect(); one; one = this.#redirect()) redirects.push(one);
    return redirects;
  }

  #redirect(): Redirect | undefined {
    if (this.#takeOp('2>&1')) return { from: 2, to: 1, appends: false };
    if (this.#takeOp('1>&2') || this.#takeOp('>&2')) return { from: 1, to: 2, appends: false };
    for (const [op, from] of [
      ['2>>', 2],
      ['>>', 1],
      ['2>', 2],
      ['1>', 1],
      ['>', 1],
    ] as const) {
      if (!this.#takeOp(op)) continue;
      const to = this.#word();
      if (!to) throw new ShellSyntaxError('syntax error: unexpected redirection');
      return { from, to, appends: op.endsWith('>>') };
    }
    return undefined;
  }

  #word(): Word | undefined {
    const token = this.#tokens[this.#at];
    if (!token || !('word' in token)) return undefined;
    this.#at += 1;
    return token.word;
  }

  #text(): string | undefined {
    const token = this.#tokens[this.#at];
    return token && 'word' in token && token.word.every((part) => part.quote === '')
      ? token.word.map((part) => part.text).join('')
      : undefined;
  }

  #isWord(text: string): boolean {
    return this.#text() === text;
  }

  #takeWord(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#at += 1;
    return true;
  }

  #isOp(op: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && 'op' in token && token.op === op;
  }

  #takeOp(op: string): boolean {
    if (!this.#isOp(op)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takeWord(text)) throw new ShellSyntaxError(`syntax error: expecting "${text}"`);
  }
}
