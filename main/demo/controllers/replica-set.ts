import type { Pod, ReplicaSet } from '../kinds.ts';
import { requestDelete } from '../delete.ts';
import { ApiError } from '../errors.ts';
import { isPodActive, isPodReady } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { adopt, controllerReference, generatedName, ownedBy, podFromTemplate } from './pods.ts';
import { selects } from './selector.ts';

const resource = 'replicasets.apps';
const kind = 'ReplicaSet';
const component = 'replicaset-controller';

/** Keeps as many pods as a ReplicaSet asks for. */
export function startReplicaSets(world: World): Controller {
  return startController(world, {
    resource,
    kind,
    owned: ['pods'],
    reconcile: (namespace, name, again) => {
      const set = world.store.get<ReplicaSet>(resource, namespace, name);
      if (set) reconcile(world, set, again);
    },
  });
}

function reconcile(world: World, set: ReplicaSet, again: (delayMs: number) => void): void {
  const { store } = world;
  adopt(store, 'pods', set, set.spec.selector, controllerReference(set, kind, 'apps/v1'));
  release(world, set);
  const pods = ownedBy<Pod>(store, 'pods', set);
  const active = pods.filter(isPodActive);
  const wanted = set.spec.replicas ?? 1;
  if (!set.metadata.deletionTimestamp) {
    if (active.length < wanted && !createPods(world, set, wanted - active.length)) again(15_000);
    if (active.length > wanted) deletePods(world, set, leastWanted(active).slice(0, active.length - wanted));
  }
  writeStatus(world, set, again);
}

/** A pod whose labels no longer match is let go. */
function release({ store }: World, set: ReplicaSet): void {
  for (const pod of ownedBy<Pod>(store, 'pods', set)) {
    if (selects(set.spec.selector, pod.metadata.labels)) continue;
    store.modify<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name, (copy) => {
      copy.metadata.ownerReferences = (copy.metadata.ownerReferences ?? []).filter(
        (one) => one.uid !== set.metadata.uid,
      );
      return copy;
    });
  }
}

/** Makes pods until there are enough or one is refused; false then. */
function createPods({ store, events }: World, set: ReplicaSet, count: number): boolean {
  const namespace = set.metadata.namespace ?? '';
  const owner = controllerReference(set, kind, 'apps/v1');
  for (let made = 0; made < count; made += 1) {
    const generateName = `${set.metadata.name}-`;
    const name = generatedName(store, 'pods', namespace, generateName);
    try {
      store.create('pods', podFromTemplate(store, set.spec.template, { name, generateName, namespace, owner }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const message = `Error creating: ${error.message}`;
      events.record(set, kind, 'apps/v1', { type: 'Warning', reason: 'FailedCreate', message, component });
      return false;
    }
    const message = `Created pod: ${name}`;
    events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
  }
  return true;
}

function deletePods({ store, events }: World, set: ReplicaSet, pods: Pod[]): void {
  for (const pod of pods) {
    requestDelete(store, 'pods', pod.metadata.namespace ?? '', pod.metadata.name);
    const message = `Deleted pod: ${pod.metadata.name}`;
    events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulDelete', message, component });
  }
}

/** Pods in the order in which they go: unscheduled, not running, not ready, then the youngest. */
function leastWanted(pods: Pod[]): Pod[] {
  const rank = (pod: Pod): number => {
    if (!pod.spec.nodeName) return 0;
    if (pod.status?.phase !== 'Running') return 1;
    return isPodReady(pod) ? 3 : 2;
  };
  return [...pods].sort((a, b) => {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference;
    return (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
  });
}

function writeStatus({ store, clock }: World, set: ReplicaSet, again: (delayMs: number) => void): void {
  const pods = ownedBy<Pod>(store, 'pods', set);
  const active = pods.filter(isPodActive);
  const ready = active.filter(isPodReady);
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const available = ready.filter((pod) => {
    const since = pod.status?.conditions?.find((one) => one.type === 'Ready')?.lastTransitionTime ?? '';
    return minReadyMs === 0 || clock.now() - Date.parse(since) >= minReadyMs;
  });
  if (available.length < ready.length) again(1000);
  const labels = set.spec.template.metadata?.labels ?? {};
  const labelled = active.filter((pod) => selects({ matchLabels: labels }, pod.metadata.labels));
  const terminating = pods.filter((pod) => pod.metadata.deletionTimestamp);
  store.modify<ReplicaSet>(resource, set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = {
      replicas: active.length,
      ...(labelled.length > 0 ? { fullyLabeledReplicas: labelled.length } : {}),
      ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
      ...(available.length > 0 ? { availableReplicas: available.length } : {}),
      terminatingReplicas: terminating.length,
      observedGeneration: copy.metadata.generation ?? 1,
    };
    return copy;
  });
}
