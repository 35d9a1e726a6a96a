/**
 * The scripted kubelets of every node: pods assigned to a node are brought up, kept, restarted and taken down as a real
 * kubelet would, with programs (programs/) in place of processes.
 *
 * Promises: status, events, back-off times and log lines follow one clock; logs and exec answer from the same program
 * that the status tells of.
 * Must never: pretend to run what it does not. A container says in its log, and a shell in its /etc/motd, that this is
 * the demo.
 */
import type { Controller, World } from './controllers/controller.ts';
import { isTrue } from './controllers/conditions.ts';
import { PodWorker } from './kubelet/pod-worker.ts';
import type { NodeSide } from './kubelet/pod-worker.ts';
import type { Instance, Runtime } from './kubelet/container.ts';
import type { Node, Pod } from './kinds.ts';

interface NodeState {
  images: Set<string>;
  nextAddress: number;
  prefix: string;
}

export class Kubelet implements Controller {
  readonly #world: World;
  readonly #workers = new Map<string, PodWorker>();
  readonly #nodes = new Map<string, NodeState>();
  readonly #end: () => void;

  constructor(world: World) {
    this.#world = world;
    this.#end = world.store.subscribe(({ type, object, previous }) => {
      this.#follow(object as Pod, previous as Pod | undefined, type === 'DELETED');
    }, 'pods');
    for (const pod of world.store.list<Pod>('pods')) this.#follow(pod, undefined, false);
  }

  /** What a container is doing; undefined where its pod never reached a node. */
  runtimeOf(pod: Pod, container: string): Runtime | undefined {
    return this.#workers.get(pod.metadata.uid ?? '')?.facts.containers.get(container);
  }

  /** The running instances of a pod by container name. */
  running(pod: Pod): [string, Instance][] {
    const containers = this.#workers.get(pod.metadata.uid ?? '')?.facts.containers ?? new Map<string, Runtime>();
    return [...containers].flatMap(([name, { current, waiting }]) =>
      current && current.endedAt === undefined && !waiting ? [[name, current] as [string, Instance]] : [],
    );
  }

  close(): void {
    this.#end();
    for (const worker of this.#workers.values()) worker.close();
    this.#workers.clear();
  }

  #follow(pod: Pod, previous: Pod | undefined, isGone: boolean): void {
    const uid = pod.metadata.uid ?? '';
    const worker = this.#workers.get(uid);
    if (isGone) {
      worker?.close();
      this.#workers.delete(uid);
      return;
    }
    const { nodeName } = pod.spec;
    if (!nodeName) return;
    const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const { deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.metadata;
    if (!worker) {
      if (isOver || deletionTimestamp) return;
      const started = new PodWorker(this.#world, this.#nodeSide(nodeName), pod);
      this.#workers.set(uid, started);
      started.start();
    } else if (deletionTimestamp) {
      if (!worker.isStopping && this.#isAlive(nodeName)) worker.stop(deletionGracePeriodSeconds);
    } else if (previous && previous.spec !== pod.spec) worker.renew();
  }

  #isAlive(nodeName: string): boolean {
    const node = this.#world.store.get<Node>('nodes', '', nodeName);
    return node !== undefined && isTrue(node.status.conditions, 'Ready');
  }

  #nodeSide(nodeName: string): NodeSide {
    const { store } = this.#world;
    let state = this.#nodes.get(nodeName);
    const node = store.get<Node>('nodes', '', nodeName);
    if (!state) {
      const range = node?.spec.podCIDR ?? '10.244.255.0/24';
      state = { images: new Set(), nextAddress: 2, prefix: range.split('.').slice(0, 3).join('.') };
      this.#nodes.set(nodeName, state);
    }
    const known = state;
    return {
      address: node?.status.addresses.find((one) => one.type === 'InternalIP')?.address ?? '',
      images: known.images,
      isAlive: () => this.#isAlive(nodeName),
      nextPodAddress: () => {
        const taken = known.nextAddress;
        known.nextAddress = taken >= 254 ? 2 : taken + 1;
        return `${known.prefix}.${String(taken)}`;
      },
    };
  }
}
