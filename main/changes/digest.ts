import { createHash } from 'node:crypto';
import type { Effect } from '../../shared/changes.ts';
import type { RecordedWrite } from '../gate/permits.ts';
import { canonical, isObject, shown, type Json } from './shown.ts';

export interface Identity {
  readonly server: string;
  readonly caSha256: string | null;
}

/**
 * Digest of what a person approves: the cluster's identity, each write in order, the object that each was shown on,
 * and the worst of what was said about it. The resourceVersion is left out, because controllers move it by writing status: the same change on the same
 * visible state has the same digest in another process, and the exact bytes are the change permit's to hold.
 */
export function digestOf(identity: Identity, writes: readonly RecordedWrite[], effects: readonly Effect[]): string {
  const worst = effects.filter((effect) => effect.severity === 'critical').map((effect) => effect.text);
  const approved = writes.map((write) => ({
    method: write.method,
    path: write.path,
    query: write.query,
    contentType: write.contentType,
    body: withoutResourceVersion(write.body),
    uid: write.guard?.uid ?? null,
    before: shown(write.before, write.target.subresource),
    parent: write.parentSha256 ?? null,
  }));
  return createHash('sha256')
    .update('ai4k8s/change/v1\0')
    .update(canonical({ server: identity.server, ca: identity.caSha256, writes: approved, worst: worst.sort() }))
    .digest('hex');
}

function withoutResourceVersion(body: string | null): Json {
  if (body === null) return null;
  const parsed: Json = JSON.parse(body) as Json;
  if (Array.isArray(parsed)) {
    return parsed.filter((operation) => !isObject(operation) || operation.path !== '/metadata/resourceVersion');
  }
  return strip(parsed, ['metadata', 'preconditions', 'deleteOptions']);
}

function strip(value: Json, holders: readonly string[]): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (!holders.includes(key) || !isObject(inner)) return [key, inner];
      const { resourceVersion: _moving, ...rest } = inner;
      return [key, strip(rest, holders)];
    }),
  );
}
