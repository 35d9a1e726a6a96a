import type { Container, Pod } from '../kinds.ts';
import { runCommand } from '../shell/run.ts';
import type { Instance } from './container.ts';

interface Probe {
  httpGet?: { path?: string; port: number | string };
  tcpSocket?: { port: number | string };
  exec?: { command?: string[] };
  grpc?: { port: number };
  initialDelaySeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
}

/** Seconds between two probes. */
export function periodMs(container: Container): number {
  return ((container.readinessProbe as Probe | undefined)?.periodSeconds ?? 10) * 1000;
}

/**
 * Whether a readiness probe succeeds, and how long after the start; otherwise what it says. A port is served where the
 * container declares it, or where it declares none.
 */
export function readiness(
  pod: Pod,
  container: Container,
  instance: Instance,
  now: number,
): { afterMs: number } | { failure: string } {
  const probe = container.readinessProbe as Probe | undefined;
  if (!probe) return { afterMs: 0 };
  const delayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  const { readyAfterMs } = instance.program;
  if (probe.exec) {
    const { env, files } = instance;
    const life = runCommand(probe.exec.command ?? [], { env, files, hostname: pod.metadata.name, now });
    const said = life.output
      .map((one) => one.text)
      .join('')
      .trim();
    if (life.exitCode === 0) return { afterMs: delayMs + 500 };
    return { failure: `Readiness probe failed: ${said}` };
  }
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  const declared = container.ports ?? [];
  const number = typeof port === 'number' ? port : declared.find((one) => one.name === port)?.containerPort;
  const isServed = declared.length === 0 || declared.some((one) => one.containerPort === number);
  const address = `${pod.status?.podIP ?? ''}:${String(number ?? port)}`;
  if (!isServed || readyAfterMs === null) {
    const dial = `dial tcp ${address}: connect: connection refused`;
    if (!probe.httpGet) return { failure: `Readiness probe failed: ${dial}` };
    return { failure: `Readiness probe failed: Get "http://${address}${probe.httpGet.path ?? '/'}": ${dial}` };
  }
  return { afterMs: Math.max(delayMs, readyAfterMs) };
}
