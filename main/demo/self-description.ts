/** Paths that are not resources: discovery, OpenAPI, version, health. */
import { createHash } from 'node:crypto';
import { customOpenApi } from './custom-openapi.ts';
import type { Answer } from './answer.ts';
import type { Cluster } from './context.ts';
import { ApiError, noSuchResource } from './errors.ts';
import { negotiateDiscovery } from './negotiation.ts';
import { openApiDocument, openApiDocumentNames, recordedDiscovery } from './recordings.ts';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const checks = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/rbac/bootstrap-roles',
];

interface PlainRequest {
  path: string;
  query: URLSearchParams;
  accept: string | undefined;
  ifNoneMatch: string | undefined;
}

/** Answers a GET of a path that is no resource; 404 as the real server gives it where there is none. */
export function describeServer(cluster: Cluster, request: PlainRequest, answer: Answer): void {
  const { path, accept } = request;
  if (path === '/version') answer.object(200, recordedDiscovery().version);
  else if (path === '/api' || path === '/apis')
    answerDiscovery(cluster, path.slice(1) as 'api' | 'apis', request, answer);
  else if (path === '/openapi/v3') answer.text(200, JSON.stringify({ paths: openApiPaths(cluster) }));
  else if (path.startsWith('/openapi/v3/')) answerOpenApi(cluster, path.slice(12), request, answer);
  else if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) answerHealth(path, request.query, answer);
  else if (path === '/') answer.object(200, { paths: rootPaths(cluster) });
  else if (path === '/metrics')
    answer.text(200, '# HELP kubernetes_build_info\n# TYPE kubernetes_build_info gauge\nkubernetes_build_info 1\n');
  else answerGroup(cluster, path, negotiateDiscovery(accept).format, answer);
}

function answerDiscovery(cluster: Cluster, root: 'api' | 'apis', request: PlainRequest, answer: Answer): void {
  const form = negotiateDiscovery(request.accept);
  if (form.shape === 'APIGroupDiscoveryList') {
    answer.response.setHeader('Vary', 'Accept');
    const body = JSON.stringify(cluster.catalogue.discovery(root));
    answerTagged(body, request, answer, aggregatedType, `"${digest(body)}"`);
    return;
  }
  const address = [{ clientCIDR: '0.0.0.0/0', serverAddress: answer.response.req.headers.host ?? '' }];
  const versions = { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: address };
  answer.object(200, root === 'api' ? versions : cluster.catalogue.groupList(), form.format);
}

function answerGroup(cluster: Cluster, path: string, format: 'json' | 'yaml', answer: Answer): void {
  const [, root, ...rest] = path.split('/');
  const [group = '', version = ''] = root === 'api' ? ['', rest[0] ?? ''] : rest;
  const isList = (root === 'api' && rest.length === 1) || (root === 'apis' && rest.length === 2);
  const isGroup = root === 'apis' && rest.length === 1;
  const found = isList
    ? cluster.catalogue.resourceList(group, version)
    : isGroup
      ? cluster.catalogue.group(group)
      : undefined;
  if (found) answer.object(200, found, format);
  else if (root !== 'api' && (isGroup || !cluster.catalogue.group(group))) answer.text(404, '404 page not found\n');
  else answer.failure(noSuchResource());
}

function openApiPaths(cluster: Cluster): Record<string, { serverRelativeURL: string }> {
  const custom = customOpenApi(cluster.store);
  const names = [...openApiDocumentNames(), ...custom.keys()];
  return Object.fromEntries(
    names.map((name) => [
      name,
      { serverRelativeURL: `/openapi/v3/${name}?hash=${openApiHash(custom.get(name), name)}` },
    ]),
  );
}

const hashes = new Map<string, string>();

/** Recorded documents do not change, so their hash is their name's; a custom one's is its content's. */
function openApiHash(custom: object | undefined, name: string): string {
  if (custom) return digest(JSON.stringify(custom));
  let hash = hashes.get(name);
  if (!hash) hashes.set(name, (hash = digest(`recorded ${name}`)));
  return hash;
}

function answerOpenApi(cluster: Cluster, name: string, request: PlainRequest, answer: Answer): void {
  const custom = customOpenApi(cluster.store).get(name);
  const document = custom ?? openApiDocument(name);
  if (!document) {
    answer.response.writeHead(404).end();
    return;
  }
  const hash = openApiHash(custom, name);
  if (request.query.get('hash') === hash) {
    answer.response.setHeader('Cache-Control', 'public, immutable');
    answer.response.setHeader('Expires', new Date(Date.now() + 365 * 86_400_000).toUTCString());
  }
  answer.response.setHeader('Vary', 'Accept');
  answerTagged(JSON.stringify(document), request, answer, 'application/json', `"${hash}"`);
}

function answerTagged(body: string, request: PlainRequest, answer: Answer, contentType: string, etag: string): void {
  const { response } = answer;
  response.setHeader('ETag', etag);
  if (response.getHeader('Cache-Control') === 'no-cache, private') response.setHeader('Cache-Control', 'public');
  if (request.ifNoneMatch === etag) response.writeHead(304).end();
  else answer.text(200, body, contentType);
}

function digest(text: string): string {
  return createHash('sha512').update(text).digest('hex').toUpperCase();
}

function answerHealth(path: string, query: URLSearchParams, answer: Answer): void {
  const [, root = '', check] = path.split('/');
  answer.response.setHeader('X-Content-Type-Options', 'nosniff');
  if (check && !checks.includes(path.slice(root.length + 2))) throw noSuchResource();
  const verbose = `${checks.map((name) => `[+]${name} ok`).join('\n')}\n${root} check passed\n`;
  answer.text(200, query.has('verbose') ? verbose : 'ok');
}

function rootPaths(cluster: Cluster): string[] {
  const versions = new Set(
    [...cluster.catalogue.all()].map((each) => (each.group ? `/apis/${each.group}/${each.version}` : '/api/v1')),
  );
  const groups = new Set([...cluster.catalogue.all()].flatMap((each) => (each.group ? [`/apis/${each.group}`] : [])));
  const own = [
    '/api',
    '/apis',
    '/healthz',
    '/livez',
    '/openapi/v3',
    '/readyz',
    '/version',
    ...openApiDocumentNames().map((name) => `/openapi/v3/${name}`),
  ];
  return [...own, ...versions, ...groups].sort();
}

/** What writes to such paths answer. */
export function refuseWrite(path: string): ApiError {
  return path.startsWith('/api')
    ? new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
    : noSuchResource();
}
