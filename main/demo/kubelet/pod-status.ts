import { timestamp } from '../clock.ts';
import { withCondition } from '../controllers/conditions.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import type { Condition, Pod, PodStatus, Quantities } from '../kinds.ts';
import { containerStatus } from './container.ts';
import type { Runtime } from './container.ts';

/** What the kubelet knows of a pod: its containers by name, and its address. */
export interface PodFacts {
  containers: Map<string, Runtime>;
  startTime: string;
  podIP: string | undefined;
  hostIP: string;
}

function isEnded(runtime: Runtime | undefined): boolean {
  return runtime?.current?.endedAt !== undefined && !runtime.waiting;
}

/** Pending, Running, Succeeded or Failed, by the containers' states and the restart policy. */
export function podPhase(pod: Pod, facts: PodFacts): string {
  const runtimes = pod.spec.containers.map((container) => facts.containers.get(container.name));
  const init = (pod.spec.initContainers ?? []).map((container) => facts.containers.get(container.name));
  const isOver = runtimes.every(isEnded);
  const policy = pod.spec.restartPolicy ?? 'Always';
  const failedInit = init.some((one) => isEnded(one) && (one?.current?.exitCode ?? 0) !== 0);
  if (failedInit && policy === 'Never') return 'Failed';
  if (isOver && policy !== 'Always') {
    return runtimes.every((one) => one?.current?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  const hasStarted = runtimes.some((one) => one?.current ?? one?.previous);
  return hasStarted ? 'Running' : 'Pending';
}

/** Whether every container that must be up first is. */
export function isInitialized(pod: Pod, facts: PodFacts): boolean {
  return (pod.spec.initContainers ?? []).every((container) => {
    const runtime = facts.containers.get(container.name);
    if (container.restartPolicy === 'Always') return runtime?.current !== undefined && !runtime.waiting;
    return isEnded(runtime) && runtime?.current?.exitCode === 0;
  });
}

/** The whole status of a pod on a node. `now`: epoch milliseconds. */
export function podStatus(pod: Pod, facts: PodFacts, now: number): PodStatus {
  const phase = podPhase(pod, facts);
  const at = timestamp(now);
  const statusOf = (container: Pod['spec']['containers'][number]): ReturnType<typeof containerStatus> | undefined => {
    const runtime = facts.containers.get(container.name);
    return runtime && containerStatus(container, runtime);
  };
  const containerStatuses = pod.spec.containers.flatMap((container) => statusOf(container) ?? []);
  const initContainerStatuses = (pod.spec.initContainers ?? []).flatMap((container) => statusOf(container) ?? []);
  const sidecars = initContainerStatuses.filter(
    (_one, index) => pod.spec.initContainers?.[index]?.restartPolicy === 'Always',
  );
  const unready = [...sidecars, ...containerStatuses].filter((one) => !one.ready).map((one) => one.name);
  const conditions = podConditions(pod, facts, phase, unready, at);
  const { podIP, hostIP, startTime } = facts;
  return {
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    conditions,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP ? { podIP, podIPs: [{ ip: podIP }] } : {}),
    startTime,
    ...(initContainerStatuses.length > 0 ? { initContainerStatuses } : {}),
    ...(containerStatuses.length > 0 ? { containerStatuses } : {}),
    qosClass: pod.status?.qosClass ?? 'BestEffort',
    ...podResources(pod, facts),
  };
}

/** What the pod as a whole was given, as kubelets report it once its containers were made. */
function podResources(pod: Pod, facts: PodFacts): PodStatus {
  const hasContainer = [...facts.containers.values()].some((one) => one.current ?? one.previous);
  if (!hasContainer) return { resources: {} };
  const sum = (kind: 'requests' | 'limits'): Quantities => {
    const totals: Quantities = {};
    for (const name of ['cpu', 'memory']) {
      const texts = pod.spec.containers.flatMap(({ resources }) => resources?.[kind]?.[name] ?? []);
      const total = texts.reduce((all, text) => all + parseQuantity(text), 0);
      if (texts.length === 1 && texts[0]) totals[name] = texts[0];
      else if (texts.length > 1)
        totals[name] =
          name === 'cpu' ? `${String(Math.round(total * 1000))}m` : `${String(Math.round(total / 1024))}Ki`;
    }
    return totals;
  };
  const requests = sum('requests');
  const limits = sum('limits');
  const hasRequests = Object.keys(requests).length > 0;
  return {
    ...(hasRequests ? { allocatedResources: requests } : {}),
    resources: { ...(Object.keys(limits).length > 0 ? { limits } : {}), ...(hasRequests ? { requests } : {}) },
  };
}

function podConditions(pod: Pod, facts: PodFacts, phase: string, unready: string[], at: string): Condition[] {
  const observedGeneration = pod.metadata.generation ?? 1;
  let conditions = pod.status?.conditions ?? [];
  const set = (type: string, isTrue: boolean, because: { reason: string; message?: string } | undefined): void => {
    const status = isTrue ? 'True' : 'False';
    conditions = withCondition(
      conditions,
      { type, status, lastProbeTime: null, observedGeneration, ...(isTrue ? {} : because) },
      at,
    );
  };
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  const notInitialized = (pod.spec.initContainers ?? [])
    .filter((one) => one.restartPolicy !== 'Always')
    .map((one) => one.name)
    .filter((name) => facts.containers.get(name)?.current?.exitCode !== 0);
  const because =
    phase === 'Succeeded'
      ? { reason: 'PodCompleted' }
      : phase === 'Failed'
        ? { reason: 'PodFailed' }
        : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  set('PodReadyToStartContainers', facts.podIP !== undefined && !isDone, undefined);
  set('Initialized', isInitialized(pod, facts), {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${notInitialized.join(' ')}]`,
  });
  const isReady = unready.length === 0 && phase === 'Running';
  const gates = (pod.spec.readinessGates ?? []).filter(
    (gate) => !conditions.some((one) => one.type === gate.conditionType && one.status === 'True'),
  );
  const gated =
    gates.length > 0
      ? {
          reason: 'ReadinessGatesNotReady',
          message: gates
            .map((gate) => `corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`)
            .join(', '),
        }
      : because;
  set('Ready', isReady && gates.length === 0, isReady ? gated : because);
  set('ContainersReady', isReady, because);
  set('PodScheduled', true, undefined);
  return conditions;
}
