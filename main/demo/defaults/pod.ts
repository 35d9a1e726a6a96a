/** Defaults of pod specs, as the API server sets them for pods and for every template of pods. */

type Json = Record<string, unknown>;

function set(object: Json, key: string, value: unknown): void {
  if (object[key] === undefined) object[key] = value;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Pulled always where the tag says nothing or `latest`. */
function pullPolicy(image: unknown): string {
  const name =
    String(image as string)
      .split('/')
      .at(-1) ?? '';
  const isPinned = name.includes('@') || (name.includes(':') && !name.endsWith(':latest'));
  return isPinned ? 'IfNotPresent' : 'Always';
}

function defaultProbe(probe: Json): void {
  set(probe, 'timeoutSeconds', 1);
  set(probe, 'periodSeconds', 10);
  set(probe, 'successThreshold', 1);
  set(probe, 'failureThreshold', 3);
  const http = probe['httpGet'] as Json | undefined;
  if (http) {
    set(http, 'path', '/');
    set(http, 'scheme', 'HTTP');
  }
  const grpc = probe['grpc'] as Json | undefined;
  if (grpc) set(grpc, 'service', '');
}

function defaultContainer(container: Json): void {
  set(container, 'terminationMessagePath', '/dev/termination-log');
  set(container, 'terminationMessagePolicy', 'File');
  set(container, 'imagePullPolicy', pullPolicy(container['image']));
  set(container, 'resources', {});
  for (const port of list(container['ports'])) set(port, 'protocol', 'TCP');
  for (const kind of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[kind] as Json | undefined;
    if (probe) defaultProbe(probe);
  }
  for (const env of list(container['env'])) {
    const field = (env['valueFrom'] as Json | undefined)?.['fieldRef'] as Json | undefined;
    if (field) set(field, 'apiVersion', 'v1');
    const resource = (env['valueFrom'] as Json | undefined)?.['resourceFieldRef'] as Json | undefined;
    if (resource) set(resource, 'divisor', '0');
  }
  const resources = container['resources'] as { limits?: Json; requests?: Json };
  if (resources.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

function defaultVolume(volume: Json): void {
  for (const kind of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[kind] as Json | undefined;
    if (source) set(source, 'defaultMode', 420);
  }
  for (const source of list((volume['projected'] as Json | undefined)?.['sources'])) {
    const token = source['serviceAccountToken'] as Json | undefined;
    if (token) set(token, 'expirationSeconds', 3600);
    downwardDefaults(source['downwardAPI'] as Json | undefined);
  }
  downwardDefaults(volume['downwardAPI'] as Json | undefined);
  const host = volume['hostPath'] as Json | undefined;
  if (host) set(host, 'type', '');
  if (Object.keys(volume).length === 1) volume['emptyDir'] = {};
}

function downwardDefaults(source: Json | undefined): void {
  for (const item of list(source?.['items'])) {
    const field = item['fieldRef'] as Json | undefined;
    if (field) set(field, 'apiVersion', 'v1');
  }
}

/** Changes the spec in place. */
export function defaultPodSpec(spec: Json): void {
  for (const kind of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const each of list(spec[kind])) defaultContainer(each);
  for (const volume of list(spec['volumes'])) defaultVolume(volume);
  set(spec, 'restartPolicy', 'Always');
  set(spec, 'terminationGracePeriodSeconds', 30);
  set(spec, 'dnsPolicy', 'ClusterFirst');
  set(spec, 'securityContext', {});
  set(spec, 'schedulerName', 'default-scheduler');
  const account = spec['serviceAccountName'] ?? spec['serviceAccount'];
  if (account !== undefined) Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
}
