import { timestamp } from '../clock.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import type { Condition, Deployment, HorizontalPodAutoscaler, MetricValue, Pod } from '../kinds.ts';
import { pace } from '../pace.ts';
import type { Metrics } from '../metrics.ts';
import { isPodActive, isPodReady, withCondition } from './conditions.ts';
import type { Controller, World } from './controller.ts';
import { selects } from './selector.ts';

const resource = 'horizontalpodautoscalers.autoscaling';
const kind = 'HorizontalPodAutoscaler';
const syncMs = 15_000;
const tolerance = 0.1;
const calmDownMs = 300_000;

const targets: Record<string, string> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
};

interface Reading {
  desired: number;
  current: MetricValue;
}

/**
 * Scales workloads by the cpu and memory their pods use, every fifteen seconds: down only after five minutes without a
 * higher wish.
 */
export function startAutoscalers(world: World, metrics: Metrics): Controller {
  const wishes = new Map<string, { at: number; replicas: number }[]>();
  const scaler = new Autoscaler(world, metrics, wishes);
  let cancel = (): void => undefined;
  const round = (): void => {
    for (const hpa of world.store.list<HorizontalPodAutoscaler>(resource)) scaler.sync(hpa);
    cancel = world.clock.after(pace(world.clock, syncMs, 21_600_000), round);
  };
  cancel = world.clock.after(1000, round);
  return {
    close: () => {
      cancel();
    },
  };
}

class Autoscaler {
  readonly #world: World;
  readonly #metrics: Metrics;
  readonly #wishes: Map<string, { at: number; replicas: number }[]>;

  constructor(world: World, metrics: Metrics, wishes: Map<string, { at: number; replicas: number }[]>) {
    this.#world = world;
    this.#metrics = metrics;
    this.#wishes = wishes;
  }

