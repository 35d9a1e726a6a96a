import type { Cluster } from '../context.ts';
import { allocate } from '../defaults/allocation.ts';
import { defaultKind } from '../defaults/workloads.ts';
import { fillDefaults } from '../defaults/fill.ts';
import { storageOf } from '../bootstrap.ts';
import type { Manifest } from '../kinds.ts';
import { schemaOfKind } from '../schema.ts';

/** On every object of the story: what it is there for. */
export const storyAnnotation = 'demo.ai4k8s/story';

/** Stores an object as though it had been applied: defaulted like any other, marked as the demo's. */
export function make(cluster: Cluster, object: Manifest, note = 'part of the demo'): Manifest {
  const [group = '', version = ''] = object.apiVersion?.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const complete = structuredClone(object);
  complete.metadata.annotations = { [storyAnnotation]: note, ...complete.metadata.annotations };
  const schema = schemaOfKind(group, version ?? 'v1', object.kind ?? '');
  if (schema) fillDefaults(complete, schema);
  const storage = storageOf(cluster.catalogue, complete);
  defaultKind(storage, complete as unknown as Record<string, unknown>);
  const { store } = cluster;
  return store.create(storage, allocate(storage, complete, { store, isDryRun: false, previous: undefined }));
}

/** A container of the story. Memory in MiB, cpu in millicores. */
export interface Part {
  image: string;
  cpu?: number;
  memory?: number;
  memoryLimit?: number;
  port?: number;
  probePort?: number;
  env?: object[];
  envFrom?: object[];
  volumeMounts?: object[];
}

function container(name: string, part: Part): object {
  const { image, cpu = 50, memory = 64, memoryLimit = memory * 2, port, probePort, env, envFrom, volumeMounts } = part;
  return {
    name,
    image,
    ...(port ? { ports: [{ name: 'http', containerPort: port }] } : {}),
    ...(env ? { env } : {}),
    ...(envFrom ? { envFrom } : {}),
    ...(volumeMounts ? { volumeMounts } : {}),
    resources: {
      requests: { cpu: `${String(cpu)}m`, memory: `${String(memory)}Mi` },
      ...(memoryLimit > 0 ? { limits: { memory: `${String(memoryLimit)}Mi` } } : {}),
    },
    ...(port || probePort
      ? {
          readinessProbe: probePort
            ? { tcpSocket: { port: probePort }, periodSeconds: 10 }
            : { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 5 },
        }
      : {}),
  };
}

/** A pod template with one container of the workload's name. */
export function template(name: string, part: Part, more: object = {}): object {
  return { metadata: { labels: { app: name } }, spec: { containers: [container(name, part)], ...more } };
}

/** Deployment, StatefulSet or DaemonSet with one container of its name. */
export function workload(
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  namespace: string,
  name: string,
  part: Part,
  spec: object = {},
): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: template(name, part),
      ...spec,
    },
  } as Manifest;
}

export function service(namespace: string, name: string, selector: string, port = 80, more: object = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { app: name } },
    spec: { selector: { app: selector }, ports: [{ name: 'http', port, targetPort: 'http' }], ...more },
  } as Manifest;
}

export function namespaceNamed(name: string, team: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, team, 'demo.ai4k8s/demo': 'true' } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  } as Manifest;
}
