import { timestamp } from '../clock.ts';
import type { World } from '../controllers/controller.ts';
import type { Happening } from '../controllers/events.ts';
import type { Container, Pod } from '../kinds.ts';
import { isForgotten } from '../pace.ts';
import { backOffText, nextBackOff } from './back-off.ts';
import { newRuntime } from './container.ts';
import { pullImage } from './image-pull.ts';
import { missingVolume, MissingInput } from './inputs.ts';
import { newInstance } from './instance.ts';
import type { Instance, Runtime } from './container.ts';
import { isInit, isPlainInit, isRestarted, nextContainers } from './order.ts';
import { podPhase, podStatus } from './pod-status.ts';
import type { PodFacts } from './pod-status.ts';
import { periodMs, readiness } from './probe.ts';

/** What a worker asks of the node it is on. */
export interface NodeSide {
  address: string;
  nextPodAddress: () => string;
  /** False while the node does not answer: then nothing on it changes. */
  isAlive: () => boolean;
  /** Images that are there already. */
  images: Set<string>;
}

/** One pod on its node, from the first volume to the last container. Its timers die with it. */
export class PodWorker {
  readonly facts: PodFacts;
  readonly #world: World;
  readonly #node: NodeSide;
  readonly #namespace: string;
  readonly #name: string;
  readonly #timers = new Set<() => void>();
  #isStopping = false;

