/**
 * kubectl's dialect of JSONPath, as a list of nodes per pair of braces: fields, wildcard, recursion, slices, unions,
 * filters, quotes, numbers, and `range` ... `end`. Text outside braces is itself.
 */

export type Node =
  | { readonly kind: 'list'; readonly nodes: readonly Node[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: number | boolean }
  | { readonly kind: 'slice'; readonly from: Bound; readonly to: Bound; readonly step: Bound }
  | { readonly kind: 'union'; readonly parts: readonly Node[] }
  | { readonly kind: 'filter'; readonly left: Node; readonly right: Node; readonly operator: string };

export interface Bound {
  readonly value: number | null;
  /** Made from the start: `[2]` is `[2:3]`. */
  readonly derived?: boolean;
}

/** Says in kubectl's words what is wrong with a template. */
export class TemplateError extends Error {}

/** Throws TemplateError. */
export function parseJsonPath(template: string): readonly Node[] {
  const root: Node[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open < 0 || open > at) root.push({ kind: 'text', text: template.slice(at, open < 0 ? undefined : open) });
    if (open < 0) break;
    const action = new Action(template, open + 1);
    root.push({ kind: 'list', nodes: action.nodes });
    at = action.end;
  }
  return root;
}

const terminators = ' \t\r\n.,[]$@{}';

/** What stands between one pair of braces. */
class Action {
  readonly nodes: Node[] = [];
  end: number;
  readonly #text: string;

  constructor(text: string, from: number) {
    this.#text = text;
    this.end = from;
    while (this.#step());
  }

  get #here(): string | undefined {
    return this.#text[this.end];
  }

  /** Reads one node; false at the closing brace. */
  #step(): boolean {
    const rest = this.#text.slice(this.end, this.end + 3);
    if (rest.startsWith('}')) {
      this.end += 1;
      return false;
    }
    if (rest === '[?(') this.#filter();
    else if (rest.startsWith('..')) this.#recursive();
    else this.#plain();
    return true;
  }

  #plain(): void {
    const char = this.#here;
    if (char === undefined || char === '\n' || char === '\r') throw new TemplateError('unclosed action');
    if (char === ' ' || char === '@' || char === '$') this.end += 1;
    else if (char === '[') this.#array();
    else if (char === '"' || char === "'") this.#quote(char);
    else if (char === '.') {
      this.end += 1;
      this.#field();
    } else if (/[-+\d]/.test(char)) this.#number();
    else if (/[\p{L}_]/u.test(char)) this.#identifier();
    else {
      const code = (this.#text.codePointAt(this.end) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      throw new TemplateError(`unrecognized character in action: U+${code} '${char}'`);
    }
  }

  #identifier(): void {
    const name = this.#until();
    if (name === 'true' || name === 'false') this.nodes.push({ kind: 'literal', value: name === 'true' });
    else this.nodes.push({ kind: 'identifier', name });
  }

  /** Up to the next terminator; a backslash takes the next character along. */
  #until(): string {
    const from = this.end;
    while (this.#here !== undefined && !terminators.includes(this.#here)) this.end += this.#here === '\\' ? 2 : 1;
    this.end = Math.min(this.end, this.#text.length);
    return this.#text.slice(from, this.end);
  }

  #recursive(): void {
    if (this.nodes.at(-1)?.kind === 'recursive') throw new TemplateError('invalid multiple recursive descent');
    this.end += 2;
    this.nodes.push({ kind: 'recursive' });
    if (/[\p{L}\d_]/u.test(this.#here ?? '')) this.#field();
  }

  #field(): void {
    const name = this.#until();
    this.nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') });
  }

  #number(): void {
    const from = this.end;
    this.end += 1;
    while (/[\d.]/.test(this.#here ?? '')) this.end += 1;
    const text = this.#text.slice(from, this.end);
    const value = Number(text);
    if (Number.isNaN(value)) throw new TemplateError(`cannot parse number ${text}`);
    this.nodes.push({ kind: 'literal', value });
  }

  #array(): void {
    const close = this.#text.indexOf(']', this.end);
    const newline = this.#text.indexOf('\n', this.end);
    if (close < 0 || (newline >= 0 && newline < close)) throw new TemplateError('unterminated array');
    const inside = this.#text.slice(this.end + 1, close);
    this.end = close + 1;
    this.nodes.push(...arrayNodes(inside));
  }

  #quote(quote: string): void {
    const from = this.end;
    this.end += 1;
    for (;;) {
      const char = this.#here;
      if (char === undefined || char === '\n') throw new TemplateError('unterminated quoted string');
      this.end += 1;
      if (char === quote && this.#text[this.end - 2] !== '\\') break;
    }
    this.nodes.push({ kind: 'text', text: unquote(this.#text.slice(from + 1, this.end - 1)) });
  }

  #filter(): void {
    const from = this.end + 3;
    let at = from;
    let quote: string | null = null;
    let closed = false;
    for (; ; at += 1) {
      const char = this.#text[at];
      if (char === undefined || char === '\n') throw new TemplateError('unterminated filter');
      if (char === '"' || char === "'") {
        if (quote === null) quote = char;
        else if (char === quote && this.#text[at - 1] !== '\\') closed = true;
      } else if (char === ')' && (quote === null || closed)) break;
    }
    if (this.#text[at + 1] !== ']') throw new TemplateError('unclosed array expect ]');
    const text = this.#text.slice(from, at);
    this.end = at + 2;
    const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? [];
    if (left === undefined || operator === undefined || right === undefined) {
      this.nodes.push({ kind: 'filter', left: inner(text), right: { kind: 'list', nodes: [] }, operator: 'exists' });
    } else {
      this.nodes.push({ kind: 'filter', left: inner(left), right: inner(right), operator });
    }
  }
}

function inner(text: string): Node {
  return { kind: 'list', nodes: new Action(`${text}}`, 0).nodes };
}

function arrayNodes(inside: string): readonly Node[] {
  const text = inside === '*' ? ':' : inside;
  const parts = text.split(',');
  if (parts.length > 1) {
    return [{ kind: 'union', parts: parts.map((part) => inner(`[${part.replace(/^ +| +$/g, '')}]`)) }];
  }
  const key = /^'([^']*)'$/.exec(text)?.[1];
  if (key !== undefined) return new Action(`.${key}}`, 0).nodes;
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (match === null) throw new TemplateError(`invalid array index ${text}`);
  const [, first = '', second, third] = match;
  const from: Bound = { value: first === '' ? null : Number(first) };
  const bound = (part: string | undefined): Bound => ({
    value: part === undefined || part === ':' ? null : Number(part.slice(1)),
  });
  const to: Bound = second === undefined ? { value: Number(first) + 1, derived: true } : bound(second);
  return [{ kind: 'slice', from, to, step: bound(third) }];
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' };

/** Go's escapes inside quotes. */
function unquote(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/gs, (_, escape: string) => {
    if (escape.length > 1) {
      const code = /^[0-7]/.test(escape) ? parseInt(escape, 8) : parseInt(escape.slice(1), 16);
      return String.fromCodePoint(code);
    }
    return escapes[escape] ?? escape;
  });
}
