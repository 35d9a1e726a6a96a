/**
 * What the server does for kubectl when a person moves from client-side to server-side apply: fields that the last
 * client-side apply set and nobody changed since are no conflict, and its annotation follows what is applied.
 */
import type { Manifest } from '../kinds.ts';
import type { Schema } from '../recordings.ts';
import { difference, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { compare, ownedFields } from './typed.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

function lastApplied(live: Manifest | undefined): unknown {
  const text = live?.metadata.annotations?.[annotation];
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Fields that kubectl may take over without a conflict. */
export function takeover(live: Manifest | undefined, schema: Schema | undefined): FieldSet {
  const applied = lastApplied(live);
  if (applied === undefined) return {};
  const { changed, removed } = compare(applied, live, schema);
  return difference(ownedFields(applied, schema), union(changed, removed));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** `completed` with the annotation brought up to `config`, where `live` has one. */
export function followLastApplied(live: Manifest | undefined, config: Manifest, completed: Manifest): Manifest {
  if (lastApplied(live) === undefined) return completed;
  const { [annotation]: _old, ...annotations } = config.metadata.annotations ?? {};
  const { annotations: _annotations, ...metadata } = config.metadata;
  const named = Object.keys(annotations).length ? { ...metadata, annotations } : metadata;
  const text = `${JSON.stringify(sorted({ ...config, metadata: named }))}\n`;
  const kept = { ...completed.metadata.annotations, [annotation]: text };
  return { ...completed, metadata: { ...completed.metadata, annotations: kept } };
}
