import type { PersistentVolumeClaim, Pod, StatefulSet } from '../kinds.ts';
import { requestDelete } from '../delete.ts';
import { isPodReady } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { adopt, controllerReference, ownedBy, podFromTemplate } from './pods.ts';
import { currentRevision } from './revisions.ts';

const resource = 'statefulsets.apps';
const kind = 'StatefulSet';
const component = 'statefulset-controller';
const revisionLabel = 'controller-revision-hash';

/** Keeps numbered pods, one after another, each with its claims; replaces them from the highest number down. */
export function startStatefulSets(world: World): Controller {
  return startController(world, {
    resource,
    kind,
    owned: ['pods'],
    reconcile: (namespace, name) => {
      const set = world.store.get<StatefulSet>(resource, namespace, name);
      if (set) reconcile(world, set);
    },
  });
}

function reconcile(world: World, set: StatefulSet): void {
  const { store } = world;
  const reference = controllerReference(set, kind, 'apps/v1');
  adopt(store, 'pods', set, set.spec.selector, reference);
  const { current, all } = currentRevision(store, set, reference, set.spec.revisionHistoryLimit ?? 10);
  const updateRevision = current.metadata.name;
  const isKnown = all.some((one) => one.metadata.name === set.status?.currentRevision);
  const currentName = isKnown ? (set.status?.currentRevision ?? updateRevision) : updateRevision;
  if (!set.metadata.deletionTimestamp) step(world, set, updateRevision);
  writeStatus(world, set, currentName, updateRevision);
}

function step(world: World, set: StatefulSet, updateRevision: string): void {
  const wanted = set.spec.replicas ?? 1;
  const isParallel = set.spec.podManagementPolicy === 'Parallel';
  const pods = podsByOrdinal(world, set);
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.get(ordinal);
    if (!pod) create(world, set, ordinal, updateRevision);
    else if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') remove(world, set, pod);
    if (!isParallel && !(pod && isPodReady(pod) && !pod.metadata.deletionTimestamp)) return;
  }
  const extra = [...pods].filter(([ordinal]) => ordinal >= wanted).sort(([a], [b]) => b - a);
  for (const [, pod] of isParallel ? extra : extra.slice(0, 1)) {
    if (!pod.metadata.deletionTimestamp) remove(world, set, pod);
  }
  if (extra.length > 0 || set.spec.updateStrategy?.type === 'OnDelete') return;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = wanted - 1; ordinal >= partition; ordinal -= 1) {
    const pod = pods.get(ordinal);
    if (pod && pod.metadata.labels?.[revisionLabel] !== updateRevision) {
      if (!pod.metadata.deletionTimestamp) remove(world, set, pod);
      return;
    }
    if (!pod || !isPodReady(pod)) return;
  }
}

function podsByOrdinal({ store }: World, set: StatefulSet): Map<number, Pod> {
  const prefix = `${set.metadata.name}-`;
  return new Map(
    ownedBy<Pod>(store, 'pods', set).flatMap((pod) => {
      const ordinal = Number(pod.metadata.name.slice(prefix.length));
      return pod.metadata.name.startsWith(prefix) && Number.isInteger(ordinal) ? [[ordinal, pod] as const] : [];
    }),
  );
}

function create(world: World, set: StatefulSet, ordinal: number, revision: string): void {
  const { store, events } = world;
  const namespace = set.metadata.namespace ?? '';
  const name = `${set.metadata.name}-${String(ordinal)}`;
  const owner = controllerReference(set, kind, 'apps/v1');
  const identity = { name, generateName: `${set.metadata.name}-`, namespace, owner };
  const pod = podFromTemplate(store, set.spec.template, identity);
  pod.metadata.labels = {
    ...pod.metadata.labels,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [revisionLabel]: revision,
    'statefulset.kubernetes.io/pod-name': name,
  };
  const spec = { ...pod.spec, hostname: name, subdomain: set.spec.serviceName ?? '' };
  for (const claim of set.spec.volumeClaimTemplates ?? []) {
    const claimName = `${claim.metadata.name}-${name}`;
    createClaim(world, set, claim, claimName);
    spec.volumes = [
      { name: claim.metadata.name, persistentVolumeClaim: { claimName } },
      ...(spec.volumes ?? []).filter((volume) => volume.name !== claim.metadata.name),
    ];
  }
  store.create('pods', { ...pod, spec });
  const message = `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
}

function createClaim({ store, events }: World, set: StatefulSet, template: PersistentVolumeClaim, name: string): void {
  const namespace = set.metadata.namespace ?? '';
  if (store.get('persistentvolumeclaims', namespace, name)) return;
  const labels = { ...template.metadata.labels, ...set.spec.selector.matchLabels };
  const { annotations } = template.metadata;
  store.create<PersistentVolumeClaim>('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      labels,
      ...(annotations ? { annotations: { ...annotations } } : {}),
      finalizers: ['kubernetes.io/pvc-protection'],
    },
    spec: { volumeMode: 'Filesystem', ...structuredClone(template.spec) },
    status: { phase: 'Pending' },
  });
  const pod = name.slice(template.metadata.name.length + 1);
  const message = `Create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
  events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
}

function remove({ store, events }: World, set: StatefulSet, pod: Pod): void {
  requestDelete(store, 'pods', pod.metadata.namespace ?? '', pod.metadata.name);
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulDelete', message, component });
}

function writeStatus({ store }: World, set: StatefulSet, currentName: string, updateRevision: string): void {
  const pods = ownedBy<Pod>(store, 'pods', set);
  const wanted = set.spec.replicas ?? 1;
  const ready = pods.filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length;
  const having = (revision: string): number =>
    pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision && !pod.metadata.deletionTimestamp).length;
  const updated = having(updateRevision);
  const isDone = updated === wanted && ready === wanted && pods.length === wanted;
  const currentRevisionName = isDone ? updateRevision : currentName;
  const current = having(currentRevisionName);
  store.modify<StatefulSet>(resource, set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = {
      observedGeneration: copy.metadata.generation ?? 1,
      replicas: pods.length,
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      ...(current > 0 ? { currentReplicas: current } : {}),
      ...(updated > 0 ? { updatedReplicas: updated } : {}),
      currentRevision: currentRevisionName,
      updateRevision,
      collisionCount: 0,
      availableReplicas: ready,
    };
    return copy;
  });
}