  constructor(world: World, node: NodeSide, pod: Pod) {
    this.#world = world;
    this.#node = node;
    this.#namespace = pod.metadata.namespace ?? '';
    this.#name = pod.metadata.name;
    this.facts = {
      containers: new Map(),
      startTime: timestamp(world.clock.now()),
      podIP: undefined,
      hostIP: node.address,
    };
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Begins: volumes, sandbox, init containers, containers. */
  start(): void {
    const pod = this.#pod();
    if (!pod) return;
    for (const container of pod.spec.initContainers ?? []) {
      this.facts.containers.set(container.name, newRuntime(container.image ?? '', 'PodInitializing'));
    }
    const reason = pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    for (const container of pod.spec.containers) {
      this.facts.containers.set(container.name, newRuntime(container.image ?? '', reason));
    }
    this.#after(150, () => {
      this.#writeUnlessForgotten();
      this.#mount();
    });
  }

  /** Ends the containers and removes the pod, after as long as its programs need and no longer than the grace. */
  stop(graceSeconds: number): void {
    const pod = this.#pod();
    if (!pod || this.#isStopping) return;
    this.#isStopping = true;
    this.#cancelAll();
    let stopMs = 300;
    for (const container of pod.spec.containers) {
      const runtime = this.facts.containers.get(container.name);
      if (!runtime?.current || runtime.current.endedAt !== undefined) continue;
      stopMs = Math.max(stopMs, runtime.current.program.stopMs);
      this.#say(pod, container, 'Normal', 'Killing', `Stopping container ${container.name}`);
    }
    this.#after(Math.min(stopMs, graceSeconds * 1000), () => {
      for (const runtime of this.facts.containers.values()) this.#end(runtime, 0, 'Completed');
      this.#write();
      const last = this.#pod();
      if (!last?.metadata.finalizers?.length) this.#world.store.remove('pods', this.#namespace, this.#name);
      else {
        this.#world.store.modify('pods', this.#namespace, this.#name, (copy) => {
          copy.metadata.deletionGracePeriodSeconds = 0;
          return copy;
        });
      }
    });
  }

  /** A container's image was changed in place: it is started anew. */
  renew(): void {
    const pod = this.#pod();
    for (const container of pod?.spec.containers ?? []) {
      const runtime = this.facts.containers.get(container.name);
      if (!pod || !runtime || runtime.image === (container.image ?? '')) continue;
      this.#end(runtime, 0, 'Completed');
      runtime.image = container.image ?? '';
      runtime.backOffMs = 0;
      if (runtime.current) runtime.restarts += 1;
      this.#say(
        pod,
        container,
        'Normal',
        'Killing',
        `Container ${container.name} definition changed, will be restarted`,
      );
      this.#pull(container);
    }
  }

  close(): void {
    this.#cancelAll();
  }

  #pod(): Pod | undefined {
    return this.#world.store.get<Pod>('pods', this.#namespace, this.#name);
  }

  #after(ms: number, action: () => void): void {
    const cancel = this.#world.clock.after(ms, () => {
      this.#timers.delete(cancel);
      if (this.#node.isAlive()) action();
      else this.#after(5000, action);
    });
    this.#timers.add(cancel);
  }

  #cancelAll(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** States on the way to another, which nobody sees in a story's past. */
  #writeUnlessForgotten(): void {
    if (!isForgotten(this.#world.clock, 60_000)) this.#write();
  }

  #write(): void {
    const now = this.#world.clock.now();
    this.#world.store.modify<Pod>('pods', this.#namespace, this.#name, (copy) => {
      const ephemeral = (copy.status as Record<string, unknown> | undefined)?.['ephemeralContainerStatuses'];
      copy.status = {
        ...podStatus(copy, this.facts, now),
        ...(ephemeral ? { ephemeralContainerStatuses: ephemeral } : {}),
      };
      return copy;
    });
  }

  #say(pod: Pod, container: Container | undefined, type: Happening['type'], reason: string, message: string): void {
    const list = container && isInit(pod, container) ? 'initContainers' : 'containers';
    this.#world.events.record(pod, 'Pod', 'v1', {
      type,
      reason,
      message,
      component: 'kubelet',
      host: pod.spec.nodeName ?? '',
      ...(container ? { fieldPath: `spec.${list}{${container.name}}` } : {}),
    });
  }

  #mount(): void {
    const pod = this.#pod();
    if (!pod) return;
    const missing = missingVolume(this.#world.store, pod);
    if (missing) {
      this.#say(pod, undefined, 'Warning', 'FailedMount', missing);
      this.#after(15_000, () => {
        this.#mount();
      });
      return;
    }
    this.facts.podIP = pod.spec.hostNetwork ? this.#node.address : this.#node.nextPodAddress();
    this.#writeUnlessForgotten();
    this.#next();
  }

  /** Starts the next init container, or once they are done every container. */
  #next(): void {
    const pod = this.#pod();
    if (!pod || this.#isStopping) return;
    for (const container of nextContainers(pod, this.facts)) this.#pull(container);
  }

  #runtime(container: Container): Runtime {
    const runtime = this.facts.containers.get(container.name) ?? newRuntime(container.image ?? '', 'ContainerCreating');
    this.facts.containers.set(container.name, runtime);
    return runtime;
  }

  #pull(container: Container): void {
    const pod = this.#pod();
    if (!pod) return;
    const runtime = this.#runtime(container);
    pullImage(container, this.#node.images, 10_000, {
      say: (type, reason, message) => {
        this.#say(pod, container, type, reason, message);
      },
      after: (ms, action) => {
        this.#after(ms, () => {
          if (runtime.image === (container.image ?? '')) action();
        });
      },
      wait: (waiting) => {
        runtime.waiting = waiting;
        this.#write();
      },
      done: () => {
        this.#create(container);
      },
    });
  }

  #create(container: Container): void {
    const pod = this.#pod();
    if (!pod) return;
    const { store, clock } = this.#world;
    const runtime = this.#runtime(container);
    let instance: Instance;
    try {
      instance = newInstance(store, pod, container, runtime.restarts, clock.now());
    } catch (error) {
      if (!(error instanceof MissingInput)) throw error;
      runtime.waiting = { reason: 'CreateContainerConfigError', message: error.message };
      this.#say(pod, container, 'Warning', 'Failed', `Error: ${error.message}`);
      this.#write();
      this.#after(8000, () => {
        this.#create(container);
      });
      return;
    }
    runtime.previous = runtime.current ?? runtime.previous;
    runtime.current = instance;
    runtime.waiting = undefined;
    runtime.isReady = false;
    this.#say(pod, container, 'Normal', 'Created', 'Container created');
    this.#say(pod, container, 'Normal', 'Started', 'Container started');
    const isPlain = isPlainInit(pod, container);
    if (!isPlain) this.#probe(container, instance);
    if (isPlain || container.readinessProbe) this.#write();
    const { ending } = instance.program;
    if (ending) {
      this.#after(ending.afterMs, () => {
        this.#ended(container, runtime, instance);
      });
    }
    if (isInit(pod, container))
      this.#after(300, () => {
        this.#next();
      });
  }

  #probe(container: Container, instance: Instance): void {
    const pod = this.#pod();
    const runtime = this.#runtime(container);
    if (!pod || runtime.current !== instance || instance.endedAt !== undefined) return;
    const result = readiness(pod, container, instance, this.#world.clock.now());
    if ('failure' in result) {
      const startedMs = this.#world.clock.now() - instance.startedAt;
      const wait = Math.max(periodMs(container), 30_000);
      if (startedMs > 0) this.#say(pod, container, 'Warning', 'Unhealthy', result.failure);
      this.#after(startedMs > 0 ? wait : 3000, () => {
        this.#probe(container, instance);
      });
      return;
    }
    const beReady = (): void => {
      if (runtime.current !== instance || instance.endedAt !== undefined) return;
      runtime.isReady = true;
      this.#write();
    };
    if (result.afterMs === 0) beReady();
    else this.#after(result.afterMs, beReady);
  }

  #end(runtime: Runtime, exitCode: number, reason: string): void {
    const { current } = runtime;
    runtime.isReady = false;
    if (!current || current.endedAt !== undefined) return;
    current.endedAt = this.#world.clock.now();
    current.exitCode = exitCode;
    current.reason = reason;
  }

  #ended(container: Container, runtime: Runtime, instance: Instance): void {
    const pod = this.#pod();
    const { ending } = instance.program;
    if (!pod || !ending || runtime.current !== instance || instance.endedAt !== undefined) return;
    this.#end(runtime, ending.exitCode, ending.reason);
    if (isPlainInit(pod, container) && ending.exitCode === 0) {
      this.#write();
      this.#next();
      return;
    }
    this.#write();
    if (!isRestarted(pod, container, ending.exitCode) || podPhase(pod, this.facts) === 'Failed') return;
    const waitMs = nextBackOff(runtime, this.#world.clock.now() - instance.startedAt);
    this.#after(1200, () => {
      if (waitMs > 0) this.#backOff(container, runtime, waitMs);
      this.#after(waitMs, () => {
        runtime.restarts += 1;
        this.#pull(container);
      });
    });
  }

  #backOff(container: Container, runtime: Runtime, waitMs: number): void {
    const pod = this.#pod();
    if (!pod) return;
    const of = `${this.#name}_${this.#namespace}(${pod.metadata.uid ?? ''})`;
    const text = backOffText(waitMs);
    const message = `back-off ${text} restarting failed container=${container.name} pod=${of}`;
    runtime.waiting = { reason: 'CrashLoopBackOff', message };
    this.#say(
      pod,
      container,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${of}`,
    );
    this.#write();
  }
}
