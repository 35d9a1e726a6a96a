import type { DaemonSet, Node, Pod } from '../kinds.ts';
import { requestDelete } from '../delete.ts';
import { isPodReady, isTrue } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { absolute } from './deployment.ts';
import { adopt, controllerReference, generatedName, ownedBy, podFromTemplate } from './pods.ts';
import { currentRevision } from './revisions.ts';
import { tolerates } from './taints.ts';

const resource = 'daemonsets.apps';
const kind = 'DaemonSet';
const component = 'daemonset-controller';
const revisionLabel = 'controller-revision-hash';

/** Taints that a daemon tolerates by nature. */
const natural = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'];

/** Keeps one pod on every node that a DaemonSet selects. */
export function startDaemonSets(world: World): Controller {
  const controller = startController(world, {
    resource,
    kind,
    owned: ['pods'],
    reconcile: (namespace, name) => {
      const set = world.store.get<DaemonSet>(resource, namespace, name);
      if (set) reconcile(world, set);
    },
  });
  const end = world.store.subscribe(({ type }) => {
    if (type === 'MODIFIED') return;
    for (const { metadata } of world.store.list(resource)) controller.again(metadata.namespace ?? '', metadata.name);
  }, 'nodes');
  return {
    close: () => {
      end();
      controller.close();
    },
  };
}

function reconcile(world: World, set: DaemonSet): void {
  const { store } = world;
  const reference = controllerReference(set, kind, 'apps/v1');
  adopt(store, 'pods', set, set.spec.selector, reference);
  const limit = set.spec.revisionHistoryLimit ?? 10;
  const revision = currentRevision(store, set, reference, limit).current;
  const hash = revision.metadata.labels?.['controller.kubernetes.io/hash'] ?? '';
  const nodes = store.list<Node>('nodes').filter((node) => runsOn(set, node));
  const pods = ownedBy<Pod>(store, 'pods', set);
  if (!set.metadata.deletionTimestamp) step(world, set, nodes, pods, hash);
  writeStatus(world, set, nodes, hash);
}

function runsOn(set: DaemonSet, node: Node): boolean {
  const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec;
  const labels = node.metadata.labels ?? {};
  if (Object.entries(nodeSelector).some(([key, value]) => labels[key] !== value)) return false;
  return (node.spec.taints ?? []).every(
    (taint) =>
      taint.effect === 'PreferNoSchedule' ||
      natural.some((name) => taint.key === `node.kubernetes.io/${name}`) ||
      tolerates(tolerations, taint),
  );
}

function nodeOf(pod: Pod): string {
  return pod.spec.nodeName ?? '';
}

function step(world: World, set: DaemonSet, nodes: Node[], pods: Pod[], hash: string): void {
  const { store } = world;
  const unavailable = nodes.filter(
    (node) =>
      !pods.some((pod) => nodeOf(pod) === node.metadata.name && isPodReady(pod) && !pod.metadata.deletionTimestamp),
  ).length;
  let budget = Math.max(1, absolute(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodes.length, 'up'));
  budget -= unavailable;
  for (const node of nodes) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
    if (here.length === 0) create(world, set, node.metadata.name, hash);
    const old = here.find((pod) => pod.metadata.labels?.[revisionLabel] !== hash && !pod.metadata.deletionTimestamp);
    if (!old || set.spec.updateStrategy?.type === 'OnDelete') continue;
    if (isPodReady(old) && budget <= 0) continue;
    if (isPodReady(old)) budget -= 1;
    remove(world, set, old);
  }
  const wanted = new Set(nodes.map((node) => node.metadata.name));
  for (const pod of pods) {
    const isLost = !wanted.has(nodeOf(pod)) && !pod.metadata.deletionTimestamp;
    const isOver = pod.status?.phase === 'Failed';
    if (isLost || isOver) remove(world, set, pod);
    if (isLost && !store.get('nodes', '', nodeOf(pod)))
      store.remove('pods', pod.metadata.namespace ?? '', pod.metadata.name);
  }
}

function create({ store, events }: World, set: DaemonSet, nodeName: string, hash: string): void {
  const namespace = set.metadata.namespace ?? '';
  const generateName = `${set.metadata.name}-`;
  const name = generatedName(store, 'pods', namespace, generateName);
  const owner = controllerReference(set, kind, 'apps/v1');
  const pod = podFromTemplate(store, set.spec.template, { name, generateName, namespace, owner });
  pod.metadata.labels = {
    ...pod.metadata.labels,
    [revisionLabel]: hash,
    'pod-template-generation': String(set.metadata.generation ?? 1),
  };
  const lasting = { operator: 'Exists', effect: 'NoExecute' };
  const tolerations = (set.spec.template.spec.tolerations ?? []).concat(
    natural.map((key) => ({
      key: `node.kubernetes.io/${key}`,
      ...lasting,
      ...(key === 'not-ready' || key === 'unreachable' ? {} : { effect: 'NoSchedule' }),
    })),
  );
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
      },
    },
  };
  const spec = { ...pod.spec, nodeName, tolerations, affinity };
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null };
  store.create('pods', { ...pod, spec, status: { ...pod.status, conditions: [scheduled] } });
  const message = `Created pod: ${name}`;
  events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
}

function remove({ store, events }: World, set: DaemonSet, pod: Pod): void {
  requestDelete(store, 'pods', pod.metadata.namespace ?? '', pod.metadata.name);
  const message = `Deleted pod: ${pod.metadata.name}`;
  events.record(set, kind, 'apps/v1', { type: 'Normal', reason: 'SuccessfulDelete', message, component });
}

function writeStatus({ store }: World, set: DaemonSet, nodes: Node[], hash: string): void {
  const names = new Set(nodes.map((node) => node.metadata.name));
  const pods = ownedBy<Pod>(store, 'pods', set).filter((pod) => !pod.metadata.deletionTimestamp);
  const placed = pods.filter((pod) => names.has(nodeOf(pod)));
  const ready = placed.filter((pod) => isTrue(pod.status?.conditions, 'Ready')).length;
  const updated = placed.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash).length;
  const missing = nodes.length - ready;
  store.modify<DaemonSet>(resource, set.metadata.namespace ?? '', set.metadata.name, (copy) => {
    copy.status = {
      currentNumberScheduled: placed.length,
      numberMisscheduled: pods.length - placed.length,
      desiredNumberScheduled: nodes.length,
      numberReady: ready,
      observedGeneration: copy.metadata.generation ?? 1,
      ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
      ...(ready > 0 ? { numberAvailable: ready } : {}),
      ...(missing > 0 ? { numberUnavailable: missing } : {}),
    };
    return copy;
  });
}
