/** Runs a JSONPath template of kubectl's dialect on an object. */
import { isList, isObject, type Json } from '../exact-json.ts';
import { goText } from './go-value.ts';
import { compactJson, printJson, sortedKeys } from './json.ts';
import { parseJsonPath, TemplateError, type Node } from './jsonpath-parser.ts';

export { TemplateError } from './jsonpath-parser.ts';

export interface JsonPathOptions {
  /** A field that is not there gives nothing instead of an error. */
  readonly allowMissing: boolean;
}

/** A template that can be run on many objects. */
export class JsonPath {
  readonly #nodes: readonly Node[];
  readonly #options: JsonPathOptions;
  #begin = 0;
  #ending = 0;
  #depth = 0;
  #lastEnd: Node | null = null;

  /** Throws TemplateError. */
  constructor(template: string, options: JsonPathOptions = { allowMissing: true }) {
    this.#nodes = parseJsonPath(template);
    this.#options = options;
  }

  /** One list of values per node of the template. Throws TemplateError. */
  find(object: Json): Json[][] {
    return this.#run(this.#nodes, object);
  }

  /** The text kubectl prints. Throws TemplateError. */
  print(object: Json): string {
    return this.find(object)
      .map((values) => values.map(valueText).join(' '))
      .join('');
  }

  /** `-o jsonpath-as-json`: each node's values as a JSON list. */
  printAsJson(object: Json): string {
    return this.find(object)
      .map((values) => printJson(values))
      .join('');
  }

  #run(nodes: readonly Node[], object: Json): Json[][] {
    const all: Json[][] = [];
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at];
      if (node === undefined) break;
      const results = this.#walk([object], node);
      if (this.#ending > 0 && this.#ending <= this.#depth) {
        this.#ending -= 1;
        this.#lastEnd = node;
        break;
      }
      if (this.#begin > 0) {
        this.#begin -= 1;
        this.#depth += 1;
        const body = nodes.slice(at + 1);
        // Without values the body still runs once, so that its end is found.
        if (results.length === 0) this.#run(body, null);
        for (const value of results) all.push(...this.#run(body, value));
        this.#depth -= 1;
        const end = nodes.findIndex((one, place) => place > at && one === this.#lastEnd);
        if (end >= 0) at = end;
        continue;
      }
      all.push(results);
    }
    return all;
  }

  #walk(values: readonly Json[], node: Node): Json[] {
    switch (node.kind) {
      case 'list':
        return node.nodes.reduce<Json[]>((current, inner) => this.#walk(current, inner), [...values]);
      case 'text':
        return [node.text];
      case 'literal':
        return values.map(() => node.value);
      case 'field':
        return this.#field(values, node.name);
      case 'wildcard':
        return values.flatMap(children);
      case 'recursive':
        return values.flatMap(descend);
      case 'union':
        return node.parts.flatMap((part) => this.#walk(values, part));
      case 'slice':
        return values.flatMap((value) => slice(value, node));
      case 'filter':
        return values.flatMap((value) => this.#filter(value, node));
      case 'identifier':
        return this.#identifier(values, node.name);
    }
  }

  #identifier(values: readonly Json[], name: string): Json[] {
    if (name === 'range') {
      this.#begin += 1;
      return [...values];
    }
    if (name !== 'end') throw new TemplateError(`unrecognized identifier ${name}`);
    if (this.#depth === 0) throw new TemplateError('not in range, nothing to end');
    this.#ending += 1;
    return [];
  }

  #field(values: readonly Json[], name: string): Json[] {
    if (values.length === 0) return [];
    const found = values.flatMap((value) => {
      if (name === '' && isObject(value) && !Object.hasOwn(value, '')) return [];
      return isObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : [];
    });
    if (found.length === 0 && !this.#options.allowMissing) throw new TemplateError(`${name} is not found`);
    return found;
  }

  #filter(value: Json, node: Extract<Node, { kind: 'filter' }>): Json[] {
    if (!isList(value)) throw new TemplateError(`${goText(value)} is not array or slice and cannot be filtered`);
    return value.filter((item) => {
      if (node.operator === 'exists') return this.#exists(item, node.left);
      const left = this.#walk([item], node.left);
      if (left.length === 0) return false;
      const right = this.#walk([item], node.right);
      if (right.length === 0) return false;
      if (left.length > 1 || right.length > 1) throw new TemplateError('can only compare one element at a time');
      return compare(left[0] ?? null, right[0] ?? null, node.operator);
    });
  }

  #exists(item: Json, node: Node): boolean {
    try {
      return this.#walk([item], node).length > 0;
    } catch (error) {
      if (error instanceof TemplateError) return false;
      throw error;
    }
  }
}

function children(value: Json): Json[] {
  if (isList(value)) return [...value];
  if (isObject(value)) return sortedKeys(value).map((key) => value[key] ?? null);
  return typeof value === 'string' ? [...Buffer.from(value)] : [];
}

function descend(value: Json): Json[] {
  if (!isList(value) && !isObject(value)) return [];
  const below = children(value);
  return below.length === 0 ? [] : [value, ...below.flatMap(descend)];
}

function slice(value: Json, { from, to, step }: Extract<Node, { kind: 'slice' }>): Json[] {
  if (value === null) return [];
  if (!isList(value)) throw new TemplateError(`${typeName(value)} is not array or slice`);
  const length = value.length;
  let start = from.value ?? 0;
  if (start < 0) start += length;
  let end = to.value ?? length;
  if (end < 0 || (end === 0 && to.derived === true)) end += length;
  if (start === end) return [];
  const outside = (index: number): TemplateError =>
    new TemplateError(`array index out of bounds: index ${index}, length ${length}`);
  if (start >= length || start < 0) throw outside(start);
  if (end > length || end < 0) throw outside(end - 1);
  if (start > end) throw new TemplateError(`starting index ${start} is greater than ending index ${end}`);
  const by = step.value ?? 1;
  if (by <= 0) throw new TemplateError('step must be > 0');
  return value.slice(start, end).filter((_, at) => at % by === 0);
}

function typeName(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'map[string]interface {}';
}

function compare(left: Json, right: Json, operator: string): boolean {
  const comparable = typeof left === typeof right || (isNumber(left) && isNumber(right));
  if (!comparable || left === null || right === null || typeof left === 'object') {
    throw new TemplateError('incompatible types for comparison');
  }
  const order = left === right ? 0 : left < (right as typeof left) ? -1 : 1;
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      throw new TemplateError(`unrecognized filter operator ${operator}`);
  }
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function valueText(value: Json): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? compactJson(value) : goText(value);
}

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` are the same. Throws TemplateError. */
export function relaxed(path: string): string {
  if (path === '') return path;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path);
  const inside = match?.[1] ?? match?.[2];
  if (inside === undefined) {
    throw new TemplateError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return `{.${inside}}`;
}
