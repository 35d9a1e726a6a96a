/** Runs `-o go-template`. What it does not know it names, rather than printing something else. */
import { isList, isObject, type Json } from '../exact-json.ts';
import { goText } from './go-value.ts';
import { parseGoTemplate, type Operand, type Part, type Pipe, type Step } from './go-template-parser.ts';
import { sortedKeys } from './json.ts';
import { TemplateError } from './jsonpath-parser.ts';

type Value = Json | undefined;
type Scope = Map<string, Value>;

export class GoTemplate {
  readonly #parts: readonly Part[];
  readonly #strict: boolean;

  /** Throws TemplateError. */
  constructor(template: string, { strict }: { readonly strict: boolean }) {
    this.#parts = parseGoTemplate(template);
    this.#strict = strict;
  }

  /** Throws TemplateError. */
  print(object: Json): string {
    return this.#run(this.#parts, object, new Map([['$', object]]));
  }

  #run(parts: readonly Part[], dot: Value, scope: Scope): string {
    return parts.map((part) => this.#part(part, dot, scope)).join('');
  }

  #part(part: Part, dot: Value, scope: Scope): string {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'print') {
      const value = this.#pipe(part.pipe, dot, scope);
      if (part.pipe.declares.length === 0) return printed(value);
      scope.set(part.pipe.declares[0] ?? '', value);
      return '';
    }
    const inner: Scope = new Map(scope);
    const value = this.#pipe(part.pipe, dot, inner);
    if (part.kind === 'range') return this.#range(part, value, dot, inner);
    if (part.pipe.declares[0] !== undefined) inner.set(part.pipe.declares[0], value);
    if (!isTrue(value)) return this.#run(part.otherwise, dot, inner);
    return this.#run(part.then, part.kind === 'with' ? value : dot, inner);
  }

  #range(part: Extract<Part, { kind: 'if' | 'range' | 'with' }>, value: Value, dot: Value, scope: Scope): string {
    const entries: [Value, Value][] = isList(value)
      ? value.map((item, at) => [at, item])
      : isObject(value)
        ? sortedKeys(value).map((key) => [key, value[key] ?? null])
        : [];
    if (!isList(value) && !isObject(value) && value !== undefined && value !== null) {
      throw new TemplateError(`range can't iterate over ${goText(value)}`);
    }
    if (entries.length === 0) return this.#run(part.otherwise, dot, scope);
    const names = part.pipe.declares;
    return entries
      .map(([key, item]) => {
        const inner: Scope = new Map(scope);
        if (names.length === 2) inner.set(names[0] ?? '', key);
        if (names.length > 0) inner.set(names.at(-1) ?? '', item);
        return this.#run(part.then, item, inner);
      })
      .join('');
  }

  #pipe(pipe: Pipe, dot: Value, scope: Scope): Value {
    let value: Value;
    pipe.steps.forEach((step, at) => {
      value = this.#step(step, dot, scope, at === 0 ? [] : [value]);
    });
    return value;
  }

  #step({ call, args }: Step, dot: Value, scope: Scope, piped: readonly Value[]): Value {
    if (call === null) {
      if (piped.length > 0) throw new TemplateError("can't give argument to non-function");
      return args[0] === undefined ? undefined : this.#operand(args[0], dot, scope);
    }
    const lazily = (): Value[] => [...args.map((arg) => this.#operand(arg, dot, scope)), ...piped];
    return callFunction(call, lazily());
  }

  #operand(operand: Operand, dot: Value, scope: Scope): Value {
    if (operand.kind === 'literal') return operand.value;
    if (operand.kind === 'group') return this.#fields(this.#pipe(operand.pipe, dot, scope), operand.fields);
    if (operand.variable === null) return this.#fields(dot, operand.fields);
    if (!scope.has(operand.variable)) throw new TemplateError(`undefined variable "${operand.variable}"`);
    return this.#fields(scope.get(operand.variable), operand.fields);
  }

  #fields(from: Value, fields: readonly string[]): Value {
    let value = from;
    for (const field of fields) {
      if (value === undefined || value === null) {
        if (this.#strict) throw new TemplateError(`nil data; no entry for key "${field}"`);
        return undefined;
      }
      if (!isObject(value))
        throw new TemplateError(
          `can't evaluate field ${field} in type ${isList(value) ? '[]interface {}' : 'interface {}'}`,
        );
      if (!Object.hasOwn(value, field)) {
        if (this.#strict) throw new TemplateError(`map has no entry for key "${field}"`);
        value = undefined;
      } else value = value[field];
    }
    return value;
  }
}

