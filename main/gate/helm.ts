import { isFields, textAt } from './body.ts';
import type { RecordedWrite, Target } from './permits.ts';

const releaseName = /^sh\.helm\.release\.v1\.([a-z0-9.-]+)\.v\d+$/;

/** The release whose Secret this is, null where it is none of Helm's. */
export function releaseOf(target: Target | null, bodyName: string | null): string | null {
  if (target === null || target.group !== '' || target.resource !== 'secrets' || target.subresource !== null)
    return null;
  const found = releaseName.exec(target.name ?? bodyName ?? '');
  return found?.[1] === undefined ? null : `${target.namespace ?? ''}/${found[1]}`;
}

export function releaseOfWrite(write: RecordedWrite): string | null {
  return releaseOf(write.target, textAt(write.after, 'metadata', 'name') ?? textAt(write.before, 'metadata', 'name'));
}

/** Two Scale objects that ask for the same: what the server writes into them is left out. */
export function sameScale(a: unknown, b: unknown): boolean {
  return JSON.stringify(askedScale(a)) === JSON.stringify(askedScale(b));
}

function askedScale(scale: unknown): unknown {
  if (!isFields(scale)) return scale;
  const metadata = isFields(scale['metadata']) ? scale['metadata'] : {};
  return [
    scale['kind'],
    scale['apiVersion'],
    metadata['name'],
    metadata['namespace'],
    scale['spec'],
    metadata['labels'],
  ];
}
