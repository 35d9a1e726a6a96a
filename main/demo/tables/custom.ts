import type { Manifest } from '../kinds.ts';
import { since } from './age.ts';
import type { Cell } from './cells.ts';

/** One entry of a CustomResourceDefinition's additionalPrinterColumns. */
export interface PrinterColumn {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

/** What a custom kind without columns of its own prints. */
export const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

type Step = { key: string } | { index: number } | { every: true } | { where: string[]; equals: string };

/**
 * Reads a JSONPath of the subset that CustomResourceDefinitions allow: `.a.b`, `['x.y']`, `[0]`, `[*]` and
 * `[?(@.type=="Ready")]`. Returns all values found, none where the path leads nowhere.
 */
export function readPath(value: unknown, path: string): unknown[] {
  return steps(path).reduce<unknown[]>((values, step) => values.flatMap((one) => take(one, step)), [value]);
}

function steps(path: string): Step[] {
  const found: Step[] = [];
  const pattern =
    /\.?([A-Za-z0-9_\-/]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]|\[(\*)\]|\[\?\(\s*@\.([A-Za-z0-9_.\-/]+)\s*==\s*["']([^"']*)["']\s*\)\]/y;
  const text = path.replace(/^\{|\}$/g, '').replaceAll('\\.', '\u0000');
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break;
    const [, field, single, double, index, every, where, equals] = match;
    const key = field ?? single ?? double;
    if (key !== undefined) found.push({ key: key.replaceAll('\u0000', '.') });
    else if (index !== undefined) found.push({ index: Number(index) });
    else if (every !== undefined) found.push({ every: true });
    else found.push({ where: (where ?? '').split('.'), equals: equals ?? '' });
  }
  return found;
}

function take(value: unknown, step: Step): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if ('key' in step) {
    const inner = Object.hasOwn(value, step.key) ? (value as Record<string, unknown>)[step.key] : undefined;
    return inner === undefined ? [] : [inner];
  }
  const list: unknown[] = Array.isArray(value) ? value : Object.values(value);
  if ('every' in step) return list;
  if ('index' in step) return step.index < list.length ? [list[step.index]] : [];
  return list.filter((item) => {
    const found = step.where.reduce<unknown[]>((values, key) => values.flatMap((one) => take(one, { key })), [item]);
    return found.length > 0 && String(found[0]) === step.equals;
  });
}

/** The cell of one column, null where the object has no such value or one of another type. */
export function customCell(object: Manifest, column: PrinterColumn, now: number): Cell {
  const values = readPath(object, column.jsonPath);
  const value = values[0];
  if (value === undefined || value === null) return null;
  if (column.type === 'date') return typeof value === 'string' ? since(value, now) : '<unknown>';
  if (column.type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  if (column.type === 'number') return typeof value === 'number' ? value : null;
  if (column.type === 'boolean') return typeof value === 'boolean' ? value : null;
  return values.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(' ');
}
