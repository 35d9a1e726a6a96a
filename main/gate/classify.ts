import type { ApiPath } from './path.ts';
import { allowedKeys, checkKeys, isSet, readQuery, type Query } from './query.ts';
import { badRequest, forbidden, Refusal } from './refusal.ts';
import { readPath } from './path.ts';
import type { Target } from './permits.ts';

/** What a request does, whatever its method says. */
export type Action =
  | 'discovery'
  | 'get'
  | 'list'
  | 'watch'
  | 'log'
  | 'follow'
  | 'node-read'
  | 'review'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  /** exec, attach, portforward, proxy: acts by any method, and has no dry run. */
  | 'stream'
  /** Yields a live credential, also as a dry run. */
  | 'token';

export interface ApiRequest extends ApiPath {
  readonly method: string;
  readonly action: Action;
  readonly query: Query;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const discoveryPaths = [
  /^\/version$/,
  /^\/api(\/v1)?$/,
  /^\/apis(\/[^/]+){0,2}$/,
  /^\/openapi\/v2$/,
  /^\/openapi\/v3(\/.+)?$/,
];
const probePaths = [/^\/(healthz|livez|readyz)(\/[^/]+){0,2}$/];
const streams = new Set(['exec', 'attach', 'portforward', 'proxy']);
const readableSubresources = new Set(['status', 'scale', 'log', 'ephemeralcontainers', 'resize', 'approval']);
const reviews = new Set([
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/subjectaccessreviews',
  'authentication.k8s.io/selfsubjectreviews',
]);

/**
 * Decides what a request is, by resource and subresource before method, and that its query holds nothing unknown.
 * Throws Refusal for what no permit of any kind may do.
 */
export function classify(method: string, rawPath: string, rawQuery: string): ApiRequest {
  if (!methods.has(method)) {
    throw new Refusal({
      status: 405,
      reason: 'MethodNotAllowed',
      message: `The method ${method.slice(0, 20)} is not allowed.`,
    });
  }
  const path = readPath(rawPath);
  const query = readQuery(rawQuery);
  const action =
    path.target === null ? outsideResources(method, path.path) : actionOn(method, path, path.target, query);
  const keys = keysOf(action, path);
  if (keys !== null) checkKeys(query, keys);
  return { method, ...path, query, action };
}

function outsideResources(method: string, path: string): Action {
  if (method !== 'GET' && method !== 'HEAD') {
    throw forbidden(`Writing to ${path} is not allowed: outside resources nothing can be previewed.`);
  }
  if (![...discoveryPaths, ...probePaths].some((known) => known.test(path))) {
    throw forbidden(`Reading ${path} is not allowed: it is not part of the Kubernetes resource API.`);
  }
  return 'discovery';
}

function actionOn(method: string, path: ApiPath, target: Target, query: Query): Action {
  const { resource, name, subresource } = target;
  if (subresource !== null && streams.has(subresource))
    return isNodeRead(method, path, target) ? 'node-read' : 'stream';
  if (resource === 'serviceaccounts' && subresource === 'token') return 'token';
  if (resource === 'tokenreviews') throw forbidden('Testing a token is not allowed through the gate.');
  if (reviews.has(`${target.group}/${resource}`)) return actionOnReview(method, name);
  if (method === 'GET' || method === 'HEAD') return readOf(target, query);
  if (name === null) return onCollection(method, target);
  if (method === 'POST') {
    if (subresource === null) throw badRequest(`A POST to the object ${name} is not known.`);
    return 'create';
  }
  if (method === 'DELETE') {
    if (subresource !== null) throw forbidden(`Deleting the subresource ${subresource} is not known.`);
    return 'delete';
  }
  return method === 'PUT' ? 'update' : 'patch';
}

function actionOnReview(method: string, name: string | null): Action {
  if (method !== 'POST' || name !== null) throw forbidden('An access review is only asked by POST.');
  return 'review';
}

function onCollection(method: string, target: Target): Action {
  if (method === 'POST') return 'create';
  if (method === 'DELETE') return 'deletecollection';
  throw badRequest(`${method} needs the name of one of the ${target.resource}.`);
}

function readOf({ name, subresource }: Target, query: Query): Action {
  if (name === null) return isSet(query, 'watch') ? 'watch' : 'list';
  if (subresource === null) return 'get';
  if (!readableSubresources.has(subresource))
    throw forbidden(`Reading the subresource ${subresource} is not known to be harmless.`);
  if (subresource !== 'log') return 'get';
  return isSet(query, 'follow') ? 'follow' : 'log';
}

function isNodeRead(
  method: string,
  { rest, path }: ApiPath,
  { group, resource, subresource, namespace }: Target,
): boolean {
  if (method !== 'GET' || group !== '' || resource !== 'nodes' || subresource !== 'proxy' || namespace !== null)
    return false;
  return (rest === 'stats/summary' && !path.endsWith('/')) || rest === 'logs';
}

function keysOf(action: Action, { path, rest }: ApiPath): ReadonlySet<string> | null {
  switch (action) {
    case 'discovery':
      return probePaths.some((known) => known.test(path)) ? allowedKeys.probe : allowedKeys.read;
    case 'get':
    case 'list':
    case 'watch':
      return allowedKeys.read;
    case 'log':
    case 'follow':
      return allowedKeys.log;
    case 'node-read':
      return rest === 'logs' ? allowedKeys.nodeLog : new Set();
    case 'review':
    case 'create':
    case 'update':
    case 'patch':
    case 'token':
      return allowedKeys.write;
    case 'delete':
      return allowedKeys.delete;
    case 'deletecollection':
      return allowedKeys.deletecollection;
    case 'stream':
      return null;
  }
}
