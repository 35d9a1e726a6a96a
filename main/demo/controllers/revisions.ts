import type { Manifest, OwnerReference, PodTemplate } from '../kinds.ts';
import { letters } from '../seeded.ts';
import type { Store } from '../store.ts';
import { ownedBy } from './pods.ts';

/** A ControllerRevision of a StatefulSet or a DaemonSet. */
export interface Revision extends Manifest {
  data: { spec: { template: PodTemplate & { $patch: 'replace' } } };
  revision: number;
}

const resource = 'controllerrevisions.apps';
const generationKey = 'deprecated.daemonset.template.generation';

/** A template's hash in the letters of Kubernetes' names: ten of them, the same for the same template. */
export function templateHash(template: PodTemplate): string {
  return letters(stableText(template), 10);
}

/** JSON with sorted keys, so that equal objects have equal texts. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * The revision of the owner's present template, made where it is new and moved to the end where it is an old one
 * (a rollback); and every revision, oldest first, cut to `limit`.
 */
export function currentRevision(
  store: Store,
  owner: Manifest & { spec: { template: PodTemplate } },
  reference: OwnerReference,
  limit: number,
): { current: Revision; all: Revision[] } {
  const namespace = owner.metadata.namespace ?? '';
  const generation = owner.metadata.annotations?.[generationKey];
  const { template } = owner.spec;
  const hash = letters(`${owner.metadata.uid ?? ''}/${stableText(template)}`, 10);
  const name = `${owner.metadata.name}-${hash}`;
  const known = ownedBy<Revision>(store, resource, owner).sort((a, b) => a.revision - b.revision);
  const last = known.at(-1)?.revision ?? 0;
  let current = known.find((one) => one.metadata.name === name);
  if (!current) {
    current = store.create<Revision>(resource, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata?.labels, 'controller.kubernetes.io/hash': hash },
        ...(generation ? { annotations: { [generationKey]: generation } } : {}),
        ownerReferences: [reference],
      },
      data: { spec: { template: { $patch: 'replace', ...structuredClone(template) } } },
      revision: last + 1,
    });
  } else if (current.revision !== last) {
    const moved = store.modify<Revision>(resource, namespace, name, (copy) => ({ ...copy, revision: last + 1 }));
    current = moved ?? current;
  }
  const all = ownedBy<Revision>(store, resource, owner).sort((a, b) => a.revision - b.revision);
  for (const old of all.slice(0, Math.max(0, all.length - 1 - limit)))
    store.remove(resource, namespace, old.metadata.name);
  return { current, all };
}
