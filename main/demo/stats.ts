import { timestamp } from './clock.ts';
import { parseQuantity } from '../../shared/quantity.ts';
import type { Node, PersistentVolumeClaim, Pod } from './kinds.ts';
import type { Metrics } from './metrics.ts';
import type { Usage } from './programs/program.ts';
import { fraction } from './seeded.ts';
import type { Store } from './store.ts';

/** On a claim: how full its volume was when it was made, and how much of it fills per day. Story only. */
export const fillAnnotation = 'demo.ai4k8s/fills';

const hour = 3_600_000;
const gibibyte = 2 ** 30;

/** Bytes used of a claim's volume at a moment: a story's claims fill, every other stays where it is. */
export function claimUsedBytes(claim: PersistentVolumeClaim, at: number): number {
  const capacity = parseQuantity(claim.status?.capacity?.['storage'] ?? '1Gi');
  const [startText, perDayText] = (claim.metadata.annotations?.[fillAnnotation] ?? '').split('+');
  if (!startText || !perDayText) return capacity * (0.15 + 0.3 * fraction(`${claim.metadata.uid ?? ''}/disk`));
  const days = (at - Date.parse(claim.metadata.creationTimestamp ?? '')) / (24 * hour);
  return Math.min(capacity * 0.995, capacity * (Number(startText) + Number(perDayText) * days));
}

function cpu(usage: Usage, at: number): object {
  return { time: timestamp(at), usageNanoCores: Math.round(usage.cpuMillicores * 1e6) };
}

function memory(usage: Usage, at: number): object {
  const bytes = Math.round(usage.memoryBytes);
  return { time: timestamp(at), usageBytes: bytes, workingSetBytes: bytes, rssBytes: Math.round(bytes * 0.9) };
}

function disk(at: number, capacityBytes: number, usedBytes: number): object {
  const used = Math.round(usedBytes);
  return {
    time: timestamp(at),
    availableBytes: capacityBytes - used,
    capacityBytes,
    usedBytes: used,
    inodesFree: 6_100_000,
    inodes: 6_553_600,
    inodesUsed: 453_600,
  };
}

function total(usages: Usage[]): Usage {
  return usages.reduce(
    (sum, usage) => ({
      cpuMillicores: sum.cpuMillicores + usage.cpuMillicores,
      memoryBytes: sum.memoryBytes + usage.memoryBytes,
    }),
    { cpuMillicores: 0, memoryBytes: 0 },
  );
}

/** What a kubelet says at /stats/summary. */
export function statsSummary(store: Store, metrics: Metrics, node: Node): object {
  const at = metrics.sampledAt();
  const { name } = node.metadata;
  const nodeUsage = metrics.nodeUsage(node, at);
  const capacity = Math.round(parseQuantity(node.status.capacity['ephemeral-storage'] ?? '80Gi'));
  const pods = store.list<Pod>('pods').filter((pod) => pod.spec.nodeName === name);
  return {
    node: {
      nodeName: name,
      startTime: node.metadata.creationTimestamp,
      cpu: cpu(nodeUsage, at),
      memory: {
        ...memory(nodeUsage, at),
        availableBytes: Math.round(parseQuantity(node.status.capacity['memory'] ?? '0') - nodeUsage.memoryBytes),
      },
      fs: disk(at, capacity, capacity * (0.3 + 0.2 * fraction(`${name}/fs`))),
    },
    pods: pods.flatMap((pod) => podStats(store, metrics, pod, at)),
  };
}

function podStats(store: Store, metrics: Metrics, pod: Pod, at: number): object[] {
  const samples = metrics.podSamples(pod);
  if (samples.length === 0) return [];
  const { name, namespace = '', uid } = pod.metadata;
  const sum = total(samples.map((sample) => sample.usage));
  const volume = (pod.spec.volumes ?? []).flatMap((one) => {
    if (!one.persistentVolumeClaim) return [];
    const { claimName } = one.persistentVolumeClaim;
    const claim = store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, claimName);
    if (!claim) return [];
    const capacity = Math.round(parseQuantity(claim.status?.capacity?.['storage'] ?? '1Gi'));
    return [
      { ...disk(at, capacity, claimUsedBytes(claim, at)), name: one.name, pvcRef: { name: claimName, namespace } },
    ];
  });
  return [
    {
      podRef: { name, namespace, uid },
      startTime: pod.status?.startTime,
      containers: samples.map(({ container, usage }) => ({
        name: container,
        startTime: pod.status?.startTime,
        cpu: cpu(usage, at),
        memory: memory(usage, at),
      })),
      cpu: cpu(sum, at),
      memory: memory(sum, at),
      'ephemeral-storage': disk(at, 80 * gibibyte, 40 * 2 ** 20),
      ...(volume.length > 0 ? { volume } : {}),
    },
  ];
}