  sync(hpa: HorizontalPodAutoscaler): void {
    const { store } = this.#world;
    const { namespace = '' } = hpa.metadata;
    const { name, kind: targetKind } = hpa.spec.scaleTargetRef;
    const targetResource = targets[targetKind];
    const target = targetResource ? store.get<Deployment>(targetResource, namespace, name) : undefined;
    if (!targetResource || !target) {
      this.#noTarget(hpa);
      return;
    }
    const current = target.spec.replicas ?? 1;
    const pods = store
      .list<Pod>('pods', namespace)
      .filter((pod) => isPodActive(pod) && selects(target.spec.selector, pod.metadata.labels));
    const readings = (hpa.spec.metrics ?? []).map((metric) => this.#read(metric, pods, current));
    const found = readings.filter((reading) => reading !== undefined);
    if (found.length === 0) {
      this.#noMetrics(hpa, current);
      return;
    }
    const min = hpa.spec.minReplicas ?? 1;
    const wish = Math.max(...found.map((reading) => reading.desired));
    const calm = this.#calm(hpa, Math.min(Math.max(wish, min), hpa.spec.maxReplicas), current);
    if (calm !== current) this.#scale(hpa, targetResource, current, calm, wish);
    this.#write(hpa, current, calm, wish, readings);
  }

  #read(
    metric: NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number],
    pods: Pod[],
    replicas: number,
  ): Reading | undefined {
    const name = metric.resource?.name;
    if (!metric.resource || (name !== 'cpu' && name !== 'memory')) return undefined;
    const ready = pods.filter(isPodReady);
    const amount = (pod: Pod): number =>
      this.#metrics
        .podSamples(pod)
        .reduce((sum, { usage }) => sum + (name === 'cpu' ? usage.cpuMillicores / 1000 : usage.memoryBytes), 0);
    const asked = (pod: Pod): number =>
      pod.spec.containers.reduce((sum, { resources }) => sum + parseQuantity(resources?.requests?.[name] ?? 'x'), 0);
    const measured = ready.filter((pod) => this.#metrics.podSamples(pod).length > 0);
    if (measured.length === 0) return undefined;
    const used = measured.reduce((sum, pod) => sum + amount(pod), 0);
    const average = used / measured.length;
    const averageValue = name === 'cpu' ? `${String(Math.round(average * 1000))}m` : String(Math.round(average));
    const { averageUtilization, averageValue: wanted } = metric.resource.target;
    if (averageUtilization === undefined) {
      const ratio = average / parseQuantity(wanted ?? 'x');
      return Number.isNaN(ratio)
        ? undefined
        : { desired: desiredOf(ratio, measured.length, replicas), current: { averageValue } };
    }
    const requests = measured.reduce((sum, pod) => sum + asked(pod), 0);
    if (Number.isNaN(requests) || requests === 0) return undefined;
    const utilization = Math.round((used / requests) * 100);
    const desired = desiredOf(utilization / averageUtilization, measured.length, replicas);
    return { desired, current: { averageUtilization: utilization, averageValue } };
  }

  #calm(hpa: HorizontalPodAutoscaler, wish: number, current: number): number {
    const now = this.#world.clock.now();
    const uid = hpa.metadata.uid ?? '';
    const recent = (this.#wishes.get(uid) ?? [{ at: now, replicas: current }]).filter(
      (one) => now - one.at < calmDownMs,
    );
    recent.push({ at: now, replicas: wish });
    this.#wishes.set(uid, recent);
    return wish >= current ? wish : Math.min(current, Math.max(...recent.map((one) => one.replicas)));
  }

  #scale(hpa: HorizontalPodAutoscaler, target: string, from: number, to: number, wish: number): void {
    const { store, events } = this.#world;
    store.modify<Deployment>(target, hpa.metadata.namespace ?? '', hpa.spec.scaleTargetRef.name, (copy) => {
      copy.spec.replicas = to;
      return copy;
    });
    const why =
      to > from ? 'cpu resource utilization (percentage of request) above target' : 'All metrics below target';
    const limit = wish < (hpa.spec.minReplicas ?? 1) ? 'Current number of replicas below Spec.MinReplicas' : why;
    const message = `New size: ${String(to)}; reason: ${limit}`;
    events.record(hpa, kind, 'autoscaling/v2', {
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message,
      component: 'horizontal-pod-autoscaler',
    });
  }

  #conditions(hpa: HorizontalPodAutoscaler, list: Condition[]): Condition[] {
    const at = timestamp(this.#world.clock.now());
    return list.reduce((all, one) => withCondition(all, one, at), hpa.status?.conditions ?? []);
  }

  #save(hpa: HorizontalPodAutoscaler, status: NonNullable<HorizontalPodAutoscaler['status']>): void {
    const { namespace = '', name } = hpa.metadata;
    this.#world.store.modify<HorizontalPodAutoscaler>(resource, namespace, name, (copy) => ({ ...copy, status }));
  }

  #write(
    hpa: HorizontalPodAutoscaler,
    current: number,
    desired: number,
    wish: number,
    readings: (Reading | undefined)[],
  ): void {
    const min = hpa.spec.minReplicas ?? 1;
    const limited = wish < min ? 'TooFewReplicas' : wish > hpa.spec.maxReplicas ? 'TooManyReplicas' : undefined;
    const side = limited === 'TooFewReplicas' ? 'less than the minimum' : 'more than the maximum';
    const lastScaleTime = desired === current ? hpa.status?.lastScaleTime : timestamp(this.#world.clock.now());
    const metrics = (hpa.spec.metrics ?? []).flatMap(({ type, resource: one }, index) => {
      const reading = readings[index];
      return one && reading ? [{ type, resource: { name: one.name, current: reading.current } }] : [];
    });
    this.#save(hpa, {
      ...(lastScaleTime ? { lastScaleTime } : {}),
      currentReplicas: current,
      desiredReplicas: desired,
      currentMetrics: metrics,
      conditions: this.#conditions(hpa, [
        {
          type: 'AbleToScale',
          status: 'True',
          reason: desired === current ? 'ReadyForNewScale' : 'SucceededRescale',
          message:
            desired === current
              ? 'recommended size matches current size'
              : `the HPA controller was able to update the target scale to ${String(desired)}`,
        },
        {
          type: 'ScalingActive',
          status: 'True',
          reason: 'ValidMetricFound',
          message:
            'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
        },
        {
          type: 'ScalingLimited',
          status: limited ? 'True' : 'False',
          reason: limited ?? 'DesiredWithinRange',
          message: limited
            ? `the desired replica count is ${side} replica count`
            : 'the desired count is within the acceptable range',
        },
      ]),
    });
  }

  #noTarget(hpa: HorizontalPodAutoscaler): void {
    const { name } = hpa.spec.scaleTargetRef;
    const message = `the HPA controller was unable to get the target's current scale: deployments.apps "${name}" not found`;
    const conditions = this.#conditions(hpa, [
      { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message },
    ]);
    this.#save(hpa, { currentMetrics: null, desiredReplicas: 0, conditions });
    const happening = {
      type: 'Warning',
      reason: 'FailedGetScale',
      message: `deployments.apps "${name}" not found`,
    } as const;
    this.#world.events.record(hpa, kind, 'autoscaling/v2', { ...happening, component: 'horizontal-pod-autoscaler' });
  }

  #noMetrics(hpa: HorizontalPodAutoscaler, current: number): void {
    const message =
      'the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)';
    const conditions = this.#conditions(hpa, [
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'SucceededGetScale',
        message: "the HPA controller was able to get the target's current scale",
      },
      { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message },
    ]);
    this.#save(hpa, { currentReplicas: current, desiredReplicas: 0, currentMetrics: null, conditions });
    const happening = { type: 'Warning', reason: 'FailedGetResourceMetric', message } as const;
    this.#world.events.record(hpa, kind, 'autoscaling/v2', { ...happening, component: 'horizontal-pod-autoscaler' });
  }
}

function desiredOf(ratio: number, measured: number, replicas: number): number {
  return Math.abs(ratio - 1) <= tolerance ? replicas : Math.ceil(ratio * measured);
}
