/**
 * metrics.k8s.io: what each container and node uses, sampled every fifteen seconds.
 *
 * Promises: a value is a function of the pod and the time alone, so any moment of the past can be asked for
 * (`usageAt`), and two clusters with the same story have the same numbers.
 * Must never: invent a sample for a container that does not run.
 */
import { timestamp } from './clock.ts';
import type { Clock } from './clock.ts';
import { isTrue } from './controllers/conditions.ts';
import type { Kubelet } from './kubelet.ts';
import type { Manifest, Node, Pod } from './kinds.ts';
import type { ComputedResource } from './pod-runtime.ts';
import type { Usage } from './programs/program.ts';
import { steadyLoad } from './programs/load.ts';
import type { Store } from './store.ts';

const sampleMs = 15_000;
/** How long after its start a container has its first sample. */
const warmUpMs = 15_000;

interface Sample {
  container: string;
  usage: Usage;
}

export class Metrics {
  readonly #store: Store;
  readonly #kubelet: Kubelet;
  readonly #clock: Clock;

  constructor(store: Store, kubelet: Kubelet, clock: Clock) {
    this.#store = store;
    this.#kubelet = kubelet;
    this.#clock = clock;
  }

  /** The last sample's time. */
  sampledAt(): number {
    return Math.floor((this.#clock.now() - 2000) / sampleMs) * sampleMs;
  }

  /** What each running container of a pod uses at a moment, by its present program also before its start. */
  usageAt(pod: Pod, at: number): Sample[] {
    return this.#kubelet.running(pod).map(([container, { program, startedAt }]) => ({
      container,
      usage: program.usage(at, startedAt),
    }));
  }

  /** The last sample of a pod, empty where it has none yet. */
  podSamples(pod: Pod): Sample[] {
    const node = pod.spec.nodeName ? this.#store.get<Node>('nodes', '', pod.spec.nodeName) : undefined;
    if (!node || !isTrue(node.status.conditions, 'Ready')) return [];
    const at = this.sampledAt();
    return this.#kubelet
      .running(pod)
      .filter(([, instance]) => at - instance.startedAt >= warmUpMs - sampleMs / 2)
      .map(([container, { program, startedAt }]) => ({ container, usage: program.usage(at, startedAt) }));
  }

  /** What a node uses at a moment: its pods and itself. */
  nodeUsage(node: Node, at: number): Usage {
    const own = steadyLoad(`node/${node.metadata.name}`, 110, 900)(at);
    return this.#store
      .list<Pod>('pods')
      .filter((pod) => pod.spec.nodeName === node.metadata.name)
      .flatMap((pod) => this.usageAt(pod, at))
      .reduce(
        (sum, { usage }) => ({
          cpuMillicores: sum.cpuMillicores + usage.cpuMillicores,
          memoryBytes: sum.memoryBytes + usage.memoryBytes,
        }),
        own,
      );
  }

  /** The computed resources by their names in the store. */
  resources(): Map<string, ComputedResource> {
    return new Map([
      [
        'pods.metrics.k8s.io',
        { list: (namespace) => this.#pods(namespace), get: (namespace, name) => this.#pod(namespace, name) },
      ],
      ['nodes.metrics.k8s.io', { list: () => this.#nodes(), get: (_none, name) => this.#node(name) }],
    ]);
  }

  #pods(namespace: string): Manifest[] {
    return this.#store.list<Pod>('pods', namespace).flatMap((pod) => this.#podMetrics(pod) ?? []);
  }

  #pod(namespace: string, name: string): Manifest | undefined {
    const pod = this.#store.get<Pod>('pods', namespace, name);
    return pod && this.#podMetrics(pod);
  }

  #podMetrics(pod: Pod): Manifest | undefined {
    const samples = this.podSamples(pod);
    const isInit = (name: string): boolean => pod.spec.initContainers?.some((one) => one.name === name) ?? false;
    if (samples.length === 0 || samples.every(({ container }) => isInit(container))) return undefined;
    const { name, namespace = '', labels } = pod.metadata;
    return this.#metrics(
      'PodMetrics',
      { name, namespace, ...(labels ? { labels } : {}) },
      {
        containers: samples.map(({ container, usage }) => ({ name: container, usage: quantities(usage) })),
      },
    );
  }

  #nodes(): Manifest[] {
    return this.#store.list<Node>('nodes').flatMap((node) => this.#nodeMetrics(node) ?? []);
  }

  #node(name: string): Manifest | undefined {
    const node = this.#store.get<Node>('nodes', '', name);
    return node && this.#nodeMetrics(node);
  }

  #nodeMetrics(node: Node): Manifest | undefined {
    if (!isTrue(node.status.conditions, 'Ready')) return undefined;
    const { name, labels } = node.metadata;
    const usage = quantities(this.nodeUsage(node, this.sampledAt()));
    return this.#metrics('NodeMetrics', { name, ...(labels ? { labels } : {}) }, { usage });
  }

  #metrics(kind: string, metadata: Manifest['metadata'], content: object): Manifest {
    return {
      kind,
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { ...metadata, creationTimestamp: timestamp(this.#clock.now()) },
      timestamp: timestamp(this.sampledAt()),
      window: '15.012s',
      ...content,
    } as Manifest;
  }
}

function quantities({ cpuMillicores, memoryBytes }: Usage): { cpu: string; memory: string } {
  return { cpu: `${String(Math.round(cpuMillicores * 1e6))}n`, memory: `${String(Math.round(memoryBytes / 1024))}Ki` };
}
