/** Which container comes when, and which comes back. */
import type { Container, Pod } from '../kinds.ts';
import type { PodFacts } from './pod-status.ts';

export function isInit(pod: Pod, { name }: Container): boolean {
  return pod.spec.initContainers?.some((one) => one.name === name) ?? false;
}

/** An init container that must end before the next starts: not a sidecar. */
export function isPlainInit(pod: Pod, container: Container): boolean {
  return isInit(pod, container) && container.restartPolicy !== 'Always';
}

/** Whether a container that ended is started again, by its own and the pod's restart policy. */
export function isRestarted(pod: Pod, container: Container, exitCode: number): boolean {
  if (isInit(pod, container) && container.restartPolicy === 'Always') return true;
  const { restartPolicy = 'Always' } = pod.spec;
  const policy = isInit(pod, container) && restartPolicy === 'Always' ? 'OnFailure' : restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** What is to be started now: the next init container, or once they are done every container not yet begun. */
export function nextContainers(pod: Pod, facts: PodFacts): Container[] {
  for (const container of pod.spec.initContainers ?? []) {
    const runtime = facts.containers.get(container.name);
    const isDone = runtime?.current?.endedAt !== undefined && runtime.current.exitCode === 0;
    const isUp = container.restartPolicy === 'Always' && runtime?.current && !runtime.waiting;
    if (isDone || isUp) continue;
    return runtime?.current ? [] : [container];
  }
  return pod.spec.containers.filter((container) => {
    const runtime = facts.containers.get(container.name);
    if (runtime?.current ?? runtime?.previous) return false;
    if (runtime?.waiting?.reason === 'PodInitializing') runtime.waiting = { reason: 'ContainerCreating' };
    return true;
  });
}
