import type {
  CronJob,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  Manifest,
  ReplicaSet,
  StatefulSet,
} from '../kinds.ts';
import type { MetricTarget, MetricValue } from '../kinds.ts';
import { humanDuration, since } from './age.ts';
import { age, containerCells, labelText, selectorText } from './cells.ts';
import type { Cell, Printer } from './cells.ts';

function deployment(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as Deployment;
  return [
    metadata.name,
    `${String(status?.readyReplicas ?? 0)}/${String(spec.replicas ?? 0)}`,
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
    age(object, now),
    ...containerCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ];
}

function replicaSet(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as ReplicaSet;
  return [
    metadata.name,
    spec.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(object, now),
    ...containerCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ];
}

function replicationController(object: Manifest, now: number): Cell[] {
  const { selector } = (object as unknown as { spec: { selector?: Record<string, string> } }).spec;
  return [...replicaSet(object, now).slice(0, -1), labelText(selector)];
}

function statefulSet(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as StatefulSet;
  return [
    metadata.name,
    `${String(status?.readyReplicas ?? 0)}/${String(spec.replicas ?? 0)}`,
    age(object, now),
    ...containerCells(spec.template.spec.containers),
  ];
}

function daemonSet(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as DaemonSet;
  return [
    metadata.name,
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    labelText(spec.template.spec.nodeSelector),
    age(object, now),
    ...containerCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ];
}

function jobStatus(job: Job): string {
  const holds = (type: string): boolean =>
    job.status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
}

function jobCells(object: Manifest, now: number): Cell[] {
  const job = object as Job;
  const { spec, status } = job;
  const done = String(status?.succeeded ?? 0);
  const parallelism = spec.parallelism ?? 0;
  const completions =
    spec.completions !== undefined
      ? `${done}/${String(spec.completions)}`
      : parallelism > 1
        ? `${done}/1 of ${String(parallelism)}`
        : `${done}/1`;
  const end = status?.completionTime ? Date.parse(status.completionTime) : now;
  return [
    job.metadata.name,
    jobStatus(job),
    completions,
    status?.startTime ? humanDuration(end - Date.parse(status.startTime)) : '',
    age(job, now),
    ...containerCells(spec.template.spec.containers),
    selectorText(spec.selector),
  ];
}

function cronJob(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as CronJob;
  return [
    metadata.name,
    spec.schedule,
    spec.timeZone ?? '<none>',
    spec.suspend ? 'True' : 'False',
    status?.active?.length ?? 0,
    status?.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>',
    age(object, now),
    ...containerCells(spec.jobTemplate.spec.template.spec.containers),
    selectorText(spec.jobTemplate.spec.selector),
  ];
}

type MetricSpec = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number];
type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

function utilization(name: string, target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined)
    return `${name}: ${current?.averageValue ?? '<unknown>'}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${String(current.averageUtilization)}%`;
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${String(target.averageUtilization)}%`;
  return `${name}: ${now}/${wanted}`;
}

function value(target: MetricTarget, current: MetricValue | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`;
  return `${current?.value ?? '<unknown>'}/${target.value ?? ''}`;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  if (spec.resource) return utilization(spec.resource.name, spec.resource.target, status?.resource?.current);
  if (spec.containerResource) {
    return utilization(spec.containerResource.name, spec.containerResource.target, status?.containerResource?.current);
  }
  if (spec.pods) return `${status?.pods?.current.averageValue ?? '<unknown>'}/${spec.pods.target.averageValue ?? ''}`;
  if (spec.object) return value(spec.object.target, status?.object?.current);
  if (spec.external) return value(spec.external.target, status?.external?.current);
  return '<unknown type>';
}

function autoscaler(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as HorizontalPodAutoscaler;
  const metrics = spec.metrics ?? legacyMetrics(object as HorizontalPodAutoscaler);
  const texts = metrics.map((metric, index) => metricText(metric, currentMetrics(status)[index]));
  const more = texts.length > 2 ? ` + ${String(texts.length - 2)} more...` : '';
  return [
    metadata.name,
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    texts.length === 0 ? '<none>' : texts.slice(0, 2).join(', ') + more,
    spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
    spec.maxReplicas,
    status?.currentReplicas ?? 0,
    age(object, now),
  ];
}

function legacyMetrics({ spec }: HorizontalPodAutoscaler): MetricSpec[] {
  if (spec.targetCPUUtilizationPercentage === undefined) return [];
  const target = { type: 'Utilization', averageUtilization: spec.targetCPUUtilizationPercentage };
  return [{ type: 'Resource', resource: { name: 'cpu', target } }];
}

function currentMetrics(status: HorizontalPodAutoscaler['status']): MetricStatus[] {
  if (status?.currentMetrics) return status.currentMetrics;
  const percent = status?.currentCPUUtilizationPercentage;
  if (percent === undefined) return [];
  return [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: percent } } }];
}

/** Printers of what runs pods, by list path. */
export const workloadPrinters: Record<string, Printer> = {
  'apis/apps/v1/deployments': deployment,
  'apis/apps/v1/replicasets': replicaSet,
  'api/v1/replicationcontrollers': replicationController,
  'apis/apps/v1/statefulsets': statefulSet,
  'apis/apps/v1/daemonsets': daemonSet,
  'apis/batch/v1/jobs': jobCells,
  'apis/batch/v1/cronjobs': cronJob,
  'apis/autoscaling/v1/horizontalpodautoscalers': autoscaler,
  'apis/autoscaling/v2/horizontalpodautoscalers': autoscaler,
};
