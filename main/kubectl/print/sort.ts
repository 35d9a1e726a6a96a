/** `--sort-by`, with kubectl's comparison: quantities by amount, other text by bytes, numbers by value. */
import { parseQuantity } from '../../../shared/quantity.ts';
import { invalid, type CommandError } from '../command-error.ts';
import type { Json } from '../exact-json.ts';
import { byCodePoint } from './json.ts';
import { JsonPath, relaxed, TemplateError } from './jsonpath.ts';
import type { ServerTable } from './table.ts';

/** Throws CommandError where no row has the field. */
export function sortTable(table: ServerTable, sortBy: string): ServerTable {
  return { ...table, sorted: true, rows: sorted(table.rows, sortBy, ({ object }) => object) };
}

export function sortObjects(objects: readonly Json[], sortBy: string): Json[] {
  return sorted(objects, sortBy, (object) => object);
}

function sorted<T>(items: readonly T[], sortBy: string, objectOf: (item: T) => Json): T[] {
  const keys = keysOf(items, sortBy, objectOf);
  return items
    .map((item, at) => ({ item, key: keys[at] }))
    .sort((a, b) => order(a.key, b.key))
    .map(({ item }) => item);
}

function keysOf<T>(items: readonly T[], sortBy: string, objectOf: (item: T) => Json): (Json | undefined)[] {
  try {
    const path = new JsonPath(readPath(sortBy));
    const keys = items.map((item) => path.find(objectOf(item))[0]?.[0]);
    if (items.length > 0 && keys.every((key) => key === undefined)) {
      throw invalid(
        `couldn't find any field with path "${readPath(sortBy)}" in the list of objects`,
        'Name a field that the objects have.',
      );
    }
    return keys;
  } catch (error) {
    throw error instanceof TemplateError ? wrongPath(error) : error;
  }
}

function readPath(sortBy: string): string {
  try {
    return relaxed(sortBy);
  } catch {
    return sortBy;
  }
}

function wrongPath(error: TemplateError): CommandError {
  return invalid(`sorting error: ${error.message}`, 'Give a path such as .metadata.creationTimestamp.');
}

/** Objects without the field come first. */
function order(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') {
    const left = parseQuantity(a);
    const right = parseQuantity(b);
    return Number.isNaN(left) || Number.isNaN(right) ? byCodePoint(a, b) : left - right;
  }
  if ((typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint')) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return 0;
}
