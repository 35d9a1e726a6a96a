import { timestamp } from '../clock.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import type { Node, PersistentVolumeClaim, Pod, PodSpec } from '../kinds.ts';
import type { Store } from '../store.ts';
import { isTrue, withCondition } from './conditions.ts';
import type { Controller, World } from './controller.ts';
import { WorkQueue } from './queue.ts';
import { tolerates } from './taints.ts';

interface Need {
  cpuCores: number;
  memoryBytes: number;
}

const component = 'default-scheduler';

/** Puts each new pod on the node with the most room, or says why none will have it. */
export function startScheduler(world: World): Controller {
  const { store, clock } = world;
  const used = new Usage(store);
  const queue = new WorkQueue(clock, (key) => {
    const [namespace = '', name = ''] = key.split('/');
    const pod = store.get<Pod>('pods', namespace, name);
    if (pod && isWaiting(pod) && !schedule(world, used, pod)) queue.add(key, 60_000);
  });
  const waiting = new Set<string>();
  const add = (pod: Pod, delayMs: number): void => {
    const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
    if (isWaiting(pod)) {
      waiting.add(key);
      queue.add(key, delayMs);
    } else waiting.delete(key);
  };
  const ends = [
    store.subscribe(({ type, object, previous }) => {
      const pod = object as Pod;
      used.follow(type === 'DELETED' ? undefined : pod, previous as Pod | undefined);
      if (type === 'ADDED' || !isWaiting(pod)) add(pod, 10);
      if (type === 'DELETED') {
        waiting.delete(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
        for (const key of waiting) queue.add(key, 200);
      }
    }, 'pods'),
    ...['nodes', 'persistentvolumeclaims'].map((resource) =>
      store.subscribe(({ type, object, previous }) => {
        if (type === 'MODIFIED' && resource === 'nodes' && !isOpened(object as Node, previous as Node)) return;
        for (const key of waiting) queue.add(key, 200);
      }, resource),
    ),
  ];
  for (const pod of store.list<Pod>('pods')) {
    used.follow(pod, undefined);
    add(pod, 10);
  }
  return {
    close: () => {
      for (const end of ends) end();
      queue.close();
    },
  };
}

function isOpened(node: Node, before: Node): boolean {
  return (
    JSON.stringify([node.spec, node.status.allocatable]) !== JSON.stringify([before.spec, before.status.allocatable])
  );
}

function isWaiting(pod: Pod): boolean {
  return !pod.spec.nodeName && !pod.metadata.deletionTimestamp && !(pod.spec.schedulingGates ?? []).length;
}

function needOf(spec: PodSpec): Need {
  const sum = (name: 'cpu' | 'memory'): number =>
    spec.containers.reduce((total, { resources }) => {
      const text = resources?.requests?.[name] ?? resources?.limits?.[name];
      return total + (text ? parseQuantity(text) : 0);
    }, 0);
  return { cpuCores: sum('cpu'), memoryBytes: sum('memory') };
}

/** What is asked for on each node, kept as pods come and go. */
class Usage {
  readonly #byNode = new Map<string, Need & { pods: number }>();
  readonly #counted = new Map<string, { node: string; need: Need }>();

  constructor(store: Store) {
    for (const pod of store.list<Pod>('pods')) this.follow(pod, undefined);
  }

  follow(pod: Pod | undefined, previous: Pod | undefined): void {
    const uid = (pod ?? previous)?.metadata.uid ?? '';
    const isOver = pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed';
    const node = pod && !isOver ? pod.spec.nodeName : undefined;
    const before = this.#counted.get(uid);
    if (before?.node === node) return;
    if (before) this.#add(before.node, before.need, -1);
    this.#counted.delete(uid);
    if (pod && node) {
      const need = needOf(pod.spec);
      this.#counted.set(uid, { node, need });
      this.#add(node, need, 1);
    }
  }

  on(node: string): Need & { pods: number } {
    return this.#byNode.get(node) ?? { cpuCores: 0, memoryBytes: 0, pods: 0 };
  }

  #add(node: string, need: Need, sign: 1 | -1): void {
    const now = this.on(node);
    this.#byNode.set(node, {
      cpuCores: now.cpuCores + sign * need.cpuCores,
      memoryBytes: now.memoryBytes + sign * need.memoryBytes,
      pods: now.pods + sign,
    });
  }
}

