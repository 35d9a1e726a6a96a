import type { Condition, Event, Manifest, Node, ObjectReference, PodTemplate, Quantities } from '../kinds.ts';
import { humanDuration, since } from './age.ts';
import { age, containerCells, labelText } from './cells.ts';
import type { Cell, Printer } from './cells.ts';

function node(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as Node;
  const ready = status.conditions.find((one) => one.type === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec.unschedulable) words.push('SchedulingDisabled');
  const address = (type: string): string => status.addresses.find((one) => one.type === type)?.address ?? '<none>';
  return [
    metadata.name,
    words.join(','),
    nodeRoles(metadata.labels ?? {}),
    age(object, now),
    status.nodeInfo['kubeletVersion'] ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    status.nodeInfo['osImage'] ?? '<unknown>',
    kernelText(status.nodeInfo),
    status.nodeInfo['containerRuntimeVersion'] ?? '<unknown>',
  ];
}

function kernelText(nodeInfo: Node['status']['nodeInfo']): string {
  const version = nodeInfo['kernelVersion'] ?? '<unknown>';
  return nodeInfo['architecture'] ? `${version} (${nodeInfo['architecture']})` : version;
}

function nodeRoles(labels: Record<string, string>): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key.length > prefix.length) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return roles.length > 0 ? [...new Set(roles)].sort().join(',') : '<none>';
}

function namespace(object: Manifest, now: number): Cell[] {
  const { status } = object as Manifest & { status?: { phase?: string } };
  return [object.metadata.name, status?.phase ?? '', age(object, now)];
}

function configMap(object: Manifest, now: number): Cell[] {
  const { data, binaryData } = object as Manifest & { data?: object; binaryData?: object };
  return [object.metadata.name, size(data) + size(binaryData), age(object, now)];
}

function secret(object: Manifest, now: number): Cell[] {
  const { data, type } = object as Manifest & { data?: object; type?: string };
  return [object.metadata.name, type ?? 'Opaque', size(data), age(object, now)];
}

function size(map: object | null | undefined): number {
  return Object.keys(map ?? {}).length;
}

interface NewEvent extends Manifest {
  regarding: ObjectReference;
  note?: string;
  reason?: string;
  type?: string;
  eventTime?: string | null;
  series?: Event['series'];
  reportingController?: string;
  reportingInstance?: string;
  deprecatedSource?: Event['source'];
  deprecatedFirstTimestamp?: string | null;
  deprecatedLastTimestamp?: string | null;
  deprecatedCount?: number;
}

/** An events.k8s.io event in the words of the core group, from which both are printed. */
function newEventCells(object: Manifest, now: number): Cell[] {
  const event = object as NewEvent;
  const core = {
    metadata: event.metadata,
    involvedObject: event.regarding,
    message: event.note,
    reason: event.reason,
    type: event.type,
    eventTime: event.eventTime,
    series: event.series,
    source: event.deprecatedSource,
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
    reportingComponent: event.reportingController,
    reportingInstance: event.reportingInstance,
  };
  return eventCells(core, now);
}

/** The cells of an event of the core group. */
export function eventCells(object: Manifest, now: number): Cell[] {
  const event = object as Event;
  const first = since(event.firstTimestamp ?? event.eventTime, now);
  const last = event.series
    ? since(event.series.lastObservedTime, now)
    : event.lastTimestamp
      ? since(event.lastTimestamp, now)
      : first;
  const { kind = '', name = '', fieldPath = '' } = event.involvedObject;
  const component = event.source?.component ?? event.reportingComponent ?? '';
  const host = event.source?.host ?? (event.source?.component ? '' : (event.reportingInstance ?? ''));
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`,
    fieldPath,
    host === '' ? component : `${component}, ${host}`,
    (event.message ?? '').trim(),
    first,
    event.series?.count ?? (event.count || 1),
    event.metadata.name,
  ];
}

function quota(object: Manifest, now: number): Cell[] {
  const { status } = object as Manifest & { status?: { hard?: Quantities; used?: Quantities } };
  const texts = (limits: boolean): string =>
    Object.keys(status?.hard ?? {})
      .sort()
      .filter((name) => name.startsWith('limits') === limits)
      .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name] ?? '0'}`)
      .join(', ');
  return [object.metadata.name, texts(false), texts(true), age(object, now)];
}

function podTemplate(object: Manifest): Cell[] {
  const { template } = object as unknown as { template: PodTemplate };
  return [object.metadata.name, ...containerCells(template.spec.containers), labelText(template.metadata?.labels)];
}

function controllerRevision(object: Manifest, now: number): Cell[] {
  const { metadata, revision } = object as Manifest & { revision: number };
  const owner = metadata.ownerReferences?.find((one) => one.controller);
  const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0] ?? ''}` : '';
  const controller = owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>';
  return [metadata.name, controller, revision, age(object, now)];
}

function lease(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & { spec?: { holderIdentity?: string } };
  return [object.metadata.name, spec?.holderIdentity ?? '', age(object, now)];
}

function priorityClass(object: Manifest, now: number): Cell[] {
  const one = object as Manifest & { value: number; globalDefault?: boolean; preemptionPolicy?: string };
  const preemption = one.preemptionPolicy ?? 'PreemptLowerPriority';
  return [one.metadata.name, one.value, one.globalDefault ?? false, age(object, now), preemption];
}

function runtimeClass(object: Manifest, now: number): Cell[] {
  return [object.metadata.name, (object as Manifest & { handler: string }).handler, age(object, now)];
}

function apiService(object: Manifest, now: number): Cell[] {
  const { spec, status } = object as Manifest & {
    spec: { service?: { namespace: string; name: string } | null };
    status?: { conditions?: Condition[] };
  };
  const available = status?.conditions?.find((one) => one.type === 'Available');
  const words =
    available === undefined
      ? 'Unknown'
      : available.status === 'True' || !available.reason
        ? available.status
        : `${available.status} (${available.reason})`;
  const service = spec.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local';
  return [object.metadata.name, service, words, age(object, now)];
}

function signingRequest(object: Manifest, now: number): Cell[] {
  const { spec, status } = object as Manifest & {
    spec: { signerName?: string; username?: string; expirationSeconds?: number };
    status?: { conditions?: Condition[]; certificate?: string };
  };
  const types = (status?.conditions ?? []).map((one) => one.type);
  const words = types.includes('Denied') ? ['Denied'] : types.includes('Approved') ? ['Approved'] : ['Pending'];
  if (types.includes('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  const duration = spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000);
  const { signerName = '<none>', username = '' } = spec;
  return [object.metadata.name, age(object, now), signerName, username, duration, words.join(',')];
}

/** Printers of the cluster's own objects, by list path. */
export const clusterPrinters: Record<string, Printer> = {
  'api/v1/nodes': node,
  'api/v1/namespaces': namespace,
  'api/v1/configmaps': configMap,
  'api/v1/secrets': secret,
  'api/v1/events': eventCells,
  'apis/events.k8s.io/v1/events': newEventCells,
  'api/v1/resourcequotas': quota,
  'api/v1/podtemplates': podTemplate,
  'apis/apps/v1/controllerrevisions': controllerRevision,
  'apis/coordination.k8s.io/v1/leases': lease,
  'apis/scheduling.k8s.io/v1/priorityclasses': priorityClass,
  'apis/node.k8s.io/v1/runtimeclasses': runtimeClass,
  'apis/apiregistration.k8s.io/v1/apiservices': apiService,
  'apis/certificates.k8s.io/v1/certificatesigningrequests': signingRequest,
};
