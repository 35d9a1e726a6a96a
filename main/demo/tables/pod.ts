import type { ContainerStatus, Manifest, Pod } from '../kinds.ts';
import { since } from './age.ts';
import { age } from './cells.ts';
import type { Cell, RowCondition } from './cells.ts';

interface Tally {
  ready: number;
  restarts: number;
  lastRestart: string;
  reason: string;
}

/** A pod's cells, by the rules of the API server's own printer. */
export function podCells(object: Manifest, now: number): Cell[] {
  const pod = object as Pod;
  const tally = podTally(pod);
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always').length;
  const restarts =
    tally.restarts !== 0 && tally.lastRestart !== ''
      ? `${String(tally.restarts)} (${since(tally.lastRestart, now)} ago)`
      : String(tally.restarts);
  return [
    pod.metadata.name,
    `${String(tally.ready)}/${String(pod.spec.containers.length + sidecars)}`,
    tally.reason,
    restarts,
    age(pod, now),
    pod.status?.podIPs?.[0]?.ip ?? '<none>',
    pod.spec.nodeName ?? '<none>',
    pod.status?.nominatedNodeName ?? '<none>',
    readinessGates(pod),
  ];
}

/** The row condition of a finished pod; undefined for every other. */
export function podConditions(object: Manifest): RowCondition[] | undefined {
  const phase = (object as Pod).status?.phase;
  if (phase === 'Succeeded') {
    return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }];
  }
  if (phase === 'Failed') {
    return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }];
  }
  return undefined;
}

/** The one word of the STATUS column. */
export function podStatusWord(pod: Pod): string {
  return podTally(pod).reason;
}

function podTally(pod: Pod): Tally {
  const status = pod.status ?? {};
  const gated = status.conditions?.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  const initial = gated ? 'SchedulingGated' : (status.reason ?? status.phase ?? '');
  const init = initTally(pod, initial);
  const initialized = status.conditions?.some((one) => one.type === 'Initialized' && one.status === 'True') ?? false;
  const tally = init.initializing && !initialized ? init.tally : mainTally(pod, init.tally, init.sidecars);
  if (pod.metadata.deletionTimestamp && status.reason === 'NodeLost') tally.reason = 'Unknown';
  else if (pod.metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed') {
    tally.reason = 'Terminating';
  }
  return tally;
}

function initTally(pod: Pod, initial: string): { tally: Tally; sidecars: Tally; initializing: boolean } {
  const tally: Tally = { ready: 0, restarts: 0, lastRestart: '', reason: initial };
  const sidecars: Tally = { ready: 0, restarts: 0, lastRestart: '', reason: '' };
  const specs = pod.spec.initContainers ?? [];
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    count(tally, container);
    const isSidecar = specs.find((spec) => spec.name === container.name)?.restartPolicy === 'Always';
    if (isSidecar) count(sidecars, container);
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) tally.ready += 1;
      continue;
    }
    if (terminated) tally.reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') tally.reason = `Init:${waiting.reason}`;
    else tally.reason = `Init:${String(index)}/${String(specs.length)}`;
    return { tally, sidecars, initializing: true };
  }
  return { tally, sidecars, initializing: false };
}

function mainTally(pod: Pod, init: Tally, sidecars: Tally): Tally {
  const tally: Tally = { ...sidecars, ready: init.ready, reason: init.reason };
  let hasRunning = false;
  for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    count(tally, container);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) tally.reason = waiting.reason;
    else if (terminated) tally.reason = endReason(terminated);
    else if (container.ready && running) {
      hasRunning = true;
      tally.ready += 1;
    }
  }
  if (tally.reason === 'Completed' && hasRunning) {
    const ready = pod.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
    tally.reason = ready ? 'Running' : 'NotReady';
  }
  return tally;
}

function count(tally: Tally, container: ContainerStatus): void {
  tally.restarts += container.restartCount;
  const finished = container.lastState?.terminated?.finishedAt ?? '';
  if (finished > tally.lastRestart) tally.lastRestart = finished;
}

function endReason(terminated: { reason?: string; signal?: number; exitCode?: number }): string {
  if (terminated.reason) return terminated.reason;
  if (terminated.signal) return `Signal:${String(terminated.signal)}`;
  return `ExitCode:${String(terminated.exitCode ?? 0)}`;
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const conditions = pod.status?.conditions ?? [];
  const open = gates.filter((gate) =>
    conditions.some((one) => one.type === gate.conditionType && one.status === 'True'),
  );
  return `${String(open.length)}/${String(gates.length)}`;
}
