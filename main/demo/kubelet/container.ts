import { timestamp } from '../clock.ts';
import type { Container, ContainerState, ContainerStatus } from '../kinds.ts';
import type { Program } from '../programs/program.ts';
import { hash } from '../seeded.ts';

/** One run of a container's process. Times are epoch milliseconds. */
export interface Instance {
  program: Program;
  startedAt: number;
  endedAt?: number;
  exitCode?: number;
  reason?: string;
  id: string;
  /** What a shell finds in it; written to by exec. */
  files: Map<string, string>;
  env: Record<string, string>;
}

/** What the kubelet knows of a container beyond its status. */
export interface Runtime {
  image: string;
  current: Instance | undefined;
  previous: Instance | undefined;
  restarts: number;
  backOffMs: number;
  isReady: boolean;
  waiting: { reason: string; message?: string } | undefined;
}

export function newRuntime(image: string, reason: string): Runtime {
  return {
    image,
    current: undefined,
    previous: undefined,
    restarts: 0,
    backOffMs: 0,
    isReady: false,
    waiting: { reason },
  };
}

/** 64 hexadecimal digits for a seed, as a runtime numbers its containers. */
export function hexId(seed: string): string {
  let text = '';
  for (let index = 0; index < 8; index += 1)
    text += hash(`${seed}/${String(index)}`)
      .toString(16)
      .padStart(8, '0');
  return text;
}

function ended(instance: Instance): ContainerState {
  return {
    terminated: {
      exitCode: instance.exitCode ?? 0,
      reason: instance.reason ?? 'Completed',
      startedAt: timestamp(instance.startedAt),
      finishedAt: timestamp(instance.endedAt ?? instance.startedAt),
      containerID: `containerd://${instance.id}`,
    },
  };
}

/** A container's entry in the pod's status. */
export function containerStatus(container: Container, runtime: Runtime): ContainerStatus & Record<string, unknown> {
  const { current, previous, waiting } = runtime;
  const latest = current ?? previous;
  const isEnded = current?.endedAt !== undefined;
  const state: ContainerState = waiting
    ? { waiting }
    : current
      ? isEnded
        ? ended(current)
        : { running: { startedAt: timestamp(current.startedAt) } }
      : { waiting: { reason: 'ContainerCreating' } };
  const last = waiting && isEnded ? current : previous;
  const isRunning = state.running !== undefined;
  const { resources } = container;
  const hasResources = Object.keys(resources ?? {}).length > 0;
  return {
    ...(hasResources && resources?.requests ? { allocatedResources: resources.requests } : {}),
    ...(latest ? { containerID: `containerd://${latest.id}` } : {}),
    image: runtime.image,
    imageID: latest ? `sha256:${hexId(runtime.image)}` : '',
    lastState: last?.endedAt === undefined ? {} : ended(last),
    name: container.name,
    ready: runtime.isReady && isRunning,
    ...(latest ? { resources: resources ?? {} } : {}),
    restartCount: runtime.restarts,
    started: isRunning,
    state,
    ...(container.volumeMounts
      ? {
          volumeMounts: container.volumeMounts.map(({ name, mountPath, readOnly }) => ({
            mountPath,
            name,
            ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
          })),
        }
      : {}),
  };
}
