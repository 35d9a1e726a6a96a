/**
 * What stands after `|`: grep, head, tail, wc, sort, uniq, cut and a small jq, done by us on the text of the result.
 * No program is started, and no file is read. A filter or a flag that is not known here is refused by its name.
 */
import { invalid, unsupported, type CommandError } from './command-error.ts';
import type { PipeStage } from './invocation.ts';
import { byCodePoint } from './print/json.ts';
import { selectJson } from './pipe-jq.ts';

export interface Piped {
  readonly text: string;
  readonly exitCode: number;
}

type Filter = (args: readonly string[], text: string) => Piped;

const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['grep', grep],
  ['egrep', (args, text) => grep(['-E', ...args], text)],
  ['head', (args, text) => ends('head', args, text)],
  ['tail', (args, text) => ends('tail', args, text)],
  ['wc', wc],
  ['sort', sort],
  ['uniq', uniq],
  ['cut', cut],
  ['cat', (args, text) => (args.length === 0 ? ok(text) : refuseFile('cat'))],
  ['jq', (args, text) => ok(selectJson(args, text))],
]);

/** What can stand after `|`. */
export const filterNames: readonly string[] = [...filters.keys()];

/** Throws CommandError before anything is asked of a cluster, where a stage is none of ours. */
export function checkPipes(stages: readonly PipeStage[]): void {
  for (const { words } of stages) {
    const name = words[0]?.text ?? '';
    if (filters.has(name)) continue;
    throw unsupported(
      `'| ${name}' would start a program, and none is started here`,
      `Filters here: ${[...filters.keys()].join(', ')}.`,
    );
  }
}

export function applyPipes(stages: readonly PipeStage[], text: string): Piped {
  let piped = ok(text);
  for (const { words } of stages) {
    const [name = '', ...args] = words.map((word) => word.text);
    piped = filters.get(name)?.(args, piped.text) ?? piped;
  }
  return piped;
}

function ok(text: string): Piped {
  return { text, exitCode: 0 };
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function refuseFile(filter: string): never {
  throw unsupported(`'${filter}' with a file reads a file, and none is read here`, 'Leave the file out.');
}

/** Splits `-iv -A3 --count x` into flags with their values, and the rest. */
function readArgs(
  filter: string,
  args: readonly string[],
  bare: string,
  valued: string,
  long: Readonly<Record<string, string>> = {},
): { readonly flags: ReadonlyMap<string, string>; readonly rest: readonly string[] } {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg);
      continue;
    }
    const [name = '', given] = arg.startsWith('--') ? arg.slice(2).split('=') : [];
    const short = arg.startsWith('--') ? long[name] : undefined;
    let letters = arg.startsWith('--') ? (short ?? '') : arg.slice(1);
    if (letters === '') throw unknownFlag(filter, arg);
    while (letters !== '') {
      const letter = letters[0] ?? '';
      letters = letters.slice(1);
      if (bare.includes(letter)) flags.set(letter, 'true');
      else if (valued.includes(letter)) {
        const value = given ?? (letters === '' ? args[(at += 1)] : letters);
        if (value === undefined) throw invalid(`${filter}: -${letter} needs a value`);
        flags.set(letter, value);
        letters = '';
      } else if (/\d/.test(letter) && valued.includes('n')) {
        flags.set('n', letter + letters);
        letters = '';
      } else throw unknownFlag(filter, arg);
    }
  }
  return { flags, rest };
}

function unknownFlag(filter: string, flag: string): CommandError {
  return unsupported(`${filter} ${flag} is not known here`, `Leave ${flag} out.`);
}

function grep(args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs('grep', args, 'ivcnowxEFqPG', 'ABCem', {
    'ignore-case': 'i',
    'invert-match': 'v',
    count: 'c',
    'line-number': 'n',
    'only-matching': 'o',
    'word-regexp': 'w',
    'line-regexp': 'x',
    'extended-regexp': 'E',
    'fixed-strings': 'F',
    'after-context': 'A',
    'before-context': 'B',
    context: 'C',
    regexp: 'e',
    quiet: 'q',
    'max-count': 'm',
  });
  const patterns = flags.has('e') ? [flags.get('e') ?? ''] : rest.slice(0, 1);
  if (patterns.length === 0) throw invalid('grep: the pattern is missing', 'Give a pattern after grep.');
  if (rest.length > (flags.has('e') ? 0 : 1)) refuseFile('grep');
  const pattern = regexp(patterns[0] ?? '', flags);
  const lines = linesOf(text);
  const matches = lines.map((line) => pattern.test(line) !== flags.has('v'));
  const most = Number(flags.get('m') ?? Infinity);
  let count = 0;
  const chosen = matches.map((match) => match && (count += 1) <= most);
  const found = Math.min(count, most);
  const exitCode = found === 0 ? 1 : 0;
  if (flags.has('q')) return { text: '', exitCode };
  if (flags.has('c')) return { text: `${found}\n`, exitCode };
  const after = Number(flags.get('A') ?? flags.get('C') ?? 0);
  const before = Number(flags.get('B') ?? flags.get('C') ?? 0);
  const out: string[] = [];
  let last = -1;
  lines.forEach((line, at) => {
    const isNear = chosen.slice(Math.max(0, at - after), at + before + 1).some(Boolean);
    if (!isNear) return;
    if (last >= 0 && at > last + 1 && after + before > 0) out.push('--');
    last = at;
    const number = flags.has('n') ? `${at + 1}${chosen[at] === true ? ':' : '-'}` : '';
    if (flags.has('o') && !flags.has('v')) {
      const all = new RegExp(pattern.source, `${pattern.flags}g`);
      out.push(...[...line.matchAll(all)].filter(([match]) => match !== '').map(([match]) => number + match));
    } else out.push(number + line);
  });
  return { text: joined(out), exitCode };
}

