/** Answers for logs, exec and node proxy from what the scripted kubelets know. */
import type { Clock } from './clock.ts';
import { timestamp } from './clock.ts';
import { isTrue } from './controllers/conditions.ts';
import { ApiError, badRequest } from './errors.ts';
import type { Instance, Runtime } from './kubelet/container.ts';
import type { Kubelet } from './kubelet.ts';
import type { Node, Pod } from './kinds.ts';
import type { Metrics } from './metrics.ts';
import type { ExecResult, LogRequest, PodRuntime } from './pod-runtime.ts';
import { linesOf } from './programs/program.ts';
import type { LogLine } from './programs/program.ts';
import { runCommand } from './shell/run.ts';
import { statsSummary } from './stats.ts';
import type { Store } from './store.ts';

const followMs = 400;

export class DemoRuntime implements PodRuntime {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #kubelet: Kubelet;
  readonly #metrics: Metrics;

  constructor(store: Store, clock: Clock, kubelet: Kubelet, metrics: Metrics) {
    this.#store = store;
    this.#clock = clock;
    this.#kubelet = kubelet;
    this.#metrics = metrics;
  }

  logs(pod: Pod, request: LogRequest, follow?: Parameters<PodRuntime['logs']>[2]): string[] {
    const instance = this.#instance(pod, request);
    const now = this.#clock.now();
    let lines = this.#lines(instance, now);
    if (request.since !== undefined) lines = lines.filter((line) => line.at >= (request.since ?? 0));
    if (request.tailLines !== undefined) lines = request.tailLines > 0 ? lines.slice(-request.tailLines) : [];
    const text = (line: LogLine): string =>
      request.timestamps ? `${new Date(line.at).toISOString().slice(0, -1)}000000Z ${line.text}` : line.text;
    if (follow) this.#follow(pod, request.container, instance, now, { ...follow, text });
    return lines.map(text);
  }

  exec(pod: Pod, container: string, command: string[], stdin: string): ExecResult {
    this.#requireNode(pod);
    const instance = this.#kubelet.running(pod).find(([name]) => name === container)?.[1];
    if (!instance) throw new ApiError(500, 'InternalError', `container not found ("${container}")`);
    const { env, files } = instance;
    const argv =
      command.length === 1 && /^(sh|\/bin\/(ba)?sh|bash)$/.test(command[0] ?? '') ? ['sh', '-c', stdin] : command;
    const life = runCommand(argv, { env, files, hostname: pod.metadata.name, now: this.#clock.now() }, stdin);
    const of = (stream: 1 | 2): string =>
      life.output
        .filter((one) => one.stream === stream)
        .map((one) => one.text)
        .join('');
    return { stdout: of(1), stderr: of(2), exitCode: life.exitCode ?? 143 };
  }

  nodeProxy(name: string, path: string, _query: string): { contentType: string; body: string } | undefined {
    const node = this.#store.get<Node>('nodes', '', name);
    if (!node) return undefined;
    if (!isTrue(node.status.conditions, 'Ready')) throw this.#unreachable(node);
    const clean = path.replace(/^\/|\/$/g, '');
    if (clean === 'stats/summary') {
      const body = JSON.stringify(statsSummary(this.#store, this.#metrics, node), null, 1);
      return { contentType: 'application/json', body };
    }
    if (clean === 'healthz') return { contentType: 'text/plain; charset=utf-8', body: 'ok' };
    if (clean === 'logs' || clean.startsWith('logs/')) {
      const at = timestamp(this.#clock.now());
      return {
        contentType: 'text/plain; charset=utf-8',
        body: `${at} ${name} kubelet[1]: a node of the demo cluster; it keeps no logs\n`,
      };
    }
    return undefined;
  }

  #unreachable(node: Node): ApiError {
    const address = node.status.addresses.find((one) => one.type === 'InternalIP')?.address ?? '';
    const why = `dial tcp ${address}:10250: connect: no route to host`;
    return new ApiError(500, 'InternalError', `Get "https://${address}:10250/": ${why}`);
  }

  #requireNode(pod: Pod): void {
    const node = this.#store.get<Node>('nodes', '', pod.spec.nodeName ?? '');
    if (node && !isTrue(node.status.conditions, 'Ready')) throw this.#unreachable(node);
  }

  #instance(pod: Pod, { container, previous }: LogRequest): Instance {
    this.#requireNode(pod);
    const runtime = this.#kubelet.runtimeOf(pod, container);
    const found = runtime && chosen(runtime, previous);
    if (found) return found;
    const { name } = pod.metadata;
    if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    const reason = runtime?.waiting?.reason ?? 'ContainerCreating';
    if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
      throw badRequest(
        `container "${container}" in pod "${name}" is waiting to start: trying and failing to pull image`,
      );
    }
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${reason}`);
  }

  #lines(instance: Instance, until: number): LogLine[] {
    return linesOf(instance.program, instance.startedAt, until, instance.endedAt);
  }

  #follow(
    pod: Pod,
    container: string,
    instance: Instance,
    from: number,
    sink: NonNullable<Parameters<PodRuntime['logs']>[2]> & { text: (line: LogLine) => string },
  ): void {
    let seenUntil = from;
    const step = (): void => {
      if (sink.signal.aborted) return;
      const now = this.#clock.now();
      for (const line of this.#lines(instance, now)) if (line.at > seenUntil) sink.line(sink.text(line));
      seenUntil = now;
      const isOver = instance.endedAt !== undefined || this.#kubelet.runtimeOf(pod, container)?.current !== instance;
      if (isOver) sink.end();
      else cancel = this.#clock.after(followMs, step);
    };
    let cancel = this.#clock.after(followMs, step);
    sink.signal.addEventListener('abort', () => {
      cancel();
    });
  }
}

function chosen(runtime: Runtime, previous: boolean): Instance | undefined {
  if (!previous) return runtime.current;
  return runtime.waiting && runtime.current?.endedAt !== undefined ? runtime.current : runtime.previous;
}
