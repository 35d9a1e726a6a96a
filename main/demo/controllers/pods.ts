import { admitPod, qosClass } from '../defaults/admission.ts';
import type { LabelSelector, Manifest, OwnerReference, Pod, PodSpec, PodTemplate } from '../kinds.ts';
import { letters } from '../seeded.ts';
import type { Store } from '../store.ts';
import { selects } from './selector.ts';

/** The reference by which a controller owns what it makes. */
export function controllerReference(owner: Manifest, kind: string, apiVersion: string): OwnerReference {
  const { name, uid = '' } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function controllerOf(object: Manifest): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}

/** Objects of a namespace that `owner` controls. */
export function ownedBy<T extends Manifest>(store: Store, resource: string, owner: Manifest): T[] {
  const { namespace = '', uid } = owner.metadata;
  return store.list<T>(resource, namespace).filter((object) => controllerOf(object)?.uid === uid);
}

/** Takes in objects without a controller whose labels the selector selects, as Kubernetes' controllers do. */
export function adopt(
  store: Store,
  resource: string,
  owner: Manifest,
  selector: LabelSelector,
  reference: OwnerReference,
): void {
  if (owner.metadata.deletionTimestamp) return;
  for (const object of store.list(resource, owner.metadata.namespace)) {
    const { labels, deletionTimestamp, name, namespace = '' } = object.metadata;
    if (controllerOf(object) || deletionTimestamp || !selects(selector, labels)) continue;
    store.modify(resource, namespace, name, (copy) => {
      copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), reference];
      return copy;
    });
  }
}

let made = 0;

/** A name that nothing has yet: the base and five letters. */
export function generatedName(store: Store, resource: string, namespace: string, base: string): string {
  for (;;) {
    made += 1;
    const name = `${base.slice(0, 58)}${letters(`${base}${String(made)}`, 5)}`;
    if (!store.get(resource, namespace, name)) return name;
  }
}

/** Who a new pod is and whose. */
export interface PodIdentity {
  name: string;
  generateName?: string;
  namespace: string;
  owner: OwnerReference;
}

/**
 * A new pod of a template, admitted as the API server admits every pod.
 * @throws ApiError 403 where admission refuses it.
 */
export function podFromTemplate(store: Store, template: PodTemplate, identity: PodIdentity): Pod {
  const { name, generateName, namespace, owner } = identity;
  const { labels, annotations } = template.metadata ?? {};
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(generateName ? { generateName } : {}),
      namespace,
      ...(labels ? { labels: { ...labels } } : {}),
      ...(annotations ? { annotations: { ...annotations } } : {}),
      ownerReferences: [owner],
    },
    spec: structuredClone(template.spec),
  };
  admitPod(store, pod);
  pod.spec = { ...pod.spec, enableServiceLinks: true } as PodSpec;
  pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec as unknown as Record<string, unknown>) };
  return pod;
}
