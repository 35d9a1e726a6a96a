import { at, isObject, listAt, textAt, type Json } from './exact-json.ts';
import { sortedKeys } from './print/json.ts';

/** A selector of an object as a label query: of `spec.selector`, with matchLabels and matchExpressions, or a plain map. */
export function labelQuery(selector: Json | undefined): string {
  if (!isObject(selector)) return '';
  const labels = at(selector, 'matchLabels');
  const expressions = listAt(selector, 'matchExpressions');
  const plain = isObject(labels) ? labels : expressions.length > 0 || 'matchExpressions' in selector ? {} : selector;
  return [...sortedKeys(plain).map((key) => `${key}=${textAt(plain, key)}`), ...expressions.map(expressionText)].join(
    ',',
  );
}

/** One of matchExpressions, as kubectl writes it. */
export function expressionText(expression: Json): string {
  const key = textAt(expression, 'key');
  const values = listAt(expression, 'values').map(String).sort().join(',');
  switch (textAt(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
