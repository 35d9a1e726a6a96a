/** DELETE of an object and of a collection, with what each kind answers. */
import { timestamp } from './clock.ts';
import { decodeBody, mediaType, protobufType } from './body.ts';
import { toVersion } from './convert.ts';
import type { Call, Cluster } from './context.ts';
import { orphaningByDefault, planDelete, requestDelete } from './delete.ts';
import { badRequest, conflict, invalid, notFound } from './errors.ts';
import { objectText } from './form.ts';
import type { Manifest } from './kinds.ts';
import { deleteOptions } from './options.ts';
import type { DeleteOptions } from './options.ts';
import { answerList, answerObject, selectObjects } from './read.ts';

/** Kinds whose deletion answers the last object instead of a Status. */
const answersObject = new Set([
  'services',
  'serviceaccounts',
  'persistentvolumeclaims',
  'pods',
  'podtemplates',
  'resourcequotas',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
]);

/** The body of a DELETE, where there is one, replaces the query. @throws ApiError 400, 415, 422. */
function readOptions(call: Call): DeleteOptions {
  const { body, headers, query } = call;
  if (!body.length) return deleteOptions(query, undefined);
  const type = mediaType(headers['content-type']);
  if (body.subarray(0, 4).toString('latin1') === 'k8s\0' && type !== protobufType) {
    throw badRequest(
      "couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value",
    );
  }
  const { value } = decodeBody(body, headers['content-type'], 'DeleteOptions');
  const { kind } = value;
  if (kind !== undefined && kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(`the object provided is unrecognized (must be of type DeleteOptions): ${String(kind as string)}`);
  }
  return deleteOptions(query, value);
}

/** @throws ApiError 409 naming both values. */
export function checkPreconditions(call: Call, object: Manifest, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions;
  const { name, uid: actualUid = '', resourceVersion: actualVersion = '' } = object.metadata;
  if (uid && uid !== actualUid) {
    const error = conflict(call.definition, name, '');
    error.status.message =
      `Operation cannot be fulfilled on ${call.definition.kind} "${name}": the UID in the precondition (${uid}) does not ` +
      `match the UID in record (${actualUid}). The object might have been deleted and then recreated`;
    throw error;
  }
  if (resourceVersion && resourceVersion !== actualVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${actualVersion}`;
    throw conflict(call.definition, name, why);
  }
}

/** Begins a deletion; in a dry run only says what it would be. */
function removeOne(
  cluster: Cluster,
  call: Call,
  object: Manifest,
  options: DeleteOptions,
): { object: Manifest; isGone: boolean } {
  const { storage } = call.definition;
  checkPreconditions(call, object, options);
  const request = { gracePeriodSeconds: options.gracePeriodSeconds, propagation: options.propagation };
  if (options.isDryRun) return planDelete(cluster.store.now(), storage, object, request);
  const { name, namespace = '' } = object.metadata;
  return requestDelete(cluster.store, storage, namespace, name, request) ?? { object, isGone: true };
}

/** A Pod that goes at once is answered as one that had no time left. */
function withDeletionTime(
  cluster: Cluster,
  call: Call,
  removed: { object: Manifest; isGone: boolean },
): { object: Manifest; isGone: boolean } {
  if (!removed.isGone || call.definition.storage !== 'pods') return removed;
  const times = { deletionTimestamp: timestamp(cluster.store.now()), deletionGracePeriodSeconds: 0 };
  return { ...removed, object: { ...removed.object, metadata: { ...removed.object.metadata, ...times } } };
}

export function deleteObject(cluster: Cluster, call: Call): void {
  const { definition, path, answer } = call;
  const options = readOptions(call);
  const object = cluster.store.get(definition.storage, path.namespace, path.name);
  if (!object) throw notFound(definition, path.name);
  if (definition.storage === 'namespaces' && ['default', 'kube-system', 'kube-public'].includes(path.name)) {
    const message = 'Forbidden: this namespace may not be deleted';
    throw invalid(definition, path.name, [{ reason: 'FieldValueForbidden', message, field: 'metadata.name' }]);
  }
  if (!options.propagation && orphaningByDefault.has(definition.storage) && definition.storage === 'jobs.batch') {
    answer.warn(
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    );
  }
  const removed = withDeletionTime(cluster, call, removeOne(cluster, call, object, options));
  if (!removed.isGone || answersObject.has(definition.storage)) {
    answerObject(cluster, call, 200, removed.object);
    return;
  }
  const { name, uid } = object.metadata;
  const details = {
    name,
    ...(definition.group ? { group: definition.group } : {}),
    kind: definition.plural,
    ...(uid ? { uid } : {}),
  };
  answer.object(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

export async function deleteCollection(cluster: Cluster, call: Call): Promise<void> {
  const options = readOptions(call);
  const listed = await selectObjects(cluster, call);
  const objects = listed.objects.map((object) => removeOne(cluster, call, object, options).object);
  answerList(cluster, call, { ...listed, objects });
}

/** The object as text in the version of the call, for answers that are written by hand. */
export function textOf(call: Call, object: Manifest): string {
  return objectText(call.definition, toVersion(call.definition, object));
}
