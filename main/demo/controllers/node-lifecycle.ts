import { timestamp } from '../clock.ts';
import { requestDelete } from '../delete.ts';
import type { Node, Pod } from '../kinds.ts';
import { isPodReady, isTrue, withCondition } from './conditions.ts';
import type { Controller, World } from './controller.ts';
import { WorkQueue } from './queue.ts';
import { tolerates } from './taints.ts';

const unreachable = 'node.kubernetes.io/unreachable';
const cordoned = 'node.kubernetes.io/unschedulable';

/**
 * What follows from a node's state: taints of an unreachable or cordoned node, pods there that no longer count as
 * ready, and the eviction of pods that do not tolerate a NoExecute taint, or no longer.
 */
export function startNodeLifecycle(world: World): Controller {
  const { store, clock } = world;
  const queue = new WorkQueue(clock, (name) => {
    const node = store.get<Node>('nodes', '', name);
    if (!node) return;
    taint(world, node);
    const waitMs = evict(world, store.get<Node>('nodes', '', name) ?? node);
    if (waitMs !== undefined) queue.add(name, waitMs + 50);
  });
  const ends = [
    store.subscribe(({ object }) => {
      queue.add(object.metadata.name);
    }, 'nodes'),
    store.subscribe(({ type, object }) => {
      const { nodeName } = (object as Pod).spec;
      if (type !== 'DELETED' && nodeName && isTroubled(store.get<Node>('nodes', '', nodeName))) queue.add(nodeName);
    }, 'pods'),
  ];
  for (const node of store.list('nodes')) queue.add(node.metadata.name);
  return {
    close: () => {
      for (const end of ends) end();
      queue.close();
    },
  };
}

function isTroubled(node: Node | undefined): boolean {
  return node?.spec.taints?.some((one) => one.effect === 'NoExecute') ?? false;
}

function taint({ store, clock }: World, node: Node): void {
  const ready = node.status.conditions.find((one) => one.type === 'Ready')?.status;
  const wanted = [
    ...(ready === 'Unknown'
      ? [
          { key: unreachable, effect: 'NoSchedule' },
          { key: unreachable, effect: 'NoExecute' },
        ]
      : []),
    ...(ready === 'False' ? [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] : []),
    ...(node.spec.unschedulable ? [{ key: cordoned, effect: 'NoSchedule' }] : []),
  ];
  const own = [unreachable, cordoned, 'node.kubernetes.io/not-ready'];
  store.modify<Node>('nodes', '', node.metadata.name, (copy) => {
    const before = copy.spec.taints ?? [];
    const timeAdded = timestamp(clock.now());
    const taints = [
      ...before.filter((one) => !own.includes(one.key)),
      ...wanted.map(
        (one) => before.find((old) => old.key === one.key && old.effect === one.effect) ?? { ...one, timeAdded },
      ),
    ];
    if (taints.length > 0) copy.spec.taints = taints;
    else delete copy.spec.taints;
    return copy;
  });
}

/** Evicts what has to go now; returns how long until the next has to, undefined where nothing is left to do. */
function evict(world: World, node: Node): number | undefined {
  const { store, clock, events } = world;
  const taints = (node.spec.taints ?? []).filter((one) => one.effect === 'NoExecute');
  if (taints.length === 0) return undefined;
  let nextMs: number | undefined;
  for (const pod of store.list<Pod>('pods')) {
    if (pod.spec.nodeName !== node.metadata.name) continue;
    if (!isTrue(node.status.conditions, 'Ready') && isPodReady(pod)) markNotReady(world, pod);
    if (pod.metadata.deletionTimestamp) continue;
    const waits = taints.map((one) => toleratedMs(pod, one, clock.now()));
    const waitMs = Math.min(...waits);
    if (waitMs <= 0) {
      requestDelete(store, 'pods', pod.metadata.namespace ?? '', pod.metadata.name);
      const message = `Marking for deletion Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
      const happening = {
        type: 'Normal',
        reason: 'TaintManagerEviction',
        message,
        component: 'taint-eviction-controller',
      } as const;
      events.record(pod, 'Pod', 'v1', happening);
    } else if (Number.isFinite(waitMs)) nextMs = Math.min(nextMs ?? Infinity, waitMs);
  }
  return nextMs;
}

function toleratedMs(pod: Pod, taint: NonNullable<Node['spec']['taints']>[number], now: number): number {
  if (!tolerates(pod.spec.tolerations, taint)) return 0;
  const covering = (pod.spec.tolerations ?? []).filter((one) => tolerates([one], taint));
  if (covering.some((one) => one.tolerationSeconds === undefined)) return Infinity;
  const seconds = Math.max(...covering.map((one) => one.tolerationSeconds ?? 0));
  return Date.parse(taint.timeAdded ?? timestamp(now)) + seconds * 1000 - now;
}

function markNotReady({ store, clock, events }: World, pod: Pod): void {
  const at = timestamp(clock.now());
  store.modify<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name, (copy) => {
    const ready = copy.status?.conditions?.find((one) => one.type === 'Ready');
    if (!ready) return copy;
    copy.status = {
      ...copy.status,
      conditions: withCondition(copy.status?.conditions, { ...ready, status: 'False' }, at),
    };
    return copy;
  });
  const happening = {
    type: 'Warning',
    reason: 'NodeNotReady',
    message: 'Node is not ready',
    component: 'node-controller',
  } as const;
  events.record(pod, 'Pod', 'v1', happening);
}
