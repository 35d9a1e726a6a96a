/** Go's text/template, as far as people use it with kubectl: fields, variables, pipes, if, range, with, calls. */
import { TemplateError } from './jsonpath-parser.ts';

export type Operand =
  | { readonly kind: 'path'; readonly variable: string | null; readonly fields: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'group'; readonly pipe: Pipe; readonly fields: readonly string[] };
/** A word that is called, with its arguments; or an operand alone. */
export interface Step {
  readonly call: string | null;
  readonly args: readonly Operand[];
}
export interface Pipe {
  /** `$x :=` or `$i, $x :=` before it. */
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly steps: readonly Step[];
}
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'range' | 'with';
      readonly pipe: Pipe;
      readonly then: readonly Part[];
      readonly otherwise: readonly Part[];
    };

type Piece = { readonly text: string } | { readonly tokens: readonly string[] };

/** Throws TemplateError. */
export function parseGoTemplate(template: string): readonly Part[] {
  const pieces = split(template);
  const at = { place: 0 };
  const parts = readParts(pieces, at, false);
  if (at.place < pieces.length) throw new TemplateError(`unexpected {{${wordsOf(pieces[at.place])[0] ?? ''}}}`);
  return parts;
}

function split(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trim = false;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    let text = template.slice(at, open < 0 ? undefined : open);
    if (trim) text = text.trimStart();
    if (open >= 0 && /^\{\{-\s/.test(template.slice(open, open + 4))) text = text.trimEnd();
    if (text !== '') pieces.push({ text });
    if (open < 0) break;
    const close = endOf(template, open + 2);
    const inside = template.slice(open + 2, close).replace(/^-(?=\s)/, '');
    trim = /\s-$/.test(inside);
    const code = inside.replace(/\s-$/, '').trim();
    if (!/^\/\*[^]*\*\/$/.test(code)) pieces.push({ tokens: tokens(code) });
    at = close + 2;
  }
  return pieces;
}

function endOf(template: string, from: number): number {
  let quote: string | null = null;
  for (let at = from; at < template.length; at += 1) {
    const char = template[at] ?? '';
    if (quote !== null) {
      if (char === '\\' && quote !== '`') at += 1;
      else if (char === quote) quote = null;
    } else if (char === '"' || char === '`') quote = char;
    else if (template.startsWith('}}', at)) return at;
  }
  throw new TemplateError('unclosed action');
}

function tokens(code: string): string[] {
  const found = code.match(/"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|:=|[|(),=]|\$?[^\s|(),="`]+/g) ?? [];
  const joined: string[] = [];
  let end = -1;
  // `).field` and `$.field` belong to the word before them where no space is between.
  for (const token of found) {
    const from = code.indexOf(token, Math.max(0, end));
    if (token.startsWith('.') && joined.at(-1) === ')' && from === end) joined.push(`\0${token}`);
    else joined.push(token);
    end = from + token.length;
  }
  return joined;
}

function wordsOf(piece: Piece | undefined): readonly string[] {
  return piece !== undefined && 'tokens' in piece ? piece.tokens : [];
}

function readParts(pieces: readonly Piece[], at: { place: number }, inside: boolean): Part[] {
  const parts: Part[] = [];
  while (at.place < pieces.length) {
    const piece = pieces[at.place];
    if (piece === undefined) break;
    if ('text' in piece) {
      parts.push({ kind: 'text', text: piece.text });
      at.place += 1;
      continue;
    }
    const [word = '', ...rest] = piece.tokens;
    if (word === 'end' || word === 'else') return parts;
    at.place += 1;
    if (word === 'if' || word === 'range' || word === 'with') parts.push(readBlock(word, rest, pieces, at));
    else if (['define', 'template', 'block', 'break', 'continue'].includes(word)) {
      throw new TemplateError(`{{${word}}} is not in this app's templates`);
    } else parts.push({ kind: 'print', pipe: readPipe(piece.tokens) });
  }
  if (inside) throw new TemplateError('unexpected EOF');
  return parts;
}

