/** Containers of a pod or of a pod template. */
import { parseQuantity } from '../../../shared/quantity.ts';
import { at, isObject, listAt, numberAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { byCodePoint, sortedKeys } from '../print/json.ts';
import { timeText, type DescribeText } from './text.ts';

export interface ContainerSection {
  readonly label: string;
  readonly containers: readonly Json[];
  /** Empty for a template. */
  readonly statuses: readonly Json[];
  /** The pod that fieldRef variables are read from; null for a template. */
  readonly pod: Json;
  /** '' in a pod, '  ' in a template. */
  readonly space: string;
}

export function writeContainers(
  { label, containers, statuses, pod, space }: ContainerSection,
  text: DescribeText,
): void {
  text.write(0, `${space}${label}:${containers.length === 0 ? ' <none>' : ''}\n`);
  for (const container of containers) {
    const name = textAt(container, 'name');
    const status = statuses.find((one) => textAt(one, 'name') === name) ?? null;
    text.write(1, `${space === '' ? '' : ' '}${name}:\n`);
    writeBasics(container, status, text);
    writeLines('Command', listAt(container, 'command'), text);
    writeLines('Args', listAt(container, 'args'), text);
    if (status !== null) writeState(status, text);
    writeResources(at(container, 'resources') ?? null, 2, text);
    for (const [title, key] of [
      ['Liveness', 'livenessProbe'],
      ['Readiness', 'readinessProbe'],
      ['Startup', 'startupProbe'],
    ] as const) {
      const probe = at(container, key);
      if (isObject(probe)) text.field(2, title, probeText(probe));
    }
    writeEnvFrom(listAt(container, 'envFrom'), text);
    writeEnv(container, pod, text);
    writeMounts(container, text);
  }
}

function writeBasics(container: Json, status: Json, text: DescribeText): void {
  if (status !== null) text.field(2, 'Container ID', textAt(status, 'containerID'));
  text.field(2, 'Image', textAt(container, 'image'));
  if (status !== null) text.field(2, 'Image ID', textAt(status, 'imageID'));
  const ports = (key: string): string =>
    listAt(container, 'ports')
      .map((port) => {
        const name = textAt(port, 'name');
        return `${numberAt(port, key) ?? 0}/${textAt(port, 'protocol')}${name === '' ? '' : ` (${name})`}`;
      })
      .join(', ');
  for (const [title, key] of [
    ['Port', 'containerPort'],
    ['Host Port', 'hostPort'],
  ] as const) {
    const list = ports(key);
    text.field(2, list.includes(',') ? `${title}s` : title, list || '<none>');
  }
  const seccomp = at(container, 'securityContext', 'seccompProfile');
  if (!isObject(seccomp)) return;
  text.field(2, 'SeccompProfile', textAt(seccomp, 'type'));
  if (textAt(seccomp, 'type') === 'Localhost') text.field(3, 'LocalhostProfile', textAt(seccomp, 'localhostProfile'));
}

function writeLines(title: string, values: readonly Json[], text: DescribeText): void {
  if (values.length === 0) return;
  text.write(2, `${title}:\n`);
  for (const value of values) for (const line of String(value).split('\n')) text.write(3, `${line}\n`);
}

function writeState(status: Json, text: DescribeText): void {
  writeOneState('State', objectAt(status, 'state'), text);
  if (isObject(at(status, 'lastState', 'terminated'))) writeOneState('Last State', objectAt(status, 'lastState'), text);
  text.field(2, 'Ready', textAt(status, 'ready') === 'true' ? 'True' : 'False');
  text.field(2, 'Restart Count', numberAt(status, 'restartCount') ?? 0);
}

function writeOneState(title: string, state: Json, text: DescribeText): void {
  const running = at(state, 'running');
  const waiting = at(state, 'waiting');
  const terminated = at(state, 'terminated');
  if (isObject(running)) {
    text.field(2, title, 'Running').field(3, 'Started', timeText(textAt(running, 'startedAt')));
  } else if (isObject(terminated)) {
    text.field(2, title, 'Terminated');
    if (textAt(terminated, 'reason') !== '') text.field(3, 'Reason', textAt(terminated, 'reason'));
    if (textAt(terminated, 'message') !== '') text.field(3, 'Message', textAt(terminated, 'message'));
    text.field(3, 'Exit Code', numberAt(terminated, 'exitCode') ?? 0);
    if ((numberAt(terminated, 'signal') ?? 0) > 0) text.field(3, 'Signal', numberAt(terminated, 'signal'));
    text.field(3, 'Started', timeText(textAt(terminated, 'startedAt')));
    text.field(3, 'Finished', timeText(textAt(terminated, 'finishedAt')));
  } else {
    text.field(2, title, 'Waiting');
    if (textAt(waiting, 'reason') !== '') text.field(3, 'Reason', textAt(waiting, 'reason'));
  }
}

export function writeResources(resources: Json, level: number, text: DescribeText): void {
  for (const [title, key] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const amounts = objectAt(resources, key);
    const names = sortedKeys(amounts);
    if (names.length > 0) text.write(level, `${title}:\n`);
    for (const name of names) text.field(level + 1, name, amounts[name]);
  }
}

function probeText(probe: Json): string {
  const number = (key: string): number => numberAt(probe, key) ?? 0;
  const attributes = `delay=${number('initialDelaySeconds')}s timeout=${number('timeoutSeconds')}s period=${number('periodSeconds')}s #success=${number('successThreshold')} #failure=${number('failureThreshold')}`;
  const [exec, http, tcp, grpc] = ['exec', 'httpGet', 'tcpSocket', 'grpc'].map((key) => at(probe, key));
  if (isObject(exec)) return `exec [${listAt(exec, 'command').map(String).join(' ')}] ${attributes}`;
  if (isObject(http)) {
    const host = textAt(http, 'host');
    const place = host.includes(':') ? `[${host}]` : host;
    const path = textAt(http, 'path');
    const rooted = path === '' || path.startsWith('/') ? path : `/${path}`;
    return `http-get ${textAt(http, 'scheme').toLowerCase()}://${place}:${textAt(http, 'port')}${encodeURI(rooted)} ${attributes}`;
  }
  if (isObject(tcp)) return `tcp-socket ${textAt(tcp, 'host')}:${textAt(tcp, 'port')} ${attributes}`;
  if (isObject(grpc)) return `grpc <pod>:${textAt(grpc, 'port')} ${textAt(grpc, 'service')} ${attributes}`;
  return `unknown ${attributes}`;
}

function writeEnvFrom(sources: readonly Json[], text: DescribeText): void {
  if (sources.length === 0) return;
  text.write(2, 'Environment Variables from:\n');
  for (const source of sources) {
    const from = isObject(at(source, 'configMapRef')) ? 'ConfigMap' : 'Secret';
    const ref = at(source, from === 'ConfigMap' ? 'configMapRef' : 'secretRef');
    const prefix = textAt(source, 'prefix');
    const named = prefix === '' ? from : `${from} with prefix '${prefix}'`;
    text.write(3, `${textAt(ref, 'name')}\t${named}\tOptional: ${textAt(ref, 'optional') === 'true'}\n`);
  }
}

function writeEnv(container: Json, pod: Json, text: DescribeText): void {
  const variables = listAt(container, 'env');
  text.write(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}\n`);
  for (const variable of variables) {
    const name = textAt(variable, 'name');
    const from = at(variable, 'valueFrom');
    if (isObject(from)) {
      text.write(3, `${name}:\t${sourceText(from, container, pod)}\n`);
      continue;
    }
    textAt(variable, 'value')
      .split('\n')
      .forEach((line, index) => text.write(3, index === 0 ? `${name}:\t${line}\n` : `\t${line}\n`));
  }
}

function sourceText(from: Json, container: Json, pod: Json): string {
  const [field, resource, secret, config] = ['fieldRef', 'resourceFieldRef', 'secretKeyRef', 'configMapKeyRef'].map(
    (key) => at(from, key),
  );
  if (isObject(field)) {
    const path = textAt(field, 'fieldPath');
    return `${pod === null ? '' : podField(pod, path)} (${textAt(field, 'apiVersion')}:${path})`;
  }
  if (isObject(resource)) return `${resourceText(resource, container)} (${textAt(resource, 'resource')})`;
  const ref = isObject(secret) ? secret : config;
  const of = isObject(secret) ? 'in secret' : 'of config map';
  return `<set to the key '${textAt(ref, 'key')}' ${of} '${textAt(ref, 'name')}'>\tOptional: ${textAt(ref, 'optional') === 'true'}`;
}

/** What the kubelet puts into a fieldRef variable. */
function podField(pod: Json, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed !== null) return textAt(pod, 'metadata', keyed[1] ?? '', keyed[2] ?? '');
  if (path === 'status.podIPs')
    return listAt(pod, 'status', 'podIPs')
      .map((one) => textAt(one, 'ip'))
      .join(',');
  return /^(metadata\.(name|namespace|uid))$/.test(path) ? textAt(pod, ...path.split('.')) : '';
}

function resourceText(ref: Json, container: Json): string {
  const [kind = '', name = ''] = textAt(ref, 'resource').split('.');
  const amount = parseQuantity(textAt(container, 'resources', kind, name) || '0');
  const divisor = parseQuantity(textAt(ref, 'divisor') || '0') || 1;
  const value = String(Math.ceil(amount / divisor - 1e-9));
  return value === '0' && kind === 'limits' && (name === 'cpu' || name === 'memory') ? 'node allocatable' : value;
}

function writeMounts(container: Json, text: DescribeText): void {
  const mounts = [...listAt(container, 'volumeMounts')].sort((a, b) =>
    byCodePoint(textAt(a, 'mountPath'), textAt(b, 'mountPath')),
  );
  text.write(2, `Mounts:${mounts.length === 0 ? '\t<none>' : ''}\n`);
  for (const mount of mounts) {
    const subPath = textAt(mount, 'subPath');
    const flags = [
      textAt(mount, 'readOnly') === 'true' ? 'ro' : 'rw',
      ...(subPath === '' ? [] : [`path=${JSON.stringify(subPath)}`]),
    ];
    text.write(3, `${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')} (${flags.join(',')})\n`);
  }
  const devices = listAt(container, 'volumeDevices');
  if (devices.length === 0) return;
  text.write(2, `Devices:${mounts.length === 0 ? '\t<none>' : ''}\n`);
  for (const device of devices) text.write(3, `${textAt(device, 'devicePath')} from ${textAt(device, 'name')}\n`);
}
