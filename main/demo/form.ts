/**
 * Objects as answers: single, listed, as metadata alone, as Table rows. The text of a stored object is kept as long as
 * the object (objects are values), so a list of 5,000 pods is a join.
 */
import { apiVersionOf, listPath } from './definitions.ts';
import type { ResourceDefinition } from './definitions.ts';
import type { Manifest } from './kinds.ts';
import { tableColumns, tableRow } from './tables.ts';

const bareTexts = new WeakMap<Manifest, string>();

/** Without kind and apiVersion, as built-in objects stand in lists. */
function bareText(object: Manifest): string {
  let text = bareTexts.get(object);
  if (text === undefined) {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
    text = JSON.stringify(rest);
    bareTexts.set(object, text);
  }
  return text;
}

/** One object with its type. */
export function objectText(definition: ResourceDefinition, object: Manifest): string {
  const type = JSON.stringify({ kind: definition.kind, apiVersion: apiVersionOf(definition) });
  return `${type.slice(0, -1)},${bareText(object).slice(1)}`;
}

/** `metadata` of a list answer. */
export interface ListMetadata {
  resourceVersion?: string;
  continue?: string;
  remainingItemCount?: number;
}

export function listKind(definition: ResourceDefinition): string {
  return `${definition.kind}List`;
}

export function listText(definition: ResourceDefinition, metadata: ListMetadata, objects: Manifest[]): string {
  const head = JSON.stringify({ kind: listKind(definition), apiVersion: apiVersionOf(definition), metadata });
  const text = definition.custom ? (object: Manifest) => objectText(definition, object) : bareText;
  return `${head.slice(0, -1)},"items":[${objects.map(text).join(',')}]}`;
}

export function partial(object: Manifest): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

export function partialList(metadata: ListMetadata, objects: Manifest[]): Record<string, unknown> {
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) };
}

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** A Table of the objects. `withColumns` is false for all but the first event of a watch. */
export function table(
  definition: ResourceDefinition,
  metadata: ListMetadata | Record<string, never>,
  objects: Manifest[],
  options: { include: IncludeObject; now: number; withColumns?: boolean },
): Record<string, unknown> {
  const path = listPath(definition);
  const custom = definition.custom?.definition.additionalPrinterColumns;
  const rows = objects.map((object) => ({
    ...tableRow(path, object, options.now, custom),
    object: rowObject(definition, object, options.include),
  }));
  const columnDefinitions = options.withColumns === false ? null : tableColumns(path, custom);
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

function rowObject(definition: ResourceDefinition, object: Manifest, include: IncludeObject): unknown {
  if (include === 'None') return null;
  if (include === 'Metadata') return partial(object);
  return { ...object, kind: definition.kind, apiVersion: apiVersionOf(definition) };
}
