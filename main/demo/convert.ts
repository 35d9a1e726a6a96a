/** Between the version a client speaks and the one that is stored, for the two resources that have more than one. */
import { apiVersionOf } from './definitions.ts';
import type { ResourceDefinition } from './definitions.ts';
import type { Manifest } from './kinds.ts';

type Json = Record<string, unknown>;

/** Names of an Event's fields in the core group and in events.k8s.io. */
const eventFields: [core: string, modern: string][] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function rename(object: Manifest, pairs: [from: string, to: string][]): Manifest {
  const names = new Map(pairs);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value]),
  ) as unknown as Manifest;
}

/** The stored object as `definition`'s version shows it. The same object where nothing differs. */
export function toVersion(definition: ResourceDefinition, object: Manifest): Manifest {
  if (definition.group === 'events.k8s.io') return rename(object, eventFields);
  if (definition.storage === 'horizontalpodautoscalers.autoscaling' && definition.version === 'v1')
    return scalerToV1(object);
  if (definition.custom && object.apiVersion !== apiVersionOf(definition)) {
    return { ...object, apiVersion: apiVersionOf(definition) };
  }
  return object;
}

/** A client's object as it is stored. */
export function fromVersion(definition: ResourceDefinition, object: Manifest): Manifest {
  if (definition.group === 'events.k8s.io') {
    const renamed = rename(
      object,
      eventFields.map(([core, modern]) => [modern, core]),
    );
    return { ...renamed, apiVersion: 'v1' };
  }
  if (definition.storage === 'horizontalpodautoscalers.autoscaling' && definition.version === 'v1')
    return scalerFromV1(object);
  return object;
}

interface Metric {
  type: string;
  resource?: { name: string; target?: Json; current?: Json };
}

function isCpu(metric: Metric): boolean {
  return metric.type === 'Resource' && metric.resource?.name === 'cpu';
}

function scalerToV1(object: Manifest): Manifest {
  const { spec, status } = object as { spec?: Json; status?: Json };
  const { metrics = [], behavior: _behavior, ...restSpec } = (spec ?? {}) as { metrics?: Metric[]; behavior?: unknown };
  const {
    currentMetrics,
    conditions: _conditions,
    ...restStatus
  } = (status ?? {}) as { currentMetrics?: Metric[] | null; conditions?: unknown };
  const target = metrics.find(isCpu)?.resource?.target?.['averageUtilization'];
  const current = (currentMetrics ?? []).find(isCpu)?.resource?.current?.['averageUtilization'];
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: { ...restSpec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...restStatus,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  } as Manifest;
}

function scalerFromV1(object: Manifest): Manifest {
  const { spec, status } = object as { spec?: Json; status?: Json };
  const { targetCPUUtilizationPercentage: percentage, ...rest } = spec ?? {};
  const { currentCPUUtilizationPercentage: _current, ...restStatus } = status ?? {};
  const target = { type: 'Utilization', averageUtilization: percentage ?? 80 };
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: { ...rest, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] },
    ...(status ? { status: restStatus } : {}),
  } as Manifest;
}
