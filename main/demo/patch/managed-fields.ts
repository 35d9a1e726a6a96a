/** Who owns which field: managedFields after an update, and server-side apply with its conflicts. */
import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../errors.ts';
import type { Manifest } from '../kinds.ts';
import type { Schema } from '../recordings.ts';
import { difference, intersection, isEmpty, paths, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { followLastApplied, takeover } from './last-applied.ts';
import { compare, mergeTyped, ownedFields, removeFields } from './typed.ts';

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  apiVersion?: string;
  time?: string;
  fieldsType?: 'FieldsV1';
  fieldsV1?: FieldSet;
  subresource?: string;
}

/** Who writes, as what, when. `at`: RFC 3339. */
export interface Writer {
  manager: string;
  apiVersion: string;
  subresource: string;
  at: string;
}

type WithManaged = Manifest & { metadata: { managedFields?: ManagedFieldsEntry[] } };

/** Metadata that belongs to the server and to no manager. */
const serverMetadata = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
];

/** What a write through this endpoint can own. */
function ownable(set: FieldSet, subresource: string): FieldSet {
  if (subresource === 'status') return set['f:status'] ? { 'f:status': set['f:status'] } : {};
  const { 'f:apiVersion': _apiVersion, 'f:kind': _kind, 'f:metadata': metadata, ...rest } = set;
  if (!subresource || subresource === 'scale') delete rest['f:status'];
  if (!metadata) return rest;
  const kept = Object.entries(metadata).filter(([step]) => step !== '.' && !serverMetadata.includes(step.slice(2)));
  return kept.length ? { 'f:metadata': Object.fromEntries(kept), ...rest } : rest;
}

function entriesOf(object: Manifest | undefined): ManagedFieldsEntry[] {
  return (object as WithManaged | undefined)?.metadata.managedFields ?? [];
}

function withEntries<T extends Manifest>(object: T, entries: ManagedFieldsEntry[]): T {
  const { managedFields: _old, ...metadata } = (object as WithManaged).metadata;
  return { ...object, metadata: { ...metadata, ...(entries.length ? { managedFields: entries } : {}) } };
}

function isSame(entry: ManagedFieldsEntry, writer: Writer, operation: 'Apply' | 'Update'): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === writer.subresource &&
    (operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  );
}

function newEntry(writer: Writer, operation: 'Apply' | 'Update', fieldsV1: FieldSet): ManagedFieldsEntry {
  const { manager, apiVersion, subresource, at } = writer;
  return {
    manager,
    operation,
    apiVersion,
    time: at,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource ? { subresource } : {}),
  };
}

function without(entry: ManagedFieldsEntry, taken: FieldSet): ManagedFieldsEntry | undefined {
  const fieldsV1 = difference(entry.fieldsV1 ?? {}, taken);
  return isEmpty(fieldsV1) ? undefined : { ...entry, fieldsV1 };
}

/** `after` with the managedFields that an update (also a create or a patch) leaves. */
export function trackUpdate<T extends Manifest>(
  before: T | undefined,
  after: T,
  schema: Schema | undefined,
  writer: Writer,
): T {
  const given = entriesOf(after).filter((entry) => entry.manager);
  const isReset = entriesOf(after).length > 0 && !given.length;
  const entries = isReset ? [] : given.length ? given : entriesOf(before);
  const { changed, removed } = compare(before ?? {}, after, schema);
  const own = ownable(changed, writer.subresource);
  const gone = ownable(removed, writer.subresource);
  if (isEmpty(own) && isEmpty(gone)) return withEntries(after, entries);
  const taken = union(own, gone);
  const mine = entries.find((entry) => isSame(entry, writer, 'Update'));
  const others = entries.flatMap((entry) => (entry === mine ? [] : (without(entry, taken) ?? [])));
  const fields = union(difference(mine?.fieldsV1 ?? {}, gone), own);
  return withEntries(after, isEmpty(fields) ? others : [...others, newEntry(writer, 'Update', fields)]);
}

function described(entry: ManagedFieldsEntry): string {
  const sub = entry.subresource ? ` with subresource ${JSON.stringify(entry.subresource)}` : '';
  const manager = JSON.stringify(entry.manager ?? '');
  return entry.operation === 'Update'
    ? `${manager}${sub} using ${entry.apiVersion ?? ''}${entry.time ? ` at ${entry.time}` : ''}`
    : `${manager}${sub}`;
}

function conflictError(conflicts: { entry: ManagedFieldsEntry; fields: string[] }[]): ApiError {
  const count = conflicts.reduce((sum, { fields }) => sum + fields.length, 0);
  const texts = conflicts.map(({ entry, fields }) => {
    const noun = fields.length > 1 ? 'conflicts' : 'conflict';
    const list = fields.length > 1 ? `:\n${fields.map((field) => `- ${field}`).join('\n')}` : `: ${fields[0] ?? ''}`;
    return `${noun} with ${described(entry)}${list}`;
  });
  const message = `Apply failed with ${String(count)} conflict${count > 1 ? 's' : ''}: ${texts.join('\n')}`;
  const causes = conflicts.flatMap(({ entry, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${described(entry)}`, field })),
  );
  return new ApiError(409, 'Conflict', message, { causes });
}

/** The applied object and the merged one before defaults; `finish` adds managedFields to what defaults made of it. */
export interface Applied {
  merged: Manifest;
  finish: (completed: Manifest) => Manifest;
}

/**
 * Server-side apply: `config` merged into `live`, without what this manager applied before and no longer does.
 * @throws ApiError 409 where another manager owns a field that would change, unless forced.
 */
export function applyConfiguration(
  live: Manifest | undefined,
  config: Manifest,
  schema: Schema | undefined,
  writer: Writer,
  force: boolean,
): Applied {
  const entries = entriesOf(live);
  const mine = entries.find((entry) => isSame(entry, writer, 'Apply'));
  const others = entries.filter((entry) => entry !== mine);
  const wanted = ownable(ownedFields(config, schema), writer.subresource);
  let merged = mergeTyped(live ?? {}, config, schema) as Manifest;
  const dropped = difference(mine?.fieldsV1 ?? {}, wanted);
  if (!isEmpty(dropped)) {
    const kept = others.reduce((set, entry) => union(set, entry.fieldsV1 ?? {}), wanted);
    merged = removeFields(merged, dropped, kept, schema) as Manifest;
  }
  const { changed, removed } = compare(live ?? {}, merged, schema);
  const touched = ownable(union(changed, removed), writer.subresource);
  const isKubectl = writer.manager === 'kubectl' && !writer.subresource;
  const contested = intersection(wanted, touched);
  const disputed = isKubectl ? difference(contested, takeover(live, schema)) : contested;
  const conflicts = others
    .map((entry) => ({ entry, fields: paths(intersection(entry.fieldsV1 ?? {}, disputed)) }))
    .filter(({ fields }) => fields.length > 0);
  if (live && conflicts.length && !force) throw conflictError(conflicts);
  const left = others.flatMap((entry) => without(entry, touched) ?? []);
  const finish = (completed: Manifest): Manifest => {
    const isSettled = mine && isEmpty(touched) && isDeepStrictEqual(mine.fieldsV1, wanted);
    const entry = newEntry(writer, 'Apply', wanted);
    const owned = withEntries(completed, isSettled ? entries : isEmpty(wanted) ? left : [...left, entry]);
    return isKubectl ? followLastApplied(live, config, owned) : owned;
  };
  return { merged, finish };
}
