import { timestamp } from '../clock.ts';
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

const apiAccess = 'kube-api-access-';

/** What the API server's admission adds to every pod: service account, its token's volume, tolerations, priority. */
export function admitPodSpec(spec: PodSpec, seed: string): PodSpec {
  const serviceAccountName = spec.serviceAccountName ?? 'default';
  const full = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...structuredClone(spec),
    serviceAccountName,
    serviceAccount: serviceAccountName,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: spec.priority ?? 0,
    enableServiceLinks: true,
  } as PodSpec & { automountServiceAccountToken?: boolean };
  const lasting = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
  full.tolerations ??= [];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const isTolerated = full.tolerations.some((one) => one.key === key || (!one.key && one.operator === 'Exists'));
    if (!isTolerated) full.tolerations.push({ key, ...lasting });
  }
  const hasAccess = full.volumes?.some((volume) => volume.name.startsWith(apiAccess));
  if (full.automountServiceAccountToken !== false && !hasAccess)
    mountApiAccess(full, `${apiAccess}${letters(seed, 5)}`);
  return full;
}

function mountApiAccess(spec: PodSpec, name: string): void {
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    },
  ];
  const mount = { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
}

/** A new pod of a template, as it stands in the store before it is scheduled. */
export function podFromTemplate(
  template: PodTemplate,
  identity: { name: string; generateName?: string; namespace: string; owner: OwnerReference; at: number },
): Pod {
  const { name, generateName, namespace, owner, at } = identity;
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(generateName ? { generateName } : {}),
      namespace,
      ...(labels ? { labels: { ...labels } } : {}),
      ...(annotations ? { annotations: { ...annotations } } : {}),
      ownerReferences: [owner],
      creationTimestamp: timestamp(at),
    },
    spec: admitPodSpec(template.spec, `${namespace}/${name}`),
    status: { phase: 'Pending', qosClass: qosClass(template.spec) },
  };
}

/** Guaranteed, Burstable or BestEffort, from requests and limits of cpu and memory. */
export function qosClass(spec: PodSpec): string {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map((container) => container.resources ?? {});
  const isSet = all.some(
    (one) => one.requests?.['cpu'] ?? one.requests?.['memory'] ?? one.limits?.['cpu'] ?? one.limits?.['memory'],
  );
  if (!isSet) return 'BestEffort';
  const isGuaranteed = all.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => limits?.[name] && (requests?.[name] ?? limits[name]) === limits[name]),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
