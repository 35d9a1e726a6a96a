import { parseQuantity } from '../../../shared/quantity.ts';
import type { Container, Manifest, Pod } from '../kinds.ts';
import type { Launch } from '../programs/program.ts';
import type { Store } from '../store.ts';

interface ConfigSource extends Manifest {
  data?: Record<string, string>;
}

/** A reference that leads nowhere; its message is the kubelet's. */
export class MissingInput extends Error {}

const kinds = { configmaps: 'configmap', secrets: 'secret' } as const;

function source(
  store: Store,
  resource: keyof typeof kinds,
  namespace: string,
  name: string,
  isOptional: boolean,
): Record<string, string> | undefined {
  const object = store.get<ConfigSource>(resource, namespace, name);
  if (!object) {
    if (isOptional) return undefined;
    throw new MissingInput(`${kinds[resource]} "${name}" not found`);
  }
  const data = object.data ?? {};
  if (resource === 'configmaps') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

interface KeyReference {
  name: string;
  key: string;
  optional?: boolean;
}

function byKey(
  store: Store,
  resource: keyof typeof kinds,
  namespace: string,
  reference: KeyReference,
): string | undefined {
  const data = source(store, resource, namespace, reference.name, reference.optional ?? false);
  const value = data?.[reference.key];
  if (data && value === undefined && !reference.optional) {
    const kind = resource === 'configmaps' ? 'ConfigMap' : 'Secret';
    throw new MissingInput(`couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name}`);
  }
  return value;
}

function field(pod: Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const values: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': status?.podIP,
    'status.hostIP': status?.hostIP,
  };
  return values[path] ?? '';
}

/** The environment of a container. @throws MissingInput where a ConfigMap, Secret or key is missing. */
export function environment(store: Store, pod: Pod, container: Container): Record<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const env: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: pod.metadata.name,
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
    HOME: '/root',
  };
  for (const one of container.envFrom ?? []) {
    const {
      configMapRef,
      secretRef,
      prefix = '',
    } = one as {
      configMapRef?: { name: string; optional?: boolean };
      secretRef?: { name: string; optional?: boolean };
      prefix?: string;
    };
    const reference = configMapRef ?? secretRef;
    if (!reference) continue;
    const data = source(
      store,
      configMapRef ? 'configmaps' : 'secrets',
      namespace,
      reference.name,
      reference.optional ?? false,
    );
    for (const [key, value] of Object.entries(data ?? {})) env[`${prefix}${key}`] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef, fieldRef } = (valueFrom ?? {}) as {
      configMapKeyRef?: KeyReference;
      secretKeyRef?: KeyReference;
      fieldRef?: { fieldPath: string };
    };
    const found = configMapKeyRef
      ? byKey(store, 'configmaps', namespace, configMapKeyRef)
      : secretKeyRef
        ? byKey(store, 'secrets', namespace, secretKeyRef)
        : fieldRef
          ? field(pod, fieldRef.fieldPath)
          : (value ?? '').replace(/\$\((\w+)\)/g, (whole, other: string) => env[other] ?? whole);
    if (found !== undefined) env[name] = found;
  }
  return env;
}

/** The first volume of a pod that refers to a ConfigMap or Secret that is not there, in the kubelet's words. */
export function missingVolume(store: Store, pod: Pod): string | undefined {
  for (const { name, configMap, secret } of (pod.spec.volumes ?? []) as {
    name: string;
    configMap?: { name: string; optional?: boolean };
    secret?: { secretName: string; optional?: boolean };
  }[]) {
    const [resource, wanted, optional] = configMap
      ? (['configmaps', configMap.name, configMap.optional] as const)
      : (['secrets', secret?.secretName ?? '', secret?.optional ?? !secret] as const);
    if (optional || store.get(resource, pod.metadata.namespace ?? '', wanted)) continue;
    return `MountVolume.SetUp failed for volume "${name}" : ${kinds[resource]} "${wanted}" not found`;
  }
  return undefined;
}

/** The files a shell finds in a container: some that every container has, and what its volumes bring. */
export function containerFiles(
  store: Store,
  pod: Pod,
  container: Container,
  extra: Record<string, string>,
): Map<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const files = new Map<string, string>([
    ['/etc/hostname', `${pod.metadata.name}\n`],
    ['/etc/hosts', `127.0.0.1 localhost\n${pod.status?.podIP ?? ''} ${pod.metadata.name}\n`],
    ['/etc/os-release', 'PRETTY_NAME="Container of the demo cluster"\nID=demo\n'],
    ['/etc/motd', 'This is a container of the demo cluster. A few commands answer; nothing really runs.\n'],
    [
      '/etc/resolv.conf',
      `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\n`,
    ],
    ['/bin/sh', ''],
    ['/tmp/.keep', ''],
    ['/proc/1/comm', `${container.name}\n`],
    ...Object.entries(extra),
  ]);
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find((one) => one.name === mount.name) as
      { configMap?: { name: string }; secret?: { secretName: string } } | undefined;
    const data = volume?.configMap
      ? source(store, 'configmaps', namespace, volume.configMap.name, true)
      : volume?.secret
        ? source(store, 'secrets', namespace, volume.secret.secretName, true)
        : undefined;
    const folder = mount.mountPath.replace(/\/$/, '');
    if (!data) files.set(`${folder}/.keep`, '');
    for (const [key, value] of Object.entries(data ?? {})) files.set(`${folder}/${key}`, value);
  }
  return files;
}

/** All that starting a container needs to know. @throws MissingInput. */
export function launchOf(store: Store, pod: Pod, container: Container): Launch {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const memoryLimit = limits['memory'];
  return {
    image: container.image ?? '',
    command: container.command,
    args: container.args,
    env: environment(store, pod, container),
    memoryLimitBytes: memoryLimit ? parseQuantity(memoryLimit) : Infinity,
    cpuRequestMillicores: requests['cpu'] ? parseQuantity(requests['cpu']) * 1000 : 0,
    memoryRequestBytes: requests['memory'] ? parseQuantity(requests['memory']) : 0,
    seed: `${pod.metadata.namespace ?? ''}/${pod.metadata.name}/${container.name}`,
    podName: pod.metadata.name,
  };
}
