/**
 * How go-yaml v2 writes one string: which style it chooses, how it folds and escapes. Written from the behaviour of the
 * emitter (libyaml's, with a best width of 80) and of YAML 1.1's implicit types; proved against kubectl in the corpus.
 */

/** What the characters of a string allow. */
interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

export interface Place {
  /** Column of the cursor before the scalar, indicator and space included. */
  readonly column: number;
  /** Indent that a folded or literal line gets. */
  readonly indent: number;
  readonly isKey: boolean;
}

const bestWidth = 80;

/** The scalar, without the space before it. */
export function writeString(text: string, place: Place): string {
  const chars = [...text];
  const allowed = analyse(chars);
  const style = styleOf(text, allowed, place.isKey);
  if (style === 'plain') return foldPlain(chars, place);
  if (style === 'single') return foldSingle(chars, place);
  if (style === 'literal') return literal(chars, place);
  return foldDouble(chars, place);
}

function styleOf(text: string, allowed: Analysis, isKey: boolean): 'plain' | 'single' | 'double' | 'literal' {
  if (text.includes('\n')) {
    return allowed.block && !isKey ? 'literal' : 'double';
  }
  if (isKey && allowed.multiline) return 'double';
  if (looksTyped(text)) return 'double';
  if (allowed.plain && !(text === '' && isKey)) return 'plain';
  return allowed.single ? 'single' : 'double';
}

/** Would it be read back as something else than a string. */
export function looksTyped(text: string): boolean {
  if (/^(|~|null|Null|NULL)$/.test(text)) return true;
  if (/^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return true;
  if (/^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(text)) return true;
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text)) return true;
  const first = text[0] ?? '';
  if (first === '.') return isGoFloat(text);
  if (!/[-+0-9]/.test(first)) return false;
  if (isTimestamp(text)) return true;
  const plain = text.replaceAll('_', '');
  if (isGoInteger(plain) || isGoInteger(text)) return true;
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return Number.isFinite(Number(plain));
  return /^-?0b[01]+$/.test(plain) && plain.length <= 66;
}

/** strconv.ParseInt with base 0, signed or unsigned, 64 bits. */
function isGoInteger(text: string): boolean {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (match === null) return false;
  const digits = (match[2] ?? '').replace(/^0([0-7]+)$/, '0o$1');
  const value = BigInt(digits);
  if (match[1] === '') return value < 2n ** 64n;
  return match[1] === '-' ? value <= 2n ** 63n : value < 2n ** 63n;
}

/** strconv.ParseFloat of something that begins with a dot. */
function isGoFloat(text: string): boolean {
  return /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+)?$/.test(text) && Number.isFinite(Number(text.replaceAll('_', '')));
}

function isTimestamp(text: string): boolean {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/.exec(
      text,
    );
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  const [hour = 0, minute = 0, second = 0] = match
    .slice(match[4] === undefined ? 7 : 4)
    .map((part) => Number(part ?? 0));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

function isBreak(char: string | undefined): boolean {
  return char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029';
}

function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code <= 0xdfff);
}

function analyse(chars: readonly string[]): Analysis {
  if (chars.length === 0) return { multiline: false, plain: true, single: true, block: false };
  const start = chars.slice(0, 3).join('');
  let indicators = start === '---' || start === '...';
  let breaks = false;
  let special = false;
  let breakSpace = false;
  let spaceBreak = false;
  chars.forEach((char, index) => {
    const next = chars[index + 1];
    const before = chars[index - 1];
    const blankAfter = next === undefined || next === ' ' || next === '\t';
    if (index === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(char) || ('?:-'.includes(char) && blankAfter)) indicators = true;
    } else if (char === ':' && blankAfter) indicators = true;
    else if (char === '#' && (before === ' ' || before === '\t' || before === '\0' || isBreak(before)))
      indicators = true;
    if (!isPrintable(char)) special = true;
    if (char === ' ' && isBreak(before)) breakSpace = true;
    if (isBreak(char)) {
      breaks = true;
      if (before === ' ') spaceBreak = true;
    }
  });
  const last = chars.at(-1);
  const edge = chars[0] === ' ' || isBreak(chars[0]) || last === ' ' || isBreak(last);
  return {
    multiline: breaks,
    plain: !edge && !breakSpace && !spaceBreak && !special && !breaks && !indicators,
    single: !breakSpace && !spaceBreak && !special,
    block: last !== ' ' && !spaceBreak && !special,
  };
}

