/** Services, ingresses and endpoint slices. */
import { at, isObject, listAt, numberAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { labelText } from '../print/table.ts';
import { aboutObject, writeEvents, type Around, type Describer } from './around.ts';
import type { DescribeText } from './text.ts';

/** How many endpoints are listed before 'more'. */
const shownEndpoints = 3;

export const describeService: Describer = async (service, around, text) => {
  const spec = (key: string): string => textAt(service, 'spec', key);
  const list = (key: string): string => listAt(service, 'spec', key).map(String).join(',');
  const namespace = textAt(service, 'metadata', 'namespace');
  text.field(0, 'Name', textAt(service, 'metadata', 'name')).field(0, 'Namespace', namespace);
  text
    .labels('Labels', at(service, 'metadata', 'labels'))
    .annotations('Annotations', at(service, 'metadata', 'annotations'));
  text
    .field(0, 'Selector', labelText(objectAt(service, 'spec', 'selector') as Record<string, string>))
    .field(0, 'Type', spec('type'));
  if (spec('ipFamilyPolicy') !== '') text.field(0, 'IP Family Policy', spec('ipFamilyPolicy'));
  text
    .field(0, 'IP Families', list('ipFamilies') || '<none>')
    .field(0, 'IP', spec('clusterIP'))
    .field(0, 'IPs', list('clusterIPs') || '<none>');
  if (list('externalIPs') !== '') text.field(0, 'External IPs', list('externalIPs'));
  if (spec('loadBalancerIP') !== '') text.field(0, 'Desired LoadBalancer IP', spec('loadBalancerIP'));
  if (spec('externalName') !== '') text.field(0, 'External Name', spec('externalName'));
  const balanced = listAt(service, 'status', 'loadBalancer', 'ingress');
  if (balanced.length > 0) {
    text.field(
      0,
      'LoadBalancer Ingress',
      balanced
        .map((one) => {
          const mode = textAt(one, 'ipMode');
          const address = textAt(one, 'ip') || textAt(one, 'hostname');
          return mode === '' ? address : `${address} (${mode})`;
        })
        .join(', '),
    );
  }
  const slices = await slicesOf(namespace, textAt(service, 'metadata', 'name'), around);
  for (const port of listAt(service, 'spec', 'ports')) writePort(port, slices, text);
  text.field(0, 'Session Affinity', spec('sessionAffinity'));
  for (const [title, key] of [
    ['External Traffic Policy', 'externalTrafficPolicy'],
    ['Internal Traffic Policy', 'internalTrafficPolicy'],
    ['HealthCheck NodePort', 'healthCheckNodePort'],
  ] as const) {
    if (spec(key) !== '') text.field(0, title, spec(key));
  }
  if (list('loadBalancerSourceRanges') !== '')
    text.field(0, 'LoadBalancer Source Ranges', list('loadBalancerSourceRanges'));
  if (spec('trafficDistribution') !== '') text.field(0, 'Traffic Distribution', spec('trafficDistribution'));
  writeEvents(await around.events(aboutObject(service)), around.now, text);
};

function writePort(port: Json, slices: readonly Json[], text: DescribeText): void {
  const name = textAt(port, 'name');
  const protocol = textAt(port, 'protocol');
  text.write(0, `Port:\t${name || '<unset>'}\t${textAt(port, 'port')}/${protocol}\n`);
  text.field(0, 'TargetPort', `${textAt(port, 'targetPort') || 0}/${protocol}`);
  if (textAt(port, 'appProtocol') !== '') text.field(0, 'AppProtocol', textAt(port, 'appProtocol'));
  if ((numberAt(port, 'nodePort') ?? 0) !== 0)
    text.write(0, `NodePort:\t${name || '<unset>'}\t${textAt(port, 'nodePort')}/${protocol}\n`);
  text.field(0, 'Endpoints', endpointsText(slices, name));
}

function slicesOf(namespace: string, service: string, around: Around): Promise<readonly Json[]> {
  const query = `labelSelector=${encodeURIComponent(`kubernetes.io/service-name=${service}`)}`;
  return around.list(`/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`, query);
}

/** Ready addresses of one port: `10.0.0.1:80,10.0.0.2:80 + 3 more...`. */
function endpointsText(slices: readonly Json[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const isReady = (endpoint: Json): boolean => at(endpoint, 'conditions', 'ready') !== false;
  const all = slices.flatMap((slice) => {
    const ready = listAt(slice, 'endpoints').filter(isReady);
    const ports = listAt(slice, 'ports');
    if (ports.length === 0) return ready.map((endpoint) => textAt(endpoint, 'addresses', 0));
    return ports
      .filter((port) => textAt(port, 'name') === portName)
      .flatMap((port) => ready.map((endpoint) => hostPort(textAt(endpoint, 'addresses', 0), textAt(port, 'port'))));
  });
  const listed = all.slice(0, shownEndpoints).join(',');
  return all.length > shownEndpoints ? `${listed} + ${all.length - shownEndpoints} more...` : listed;
}

function hostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export const describeIngress: Describer = async (ingress, around, text) => {
  const namespace = textAt(ingress, 'metadata', 'namespace');
  text.field(0, 'Name', textAt(ingress, 'metadata', 'name')).labels('Labels', at(ingress, 'metadata', 'labels'));
  text.field(0, 'Namespace', namespace);
  text.field(
    0,
    'Address',
    listAt(ingress, 'status', 'loadBalancer', 'ingress')
      .map((one) => textAt(one, 'ip') || textAt(one, 'hostname'))
      .join(','),
  );
  text.field(0, 'Ingress Class', textAt(ingress, 'spec', 'ingressClassName') || '<none>');
  const backend = at(ingress, 'spec', 'defaultBackend');
  const fallback = isObject(backend) ? await backendText(backend, namespace, around) : '<default>';
  text.field(0, 'Default backend', fallback);
  const tls = listAt(ingress, 'spec', 'tls');
  if (tls.length > 0) text.write(0, 'TLS:\n');
  for (const one of tls) {
    const hosts = listAt(one, 'hosts').map(String).join(',');
    const secret = textAt(one, 'secretName');
    text.write(1, secret === '' ? `SNI routes ${hosts}\n` : `${secret} terminates ${hosts}\n`);
  }
  text.write(0, 'Rules:\n  Host\tPath\tBackends\n').write(1, '----\t----\t--------\n');
  const rules = listAt(ingress, 'spec', 'rules').filter((rule) => isObject(at(rule, 'http')));
  for (const rule of rules) {
    text.write(1, `${textAt(rule, 'host') || '*'}\t\n`);
    for (const path of listAt(rule, 'http', 'paths')) {
      text.write(
        2,
        `\t${textAt(path, 'path')} \t${await backendText(at(path, 'backend') ?? null, namespace, around)}\n`,
      );
    }
  }
  if (rules.length === 0) text.write(1, `*\t*\t${fallback}\n`);
  text.annotations('Annotations', at(ingress, 'metadata', 'annotations'));
  writeEvents(await around.events(aboutObject(ingress)), around.now, text);
};

async function backendText(backend: Json, namespace: string, around: Around): Promise<string> {
  const service = at(backend, 'service');
  if (!isObject(service)) {
    const resource = at(backend, 'resource');
    if (!isObject(resource)) return '';
    return `APIGroup: ${textAt(resource, 'apiGroup') || '<none>'}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}`;
  }
  const name = textAt(service, 'name');
  const number = textAt(service, 'port', 'number');
  const portName = textAt(service, 'port', 'name');
  const shown = `${name}:${number || portName}`;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services`;
  const [found] = await around.list(path, `fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`);
  if (found === undefined) return `${shown} (<error: services "${name}" not found>)`;
  const port = listAt(found, 'spec', 'ports').find((one) =>
    number === '' ? textAt(one, 'name') === portName : textAt(one, 'port') === number,
  );
  return `${shown} (${endpointsText(await slicesOf(namespace, name, around), textAt(port, 'name'))})`;
}

export const describeEndpointSlice: Describer = async (slice, around, text) => {
  text
    .field(0, 'Name', textAt(slice, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(slice, 'metadata', 'namespace'));
  text
    .labels('Labels', at(slice, 'metadata', 'labels'))
    .annotations('Annotations', at(slice, 'metadata', 'annotations'));
  text.field(0, 'AddressType', textAt(slice, 'addressType'));
  const ports = listAt(slice, 'ports');
  text.write(0, ports.length === 0 ? 'Ports: <unset>\n' : 'Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------\n');
  for (const port of ports)
    text.write(
      1,
      `${textAt(port, 'name') || '<unset>'}\t${textAt(port, 'port') || '<unset>'}\t${textAt(port, 'protocol')}\n`,
    );
  const endpoints = listAt(slice, 'endpoints');
  text.write(0, endpoints.length === 0 ? 'Endpoints: <none>\n' : 'Endpoints:\n');
  for (const endpoint of endpoints) {
    const or = (...path: string[]): string => textAt(endpoint, ...path) || '<unset>';
    text.write(1, `- Addresses:\t${listAt(endpoint, 'addresses').map(String).join(', ') || '<none>'}\n`);
    text.write(2, 'Conditions:\n').field(3, 'Ready', or('conditions', 'ready')).field(2, 'Hostname', or('hostname'));
    if (isObject(at(endpoint, 'targetRef')))
      text.field(2, 'TargetRef', `${textAt(endpoint, 'targetRef', 'kind')}/${textAt(endpoint, 'targetRef', 'name')}`);
    text.field(2, 'NodeName', or('nodeName')).field(2, 'Zone', or('zone'));
  }
  writeEvents(await around.events(aboutObject(slice)), around.now, text);
};