function regexp(pattern: string, flags: ReadonlyMap<string, string>): RegExp {
  let source = pattern;
  if (flags.has('F')) source = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // In a basic expression the operators are ordinary, and become operators by a backslash.
  else if (!flags.has('E') && !flags.has('P')) {
    source = pattern.replace(/\\?[+?|(){}]/g, (operator) =>
      operator.length === 2 ? operator.slice(1) : `\\${operator}`,
    );
  }
  if (flags.has('w')) source = `(?<!\\w)(?:${source})(?!\\w)`;
  if (flags.has('x')) source = `^(?:${source})$`;
  source = source
    .replaceAll('[[:space:]]', '\\s')
    .replaceAll('[[:digit:]]', '\\d')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]');
  try {
    return new RegExp(source, flags.has('i') ? 'i' : '');
  } catch (error) {
    throw invalid(`grep: '${pattern}' is no pattern: ${error instanceof Error ? error.message : ''}`);
  }
}

function ends(filter: 'head' | 'tail', args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs(filter, args, '', 'nc', { lines: 'n', bytes: 'c' });
  if (rest.length > 0) refuseFile(filter);
  const amount = flags.get('n') ?? flags.get('c') ?? '10';
  if (!/^[+-]?\d+$/.test(amount)) throw invalid(`${filter}: '${amount}' is no number of lines`);
  const number = Math.abs(Number(amount));
  if (flags.has('c')) {
    const bytes = Buffer.from(text);
    return ok(
      (filter === 'head' ? bytes.subarray(0, number) : bytes.subarray(Math.max(0, bytes.length - number))).toString(),
    );
  }
  const lines = linesOf(text);
  if (filter === 'head')
    return ok(
      joined(amount.startsWith('-') ? lines.slice(0, Math.max(0, lines.length - number)) : lines.slice(0, number)),
    );
  return ok(joined(amount.startsWith('+') ? lines.slice(number - 1) : number === 0 ? [] : lines.slice(-number)));
}

function wc(args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs('wc', args, 'lwcm', '', { lines: 'l', words: 'w', bytes: 'c', chars: 'm' });
  if (rest.length > 0) refuseFile('wc');
  const all = flags.size === 0;
  const counts: [string, number][] = [
    ['l', (text.match(/\n/g) ?? []).length],
    ['w', text.split(/\s+/).filter((word) => word !== '').length],
    ['m', [...text].length],
    ['c', Buffer.byteLength(text)],
  ];
  const shown = counts
    .filter(([letter]) => flags.has(letter) || (all && letter !== 'm'))
    .map(([, count]) => String(count));
  return ok(`${shown.length === 1 ? (shown[0] ?? '') : shown.map((count) => count.padStart(7)).join(' ')}\n`);
}

function sort(args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs('sort', args, 'rnufVh', 'kt', {
    reverse: 'r',
    'numeric-sort': 'n',
    unique: 'u',
    key: 'k',
  });
  if (rest.length > 0) refuseFile('sort');
  const key = flags.get('k');
  const separator = flags.get('t');
  const field = key === undefined ? null : Number(/^\d+/.exec(key)?.[0] ?? 1);
  const numeric = flags.has('n') || flags.has('h') || /n/.test(key ?? '');
  const keyOf = (line: string): string => {
    if (field === null) return line;
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    return fields
      .slice(
        field - 1,
        key?.includes(',') === true ? Number(key.split(',')[1]?.match(/^\d+/)?.[0] ?? field) : undefined,
      )
      .join(separator ?? ' ');
  };
  const compare = (a: string, b: string): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (numeric) return (parseFloat(left) || 0) - (parseFloat(right) || 0) || byCodePoint(a, b);
    if (flags.has('V')) return left.localeCompare(right, 'en', { numeric: true });
    return flags.has('f') ? byCodePoint(left.toUpperCase(), right.toUpperCase()) : byCodePoint(left, right);
  };
  let lines = linesOf(text).sort(compare);
  if (/r/.test(key ?? '') || flags.has('r')) lines.reverse();
  if (flags.has('u')) lines = lines.filter((line, at) => at === 0 || line !== lines[at - 1]);
  return ok(joined(lines));
}

function uniq(args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs('uniq', args, 'cd', '', { count: 'c', repeated: 'd' });
  if (rest.length > 0) refuseFile('uniq');
  const groups: { line: string; count: number }[] = [];
  for (const line of linesOf(text)) {
    const last = groups.at(-1);
    if (last?.line === line) last.count += 1;
    else groups.push({ line, count: 1 });
  }
  const shown = groups.filter(({ count }) => !flags.has('d') || count > 1);
  return ok(joined(shown.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))));
}

function cut(args: readonly string[], text: string): Piped {
  const { flags, rest } = readArgs('cut', args, '', 'dfc', { delimiter: 'd', fields: 'f', characters: 'c' });
  if (rest.length > 0) refuseFile('cut');
  const list = flags.get('f') ?? flags.get('c');
  if (list === undefined) throw invalid('cut: -f or -c is missing');
  const ranges = list.split(',').map((part) => {
    const [from = '', to] = part.split('-');
    return { from: Number(from || 1), to: to === undefined ? Number(from) : Number(to || Infinity) };
  });
  const delimiter = flags.get('d') ?? '\t';
  const byField = flags.has('f');
  return ok(
    joined(
      linesOf(text).map((line) => {
        if (byField && !line.includes(delimiter)) return line;
        const parts = byField ? line.split(delimiter) : [...line];
        return parts
          .filter((_, at) => ranges.some(({ from, to }) => at + 1 >= from && at + 1 <= to))
          .join(byField ? delimiter : '');
      }),
    ),
  );
}
