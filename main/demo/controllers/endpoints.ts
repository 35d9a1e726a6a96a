import { timestamp } from '../clock.ts';
import type { Manifest, Pod, Service, ServicePort } from '../kinds.ts';
import { letters } from '../seeded.ts';
import { isPodReady } from './conditions.ts';
import type { Controller, World } from './controller.ts';
import { WorkQueue } from './queue.ts';
import { selects } from './selector.ts';

interface Address {
  ip: string;
  hostname?: string;
  nodeName: string;
  targetRef: { kind: 'Pod'; namespace: string; name: string; uid: string };
}

interface Port {
  name?: string;
  port: number;
  protocol: string;
}

interface Endpoints extends Manifest {
  subsets?: { addresses?: Address[]; notReadyAddresses?: Address[]; ports: Port[] }[];
}

const slices = 'endpointslices.discovery.k8s.io';
const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Keeps Endpoints and one EndpointSlice per Service with a selector. */
export function startEndpoints(world: World): Controller {
  const { store, clock } = world;
  const queue = new WorkQueue(clock, (key) => {
    const [namespace = '', name = ''] = key.split('/');
    reconcile(world, namespace, name);
  });
  const add = ({ metadata }: Manifest): void => {
    queue.add(`${metadata.namespace ?? ''}/${metadata.name}`);
  };
  const ends = [
    store.subscribe(({ object }) => {
      add(object);
    }, 'services'),
    store.subscribe(({ object, previous }) => {
      if (previous && isUnmoved(previous as Pod, object as Pod)) return;
      for (const service of store.list<Service>('services', object.metadata.namespace)) {
        const { selector } = service.spec;
        if (
          selector &&
          [object, previous].some((pod) => pod && selects({ matchLabels: selector }, pod.metadata.labels))
        ) {
          add(service);
        }
      }
    }, 'pods'),
  ];
  for (const service of store.list('services')) add(service);
  return {
    close: () => {
      for (const end of ends) end();
      queue.close();
    },
  };
}

function isUnmoved(before: Pod, after: Pod): boolean {
  return (
    before.status?.podIP === after.status?.podIP &&
    isPodReady(before) === isPodReady(after) &&
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.status?.phase === after.status?.phase
  );
}

function reconcile(world: World, namespace: string, name: string): void {
  const { store } = world;
  const service = store.get<Service>('services', namespace, name);
  if (!service) {
    store.remove('endpoints', namespace, name);
    for (const slice of slicesOf(world, namespace, name)) store.remove(slices, namespace, slice.metadata.name);
    return;
  }
  const { selector } = service.spec;
  if (!selector || service.spec.type === 'ExternalName') return;
  const pods = store.list<Pod>('pods', namespace).filter((pod) => {
    const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    return Boolean(pod.status?.podIP) && !isOver && selects({ matchLabels: selector }, pod.metadata.labels);
  });
  writeEndpoints(world, service, pods);
  writeSlice(world, service, pods);
}

function slicesOf({ store }: World, namespace: string, service: string): Manifest[] {
  return store
    .list(slices, namespace)
    .filter(
      ({ metadata }) =>
        metadata.labels?.['kubernetes.io/service-name'] === service &&
        metadata.labels['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io',
    );
}

function address(service: Service, pod: Pod): Address {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const { hostname, subdomain } = pod.spec as { hostname?: string; subdomain?: string };
  return {
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
    ip: pod.status?.podIP ?? '',
    nodeName: pod.spec.nodeName ?? '',
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** A Service's port as one pod serves it: a named target is looked up in the pod's containers. */
function targetPort(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return ports.find((one) => one.name === target)?.containerPort;
}

function portsFor(service: Service, pod: Pod): Port[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    const { protocol = 'TCP', name } = port;
    return number === undefined ? [] : [{ ...(name ? { name } : {}), port: number, protocol }];
  });
}

function serviceLabels(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    ...(service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  };
}

function writeEndpoints({ store, clock }: World, service: Service, pods: Pod[]): void {
  const groups = new Map<string, { ready: Address[]; waiting: Address[]; ports: Port[] }>();
  for (const pod of [...pods].sort((a, b) => (a.status?.podIP ?? '').localeCompare(b.status?.podIP ?? ''))) {
    const ports = portsFor(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ready: [], waiting: [], ports };
    groups.set(key, group);
    if (pod.metadata.deletionTimestamp) continue;
    const isUp = isPodReady(pod) || service.spec.publishNotReadyAddresses;
    (isUp ? group.ready : group.waiting).push(address(service, pod));
  }
  const subsets = [...groups.values()]
    .filter(({ ready, waiting }) => ready.length + waiting.length > 0)
    .map(({ ready, waiting, ports }) => ({
      ...(ready.length > 0 ? { addresses: ready } : {}),
      ...(waiting.length > 0 ? { notReadyAddresses: waiting } : {}),
      ports,
    }));
  const { namespace = '', name } = service.metadata;
  const labels = { ...serviceLabels(service), 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
  const current = store.get<Endpoints>('endpoints', namespace, name);
  if (current && JSON.stringify(current.subsets ?? []) === JSON.stringify(subsets)) return;
  const next: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...current?.metadata, name, namespace, labels, annotations: { [triggerTime]: timestamp(clock.now()) } },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
  if (current) store.update('endpoints', next);
  else store.create('endpoints', next);
}

function writeSlice(world: World, service: Service, pods: Pod[]): void {
  const { store, clock } = world;
  const { namespace = '', name, uid = '' } = service.metadata;
  const endpoints = pods.map((pod) => {
    const terminating = Boolean(pod.metadata.deletionTimestamp);
    const serving = isPodReady(pod);
    const { ip, nodeName, targetRef, hostname } = address(service, pod);
    return {
      addresses: [ip],
      conditions: { ready: service.spec.publishNotReadyAddresses ?? (serving && !terminating), serving, terminating },
      ...(hostname ? { hostname } : {}),
      nodeName,
      targetRef,
    };
  });
  const first = pods[0];
  const ports = first
    ? portsFor(service, first).map((port) => ({ name: port.name ?? '', port: port.port, protocol: port.protocol }))
    : [];
  const current = slicesOf(world, namespace, name)[0] as
    (Manifest & { endpoints?: unknown[]; ports?: unknown[] }) | undefined;
  const content = { addressType: 'IPv4', endpoints, ports };
  if (current && JSON.stringify([current.endpoints, current.ports]) === JSON.stringify([endpoints, ports])) return;
  const metadata = {
    name: `${name}-${letters(`${namespace}/${name}/${uid}`, 5)}`,
    generateName: `${name}-`,
    namespace,
    labels: {
      ...serviceLabels(service),
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'kubernetes.io/service-name': name,
    },
    annotations: { [triggerTime]: timestamp(clock.now()) },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
  };
  const shape = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...content };
  if (!current) store.create(slices, { ...shape, metadata } as Manifest);
  else
    store.update(slices, {
      ...current,
      ...content,
      metadata: { ...current.metadata, annotations: metadata.annotations },
    } as Manifest);
}
