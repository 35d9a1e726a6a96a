/** Which handler a resource request goes to. */
import { answerReview, isReview } from './reviews.ts';
import type { Call, Cluster } from './context.ts';
import { methodNotAllowed, noSuchResource } from './errors.ts';
import { getObject, listObjects } from './read.ts';
import { deleteCollection, deleteObject } from './remove.ts';
import type { Query } from './query.ts';
import type { ResourcePath } from './route.ts';
import { subresources } from './subresources.ts';
import { watchObjects } from './watch.ts';
import { patchObject } from './write-patch.ts';
import { createObject, updateObject } from './write.ts';

/** The verb that RBAC judges a request by. */
export function verbOf(method: string, path: ResourcePath, query: Query): string {
  if (method === 'GET' || method === 'HEAD') {
    if (path.isWatch) return 'watch';
    if (path.name) return 'get';
    return query.flag('watch') ? 'watch' : 'list';
  }
  if (method === 'DELETE') return path.name ? 'delete' : 'deletecollection';
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase();
}

/** What the server warns of at every request of such a resource. */
const deprecations: Record<string, string> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
};

/** Answers a resource request, or throws its refusal. @throws ApiError. */
export async function handleResource(cluster: Cluster, call: Call): Promise<void> {
  const { definition, path, method, query } = call;
  const deprecation =
    definition.group === '' && Object.hasOwn(deprecations, definition.plural)
      ? deprecations[definition.plural]
      : undefined;
  if (deprecation) call.answer.warn(deprecation);
  if (path.subresource) {
    const handler = Object.hasOwn(subresources, path.subresource) ? subresources[path.subresource] : undefined;
    if (!handler || !definition.subresources.has(path.subresource)) throw noSuchResource();
    await handler(cluster, call);
    return;
  }
  const verb = verbOf(method, path, query);
  if (definition.namespaced && path.name && !path.namespace) throw noSuchResource();
  if (isReview(definition)) {
    if (verb !== 'create') throw methodNotAllowed();
    answerReview(cluster, call);
    return;
  }
  if (!definition.verbs.includes(verb)) throw methodNotAllowed();
  if (verb === 'get') await getObject(cluster, call);
  else if (verb === 'list') await listObjects(cluster, call);
  else if (verb === 'watch') watchObjects(cluster, call);
  else if (verb === 'create') {
    if (path.name || (definition.namespaced && !path.namespace)) throw methodNotAllowed();
    createObject(cluster, call);
  } else if (!path.name && verb !== 'deletecollection') throw methodNotAllowed();
  else if (verb === 'update') updateObject(cluster, call);
  else if (verb === 'patch') patchObject(cluster, call);
  else if (verb === 'delete') deleteObject(cluster, call);
  else await deleteCollection(cluster, call);
}
