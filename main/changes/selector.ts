import { at, isObject, type Json } from './shown.ts';

/** Whether labels satisfy a `matchLabels`/`matchExpressions` selector. An absent selector selects nothing. */
export function selects(selector: unknown, labels: unknown): boolean {
  if (!isObject(selector)) return false;
  const equal = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {});
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return equal.every(([key, value]) => at(labels, key) === value) && expressions.every((one) => satisfies(one, labels));
}

/** Whether labels satisfy a plain map, as a Service selects. An empty or absent map selects nothing. */
export function selectsByMap(map: unknown, labels: unknown): boolean {
  return isObject(map) && Object.keys(map).length > 0 && selects({ matchLabels: map }, labels);
}

/** The `a=b,c in (d,e)` text of a Scale's status, as a selector object; only equality, `in`, `notin` and existence. */
export function selectorOf(text: string): Json {
  const parts = text.match(/[^,(]+(?:\([^)]*\))?/g) ?? [];
  return { matchExpressions: parts.map((part) => expressionOf(part.trim())) };
}

function expressionOf(part: string): Json {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  if (part.startsWith('!')) return { key: part.slice(1), operator: 'DoesNotExist', values: [] };
  const equality = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
  if (equality === null) return { key: part, operator: 'Exists', values: [] };
  return { key: equality[1] ?? '', operator: equality[2] === '!=' ? 'NotIn' : 'In', values: [equality[3] ?? ''] };
}

function satisfies(expression: Json, labels: unknown): boolean {
  const key = String(at(expression, 'key'));
  const values = at(expression, 'values');
  const value = at(labels, key);
  const listed = Array.isArray(values) && value !== undefined && values.includes(value);
  switch (at(expression, 'operator')) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
