import type { Call, Cluster } from './context.ts';
import { ApiError, badRequest, notFound } from './errors.ts';

/** GET through a node's kubelet: what the scripted one answers, else 404. A folder redirects, as a kubelet does. */
export function nodeProxy(cluster: Cluster, call: Call): void {
  const { path, query, answer, method } = call;
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
  if (!cluster.store.get('nodes', '', path.name)) throw notFound(call.definition, path.name);
  const search = new URL(answer.response.req.url ?? '/', 'https://localhost').search;
  const isFolder =
    path.rest === 'logs' && !new URL(answer.response.req.url ?? '/', 'https://localhost').pathname.endsWith('/');
  if (isFolder) {
    answer.response.setHeader('Location', `/api/v1/nodes/${path.name}/proxy/logs/${search}`);
    answer.text(307, '');
    return;
  }
  const found = method === 'GET' ? cluster.runtime.nodeProxy?.(path.name, path.rest, search.slice(1)) : undefined;
  if (found) answer.text(200, found.body, found.contentType);
  else answer.text(404, '404 page not found\n');
}

/** Pods and Services of the demo have no network behind them. */
export function unreachableProxy(cluster: Cluster, call: Call): void {
  const { path, query, definition } = call;
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
  const [scheme, name] = path.name.includes(':') ? path.name.split(':') : ['', path.name];
  const target = scheme === 'http' || scheme === 'https' || scheme === '' ? (name ?? '') : scheme;
  if (!cluster.store.get(definition.storage, path.namespace, target ?? '')) throw notFound(definition, target ?? '');
  const message = `no endpoints available for service "${path.name}"`;
  throw new ApiError(503, 'ServiceUnavailable', message);
}