function schedule(world: World, used: Usage, pod: Pod): boolean {
  const { store, clock, events } = world;
  const unbound = unboundClaim(store, pod);
  const nodes = store.list<Node>('nodes');
  const need = needOf(pod.spec);
  const reasons = new Map<string, number>();
  let best: { node: Node; room: number } | undefined;
  for (const node of nodes) {
    const why = unbound ?? obstacle(node, pod, need, used);
    if (why !== undefined) {
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
      continue;
    }
    const room = roomOn(node, used);
    if (!best || room > best.room) best = { node, room };
  }
  const at = timestamp(clock.now());
  const observedGeneration = pod.metadata.generation ?? 1;
  const { namespace = '', name } = pod.metadata;
  if (best) {
    const nodeName = best.node.metadata.name;
    store.modify<Pod>('pods', namespace, name, (copy) => {
      copy.spec.nodeName = nodeName;
      const condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null, observedGeneration };
      copy.status = { ...copy.status, conditions: withCondition(copy.status?.conditions, condition, at) };
      return copy;
    });
    const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
    events.recordOnce(pod, 'Pod', 'v1', { type: 'Normal', reason: 'Scheduled', message, component, action: 'Binding' });
    return true;
  }
  const message = unschedulableText(nodes.length, reasons, unbound !== undefined);
  const isSaid = pod.status?.conditions?.some((one) => one.type === 'PodScheduled' && one.message === message);
  store.modify<Pod>('pods', namespace, name, (copy) => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      observedGeneration,
    };
    copy.status = {
      phase: 'Pending',
      ...copy.status,
      conditions: withCondition(copy.status?.conditions, condition, at),
    };
    return copy;
  });
  const happening = { type: 'Warning', reason: 'FailedScheduling', message, component } as const;
  if (isSaid) events.record(pod, 'Pod', 'v1', happening);
  else events.recordOnce(pod, 'Pod', 'v1', { ...happening, action: 'Scheduling' });
  return false;
}

function unboundClaim(store: Store, pod: Pod): string | undefined {
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const { claimName } = persistentVolumeClaim;
    const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace ?? '', claimName);
    if (!claim) return `persistentvolumeclaim "${claimName}" not found`;
    const storageClass = store.get('storageclasses.storage.k8s.io', '', claim.spec.storageClassName ?? '') as
      { volumeBindingMode?: string } | undefined;
    const canWait = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    if (claim.status?.phase !== 'Bound' && !canWait) return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** What a node has to give, read once per state of the node. */
const rooms = new WeakMap<Node, { cpu: number; memory: number; pods: number }>();

function allocatable(node: Node): { cpu: number; memory: number; pods: number } {
  let room = rooms.get(node);
  if (!room) {
    const has = (name: string): number => parseQuantity(node.status.allocatable[name] ?? '0');
    rooms.set(node, (room = { cpu: has('cpu'), memory: has('memory'), pods: has('pods') }));
  }
  return room;
}

function obstacle(node: Node, pod: Pod, need: Need, used: Usage): string | undefined {
  const taints = (node.spec.taints ?? []).filter((one) => one.effect !== 'PreferNoSchedule');
  const isCordoned = node.spec.unschedulable && !tolerates(pod.spec.tolerations, cordon);
  if (isCordoned) return 'node(s) were unschedulable';
  const repelling = taints.find((one) => !tolerates(pod.spec.tolerations, one) && one.key !== cordon.key);
  if (repelling) return `node(s) had untolerated taint(s)`;
  if (!isTrue(node.status.conditions, 'Ready')) return 'node(s) were not ready';
  const labels = node.metadata.labels ?? {};
  const selector = Object.entries(pod.spec.nodeSelector ?? {});
  if (selector.some(([key, value]) => labels[key] !== value))
    return "node(s) didn't match Pod's node affinity/selector";
  const { cpuCores, memoryBytes, pods } = used.on(node.metadata.name);
  const room = allocatable(node);
  if (pods + 1 > room.pods) return 'Too many pods';
  if (need.cpuCores > 0 && cpuCores + need.cpuCores > room.cpu + 1e-9) return 'Insufficient cpu';
  if (need.memoryBytes > 0 && memoryBytes + need.memoryBytes > room.memory) return 'Insufficient memory';
  return undefined;
}

const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function roomOn(node: Node, used: Usage): number {
  const { cpuCores, memoryBytes, pods } = used.on(node.metadata.name);
  const room = allocatable(node);
  const cpu = 1 - cpuCores / room.cpu;
  const memory = 1 - memoryBytes / room.memory;
  return cpu + memory - pods / 1000;
}

function unschedulableText(nodes: number, reasons: Map<string, number>, isUnbound: boolean): string {
  const count = (text: string, number: number): string => `${String(number)} ${text}`;
  const list = [...reasons].map(([text, number]) => count(text, number)).sort();
  const total = `0/${String(nodes)} nodes are available`;
  if (isUnbound)
    return `${total}: ${[...reasons.keys()].join(', ')}. no new claims to deallocate, preemption: ${total}: ${count('Preemption is not helpful for scheduling', nodes)}.`;
  if (nodes === 0) return 'no nodes available to schedule pods';
  const scarce = [...reasons]
    .filter(([text]) => /^(Insufficient|Too many)/.test(text))
    .reduce((sum, [, number]) => sum + number, 0);
  const other = nodes - scarce;
  const preemption = [
    ...(other > 0 ? [count('Preemption is not helpful for scheduling', other)] : []),
    ...(scarce > 0 ? [count('No preemption victims found for incoming pod', scarce)] : []),
  ].sort();
  return `${total}: ${list.join(', ')}. no new claims to deallocate, preemption: ${total}: ${preemption.join(', ')}.`;
}