function readBlock(
  kind: 'if' | 'range' | 'with',
  head: readonly string[],
  pieces: readonly Piece[],
  at: { place: number },
): Part {
  const then = readParts(pieces, at, true);
  const closing = wordsOf(pieces[at.place]);
  at.place += 1;
  if (closing[0] === 'end') return { kind, pipe: readPipe(head), then, otherwise: [] };
  const next = closing[1];
  if (next === 'if' || next === 'with') {
    return { kind, pipe: readPipe(head), then, otherwise: [readBlock(next, closing.slice(2), pieces, at)] };
  }
  const otherwise = readParts(pieces, at, true);
  at.place += 1;
  return { kind, pipe: readPipe(head), then, otherwise };
}

function readPipe(words: readonly string[]): Pipe {
  const define = words.indexOf(':=');
  const assign = words.indexOf('=');
  const cut = define >= 0 ? define : assign;
  const declares = cut < 0 ? [] : words.slice(0, cut).filter((word) => word !== ',');
  const reader = new PipeReader(words.slice(cut + 1));
  const steps = reader.steps();
  if (!reader.isDone) throw new TemplateError(`unexpected ")"`);
  return { declares, assigns: define < 0 && assign >= 0, steps };
}

class PipeReader {
  readonly #words: readonly string[];
  #at = 0;
  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }

  steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      steps.push(this.#step());
      if (this.#words[this.#at] !== '|') break;
      this.#at += 1;
    }
    return steps;
  }

  #step(): Step {
    let call: string | null = null;
    const args: Operand[] = [];
    while (!this.isDone && this.#words[this.#at] !== '|' && this.#words[this.#at] !== ')') {
      const word = this.#words[this.#at] ?? '';
      if (args.length === 0 && call === null && /^[a-z]\w*$/i.test(word) && !/^(true|false|nil)$/.test(word)) {
        call = word;
        this.#at += 1;
      } else args.push(this.#operand());
    }
    if (call === null && args.length === 0) throw new TemplateError('missing value for command');
    if (call === null && args.length > 1) throw new TemplateError("can't give argument to non-function");
    return { call, args };
  }

  #operand(): Operand {
    const word = this.#words[this.#at] ?? '';
    this.#at += 1;
    if (word === '(') {
      const steps = this.steps();
      if (this.#words[this.#at] !== ')') throw new TemplateError('unclosed left paren');
      this.#at += 1;
      const after = this.#words[this.#at] ?? '';
      if (!after.startsWith('\0')) return { kind: 'group', pipe: { declares: [], assigns: false, steps }, fields: [] };
      this.#at += 1;
      return { kind: 'group', pipe: { declares: [], assigns: false, steps }, fields: fieldsOf(after.slice(1)) };
    }
    return plainOperand(word);
  }
}

function plainOperand(word: string): Operand {
  if (word.startsWith('"')) return { kind: 'literal', value: unquoted(word) };
  if (word.startsWith('`')) return { kind: 'literal', value: word.slice(1, -1) };
  if (word.startsWith("'")) return { kind: 'literal', value: word.codePointAt(1) ?? 0 };
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'nil') return { kind: 'literal', value: null };
  if (/^[-+]?\d/.test(word) && !Number.isNaN(Number(word))) return { kind: 'literal', value: Number(word) };
  if (word.startsWith('$')) {
    const [variable = '$', ...fields] = word.split('.');
    return { kind: 'path', variable, fields };
  }
  if (word.startsWith('.')) return { kind: 'path', variable: null, fields: fieldsOf(word) };
  throw new TemplateError(`function "${word}" not defined`);
}

function fieldsOf(word: string): string[] {
  const fields = word.slice(1).split('.');
  if (word === '.') return [];
  if (fields.some((field) => !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(field))) {
    throw new TemplateError(`bad character in field ${word}: use index for such keys`);
  }
  return fields;
}

function unquoted(word: string): string {
  return word.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, escape: string) => {
    if (escape.length > 1) return String.fromCodePoint(parseInt(escape.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r' }[escape] ?? escape;
  });
}