function printed(value: Value): string {
  return value === undefined || value === null ? '<no value>' : goText(value);
}

function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function callFunction(name: string, args: readonly Value[]): Value {
  const [first, second] = args;
  switch (name) {
    case 'len':
      if (typeof first === 'string') return Buffer.byteLength(first);
      if (isList(first)) return first.length;
      if (isObject(first)) return Object.keys(first).length;
      throw new TemplateError(`len of type ${goText(first)}`);
    case 'index':
      return args.slice(1).reduce(indexed, first);
    case 'print':
      return args.map(goText).join('');
    case 'println':
      return `${args.map(goText).join(' ')}\n`;
    case 'printf':
      return format(typeof first === 'string' ? first : goText(first), args.slice(1));
    case 'eq':
      return args.slice(1).some((arg) => same(first, arg));
    case 'ne':
      return !same(first, second);
    case 'lt':
      return order(first, second) < 0;
    case 'le':
      return order(first, second) <= 0;
    case 'gt':
      return order(first, second) > 0;
    case 'ge':
      return order(first, second) >= 0;
    case 'not':
      return !isTrue(first);
    case 'and':
      return args.find((arg) => !isTrue(arg)) ?? args.at(-1);
    case 'or':
      return args.find(isTrue) ?? args.at(-1);
    case 'base64decode':
      return Buffer.from(String(first), 'base64').toString('utf8');
    case 'exists':
      return (
        args.slice(1).reduce<Value>((value, key) => (value === undefined ? undefined : peek(value, key)), first) !==
        undefined
      );
    default:
      throw new TemplateError(`function "${name}" not defined`);
  }
}

function peek(value: Value, key: Value): Value {
  if (isList(value) && typeof key === 'number') return value[key];
  return isObject(value) && typeof key === 'string' && Object.hasOwn(value, key) ? value[key] : undefined;
}

function indexed(value: Value, key: Value): Value {
  if (value === undefined || value === null) throw new TemplateError('index of untyped nil');
  if (isList(value)) {
    if (typeof key !== 'number') throw new TemplateError(`cannot index slice/array with type ${typeof key}`);
    if (key < 0 || key >= value.length) throw new TemplateError(`index out of range: ${key}`);
  } else if (!isObject(value)) throw new TemplateError(`can't index item of type ${typeof value}`);
  return peek(value, key);
}

function same(a: Value, b: Value): boolean {
  if (typeof a === 'object' && a !== null) throw new TemplateError('non-comparable type');
  if (typeof a !== typeof b && a !== null && b !== null && a !== undefined && b !== undefined) {
    throw new TemplateError('incompatible types for comparison');
  }
  return a === b || ((a === null || a === undefined) && (b === null || b === undefined));
}

function order(a: Value, b: Value): number {
  if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string')) {
    throw new TemplateError('incompatible types for comparison');
  }
  return a === b ? 0 : a < (b as typeof a) ? -1 : 1;
}

function format(pattern: string, args: readonly Value[]): string {
  let at = 0;
  const text = pattern.replace(
    /%([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (at >= args.length) return `%!${verb}(MISSING)`;
      const value = args[at];
      at += 1;
      const body = formatted(verb, value, digits === undefined ? null : Number(digits));
      if (body === null) throw new TemplateError(`printf does not know ${whole}`);
      if (flags.includes('-')) return body.padEnd(Number(width || 0));
      return body.padStart(Number(width || 0), flags.includes('0') && verb !== 's' ? '0' : ' ');
    },
  );
  const extra = args.slice(at).map((value) => `${typeof value}=${goText(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatted(verb: string, value: Value, digits: number | null): string | null {
  if (verb === 's' || verb === 'v') return digits === null ? goText(value) : goText(value).slice(0, digits);
  if (verb === 'q') return JSON.stringify(goText(value));
  if (verb === 't') return goText(value);
  if (verb === 'd')
    return typeof value === 'number' && !Number.isInteger(value) ? `%!d(float64=${goText(value)})` : goText(value);
  if (verb === 'x') return typeof value === 'string' ? Buffer.from(value).toString('hex') : Number(value).toString(16);
  if (verb === 'f') return typeof value === 'number' ? value.toFixed(digits ?? 6) : null;
  return null;
}
