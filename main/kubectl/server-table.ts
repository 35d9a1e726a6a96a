import type { ApiResource } from '../clusters/cluster-access.ts';
import { at, isObject, listAt, numberAt, objectAt, textAt, type Json } from './exact-json.ts';
import type { ColumnDefinition, ServerRow, ServerTable } from './print/table.ts';

/** Accept header that asks the server for its own columns. */
export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** A Table answer; null where the server gave a plain object or list, as APIs of other servers may. */
export function readTable(answer: Json, resource: ApiResource): ServerTable | null {
  if (textAt(answer, 'kind') !== 'Table') return null;
  return {
    resource,
    columns: listAt(answer, 'columnDefinitions').map(readColumn),
    rows: listAt(answer, 'rows').map((row) => readRow(row)),
  };
}

export function readColumn(definition: Json): ColumnDefinition {
  return {
    name: textAt(definition, 'name'),
    type: textAt(definition, 'type'),
    format: textAt(definition, 'format'),
    priority: numberAt(definition, 'priority') ?? 0,
    description: textAt(definition, 'description'),
  };
}

function readRow(row: Json): ServerRow {
  const object = at(row, 'object') ?? null;
  return { ...metadataOf(object), cells: listAt(row, 'cells'), object };
}

/** Name, namespace, labels and age of any object. */
export function metadataOf(object: Json): Omit<ServerRow, 'cells' | 'object'> {
  const metadata = objectAt(object, 'metadata');
  const created = Date.parse(textAt(metadata, 'creationTimestamp'));
  const { namespace, labels } = metadata;
  return {
    name: textAt(metadata, 'name'),
    namespace: typeof namespace === 'string' ? namespace : null,
    labels: isObject(labels) ? (labels as Record<string, string>) : {},
    createdAt: Number.isNaN(created) ? null : created,
  };
}

/** For servers that make no tables: kubectl's own NAME and AGE. */
export function plainTable(
  objects: readonly Json[],
  resource: ApiResource,
  age: (object: Json) => string,
): ServerTable {
  const column = (name: string, type: string, format: string): ColumnDefinition => ({
    name,
    type,
    format,
    priority: 0,
    description: '',
  });
  return {
    resource,
    columns: [column('Name', 'string', 'name'), column('Age', 'string', '')],
    rows: objects.map((object) => ({
      ...metadataOf(object),
      cells: [textAt(object, 'metadata', 'name'), age(object)],
      object,
    })),
  };
}
