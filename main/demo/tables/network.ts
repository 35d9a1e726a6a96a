import type { Manifest, Service } from '../kinds.ts';
import { age, firstThree, labelText, selectorText } from './cells.ts';
import type { Cell, Printer } from './cells.ts';

interface Endpoints extends Manifest {
  subsets?: { addresses?: { ip: string }[]; ports?: { name?: string; port: number }[] }[];
}

interface EndpointSlice extends Manifest {
  addressType: string;
  endpoints?: { addresses?: string[] }[] | null;
  ports?: { name?: string; port?: number }[] | null;
}

interface Balanced {
  loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] };
}

interface Ingress extends Manifest {
  spec?: { ingressClassName?: string; rules?: { host?: string }[]; tls?: unknown[] };
  status?: Balanced;
}

function balancerText(status: Balanced | undefined): string {
  const addresses = (status?.loadBalancer?.ingress ?? []).map((entry) => entry.ip ?? entry.hostname ?? '');
  return [...new Set(addresses.filter((address) => address !== ''))].sort().join(',');
}

function externalIp(service: Service): string {
  const { type = 'ClusterIP', externalIPs = [], externalName } = service.spec;
  if (type === 'ExternalName') return externalName ?? '';
  if (type !== 'LoadBalancer') return externalIPs.length > 0 ? externalIPs.join(',') : '<none>';
  const balancer = balancerText(service.status);
  const all = balancer === '' ? externalIPs : [balancer, ...externalIPs];
  return all.length > 0 ? all.join(',') : '<pending>';
}

function service(object: Manifest, now: number): Cell[] {
  const one = object as Service;
  const ports = (one.spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort ? `${String(port)}:${String(nodePort)}/${protocol}` : `${String(port)}/${protocol}`,
  );
  return [
    one.metadata.name,
    one.spec.type ?? 'ClusterIP',
    one.spec.clusterIPs?.[0] ?? '<none>',
    externalIp(one),
    ports.length > 0 ? ports.join(',') : '<none>',
    age(object, now),
    labelText(one.spec.selector),
  ];
}

function endpoints(object: Manifest, now: number): Cell[] {
  const list = ((object as Endpoints).subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map((address) => address.ip)
      : ports.flatMap(({ port }) => addresses.map((address) => joinHostPort(address.ip, port))),
  );
  const hasSubsets = ((object as Endpoints).subsets ?? []).length > 0;
  return [object.metadata.name, firstThree(list, hasSubsets ? '' : '<none>'), age(object, now)];
}

function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

function endpointSlice(object: Manifest, now: number): Cell[] {
  const slice = object as EndpointSlice;
  const ports = (slice.ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)));
  const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []);
  return [
    slice.metadata.name,
    slice.addressType,
    firstThree(ports, '<unset>'),
    firstThree(addresses, '<unset>'),
    age(object, now),
  ];
}

function ingress(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as Ingress;
  const hosts = (spec?.rules ?? []).map((rule) => rule.host ?? '').filter((host) => host !== '');
  return [
    metadata.name,
    spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '<none>',
    firstThree(hosts, '*'),
    balancerText(status),
    (spec?.tls ?? []).length > 0 ? '80, 443' : '80',
    age(object, now),
  ];
}

function ingressClass(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & {
    spec: { controller: string; parameters?: { apiGroup?: string; kind: string; name: string } };
  };
  const { parameters } = spec;
  const group = parameters?.apiGroup ? `.${parameters.apiGroup}` : '';
  const text = parameters ? `${parameters.kind}${group}/${parameters.name}` : '<none>';
  return [object.metadata.name, spec.controller, text, age(object, now)];
}

function networkPolicy(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & { spec: { podSelector?: Parameters<typeof selectorText>[0] } };
  return [object.metadata.name, selectorText(spec.podSelector), age(object, now)];
}

function serviceCidr(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & { spec: { cidrs?: string[] } };
  return [object.metadata.name, (spec.cidrs ?? []).join(','), age(object, now)];
}

/** The real printer writes an age for which it declares no column. */
function ipAddress(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & {
    spec: { parentRef?: { group?: string; resource?: string; namespace?: string; name?: string } };
  };
  const { group, resource, namespace, name } = spec.parentRef ?? {};
  const kind = group ? `${resource ?? ''}.${group}` : (resource ?? '');
  return [object.metadata.name, [kind, namespace, name].filter((part) => part).join('/'), age(object, now)];
}

/** Printers of what routes to pods, by list path. */
export const networkPrinters: Record<string, Printer> = {
  'api/v1/services': service,
  'api/v1/endpoints': endpoints,
  'apis/discovery.k8s.io/v1/endpointslices': endpointSlice,
  'apis/networking.k8s.io/v1/ingresses': ingress,
  'apis/networking.k8s.io/v1/ingressclasses': ingressClass,
  'apis/networking.k8s.io/v1/networkpolicies': networkPolicy,
  'apis/networking.k8s.io/v1/servicecidrs': serviceCidr,
  'apis/networking.k8s.io/v1/ipaddresses': ipAddress,
};
