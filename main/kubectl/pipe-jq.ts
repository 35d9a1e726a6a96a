/** The part of jq that people pipe kubectl into: paths, `[]`, slices of the stream, select, length, keys, -r, -c. */
import { invalid, unsupported } from './command-error.ts';
import { isList, isObject, parseExact, type Json } from './exact-json.ts';
import { compactJson } from './print/json.ts';

type Step = (value: Json) => readonly Json[];

/** Throws CommandError where the input is no JSON or the filter is beyond this. */
export function selectJson(args: readonly string[], text: string): string {
  const flags = args.filter((arg) => arg.startsWith('-') && arg !== '-');
  const [filter = '.', ...files] = args.filter((arg) => !arg.startsWith('-'));
  const unknown = flags.find((flag) => !/^(-[rc]+|--raw-output|--compact-output)$/.test(flag));
  if (unknown !== undefined) throw unsupported(`jq ${unknown} is not known here`, 'Only -r and -c are.');
  if (files.length > 0)
    throw unsupported("'jq' with a file reads a file, and none is read here", 'Leave the file out.');
  const isRaw = flags.some((flag) => flag === '--raw-output' || /^-\w*r/.test(flag));
  const isCompact = flags.some((flag) => flag === '--compact-output' || /^-\w*c/.test(flag));
  const values = run(stepsOf(filter), read(text));
  return values
    .map((value) => `${isRaw && typeof value === 'string' ? value : isCompact ? plain(value) : pretty(value, '')}\n`)
    .join('');
}

function read(text: string): Json {
  try {
    return parseExact(text);
  } catch {
    throw invalid('jq: the output is no JSON', 'Add -o json to the command before it.');
  }
}

function run(steps: readonly Step[], value: Json): readonly Json[] {
  return steps.reduce<readonly Json[]>((values, step) => values.flatMap(step), [value]);
}

function stepsOf(filter: string): Step[] {
  return splitTop(filter, '|').map((part) => stepOf(part.trim()));
}

/** Splits at a separator that stands in no quotes and no brackets. */
function splitTop(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if (!quoted && '([{'.includes(char)) depth += 1;
    if (!quoted && ')]}'.includes(char)) depth -= 1;
    if (!quoted && depth === 0 && char === separator) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function stepOf(part: string): Step {
  const commas = splitTop(part, ',');
  if (commas.length > 1) {
    const each = commas.map((one) => stepsOf(one));
    return (value) => each.flatMap((steps) => run(steps, value));
  }
  if (part.startsWith('.')) return pathStep(part);
  if (part === 'length') return (value) => [lengthOf(value)];
  if (part === 'keys')
    return (value) => [isObject(value) ? Object.keys(value).sort() : isList(value) ? value.map((_, at) => at) : []];
  if (part === 'not') return (value) => [value === null || value === false];
  const select = /^select\((.*)\)$/s.exec(part)?.[1];
  if (select !== undefined) {
    const test = condition(select);
    return (value) => (test(value) ? [value] : []);
  }
  const map = /^map\((.*)\)$/s.exec(part)?.[1];
  if (map !== undefined) {
    const steps = stepsOf(map);
    return (value) => [isList(value) ? value.flatMap((item) => run(steps, item)) : []];
  }
  if (part.startsWith('[') && part.endsWith(']')) {
    const steps = stepsOf(part.slice(1, -1));
    return (value) => [[...run(steps, value)]];
  }
  if (/^("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false|null)$/.test(part)) {
    const literal = JSON.parse(part) as Json;
    return () => [literal];
  }
  throw unsupported(`jq '${part}' is not known here`, 'Known are paths, [], select(), map(), length and keys.');
}

function condition(text: string): (value: Json) => boolean {
  const match = /^(.*?)\s*(==|!=|>=|<=|>|<)\s*(.*)$/s.exec(text);
  if (match === null) {
    const steps = stepsOf(text);
    return (value) => run(steps, value).some((one) => one !== null && one !== false);
  }
  const [left, right] = [stepsOf(match[1] ?? ''), stepsOf(match[3] ?? '')];
  const operator = match[2] ?? '';
  return (value) => {
    const [a, b] = [run(left, value)[0] ?? null, run(right, value)[0] ?? null];
    const [x, y] = [compactJson(a), compactJson(b)];
    if (operator === '==') return x === y;
    if (operator === '!=') return x !== y;
    if (a === null || b === null || typeof a !== typeof b) return false;
    return operator === '>' ? a > b : operator === '<' ? a < b : operator === '>=' ? a >= b : a <= b;
  };
}

function pathStep(path: string): Step {
  const steps: Step[] = [];
  let rest = path.replace(/^\.(?=\[)/, '');
  while (rest !== '' && rest !== '.') {
    const match = /^(?:\.([A-Za-z_][\w-]*)|\."((?:[^"\\]|\\.)*)"|\.?\[\]|\[(-?\d+)\]|\["((?:[^"\\]|\\.)*)"\])\??/.exec(
      rest,
    );
    if (match === null)
      throw unsupported(`jq '${path}' is not known here`, 'Known are paths such as .items[].metadata.name.');
    const name = match[1] ?? match[2] ?? match[4];
    const index = match[3];
    if (name !== undefined)
      steps.push((value) => [isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null]);
    else if (index !== undefined) steps.push((value) => [isList(value) ? (value.at(Number(index)) ?? null) : null]);
    else
      steps.push((value) =>
        isList(value) ? value : isObject(value) ? Object.values(value).map((one) => one ?? null) : [],
      );
    rest = rest.slice(match[0].length);
  }
  return (value) => run(steps, value);
}

function lengthOf(value: Json): number {
  if (isList(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  return typeof value === 'string' ? [...value].length : value === null ? 0 : Math.abs(Number(value));
}

/** JSON in the order it came, as jq keeps it. */
function plain(value: Json): string {
  if (isList(value)) return `[${value.map(plain).join(',')}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}:${plain(one ?? null)}`)
      .join(',')}}`;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

function pretty(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (isList(value) && value.length > 0)
    return `[\n${value.map((one) => inner + pretty(one, inner)).join(',\n')}\n${indent}]`;
  if (isObject(value) && Object.keys(value).length > 0) {
    return `{\n${Object.entries(value)
      .map(([key, one]) => `${inner}${JSON.stringify(key)}: ${pretty(one ?? null, inner)}`)
      .join(',\n')}\n${indent}}`;
  }
  return plain(value);
}