/** Tracks the column while a scalar is written. */
class Cursor {
  readonly #out: string[] = [];
  #column: number;
  readonly #indent: number;
  constructor(place: Place) {
    this.#column = place.column;
    this.#indent = place.indent;
  }
  put(text: string): void {
    this.#out.push(text);
    this.#column += [...text].length;
  }
  newline(): void {
    this.#out.push(`\n${' '.repeat(this.#indent)}`);
    this.#column = this.#indent;
  }
  break(char: string): void {
    this.#out.push(char === '\r' ? '\r' : char);
    this.#column = 0;
  }
  get isWide(): boolean {
    return this.#column > bestWidth;
  }
  toString(): string {
    return this.#out.join('');
  }
}

function foldPlain(chars: readonly string[], place: Place): string {
  const cursor = new Cursor(place);
  let spaces = false;
  chars.forEach((char, index) => {
    if (char === ' ') {
      if (!place.isKey && !spaces && cursor.isWide && chars[index + 1] !== ' ') cursor.newline();
      else cursor.put(' ');
      spaces = true;
    } else {
      cursor.put(char);
      spaces = false;
    }
  });
  return String(cursor);
}

function foldSingle(chars: readonly string[], place: Place): string {
  const cursor = new Cursor(place);
  cursor.put("'");
  let spaces = false;
  chars.forEach((char, index) => {
    if (char === ' ') {
      const inside = index > 0 && index < chars.length - 1;
      if (!place.isKey && !spaces && cursor.isWide && inside && chars[index + 1] !== ' ') cursor.newline();
      else cursor.put(' ');
      spaces = true;
    } else {
      cursor.put(char === "'" ? "''" : char);
      spaces = false;
    }
  });
  cursor.put("'");
  return String(cursor);
}

const shortEscapes: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(char: string): string {
  const short = shortEscapes[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function foldDouble(chars: readonly string[], place: Place): string {
  const cursor = new Cursor(place);
  cursor.put('"');
  let spaces = false;
  // go-yaml takes every character of a string that begins with a byte order mark for one.
  const isMarked = chars[0] === '\ufeff';
  chars.forEach((char, index) => {
    if (isMarked || !isPrintable(char) || isBreak(char) || char === '"' || char === '\\') {
      cursor.put(escaped(char));
      spaces = false;
    } else if (char === ' ') {
      const inside = index > 0 && index < chars.length - 1;
      if (!place.isKey && !spaces && cursor.isWide && inside) {
        cursor.newline();
        if (chars[index + 1] === ' ') cursor.put('\\');
      } else cursor.put(' ');
      spaces = true;
    } else {
      cursor.put(char);
      spaces = false;
    }
  });
  cursor.put('"');
  return String(cursor);
}

function literal(chars: readonly string[], place: Place): string {
  const first = chars[0];
  const last = chars.at(-1);
  const hint = first === ' ' || isBreak(first) ? '2' : '';
  const chomp = !isBreak(last) ? '-' : chars.length === 1 || isBreak(chars.at(-2)) ? '+' : '';
  const out = [`|${hint}${chomp}\n`];
  let fresh = true;
  for (const char of chars) {
    if (isBreak(char)) {
      out.push(char);
      fresh = true;
    } else {
      if (fresh) out.push(' '.repeat(place.indent));
      out.push(char);
      fresh = false;
    }
  }
  return out.join('');
}
