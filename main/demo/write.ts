/**
 * Creates and updates. Every write, patches too, ends in one pipeline: defaults, ownership, allocation, validation, then
 * the store; a dry run does all of it but the last.
 */
import { randomUUID } from 'node:crypto';
import { decodeBody, readManifest } from './body.ts';
import { timestamp } from './clock.ts';
import type { Call, Cluster } from './context.ts';
import { fromVersion, toVersion } from './convert.ts';
import { definitionsResource, established } from './custom.ts';
import type { CustomResourceDefinition } from './custom.ts';
import { nameSuffix } from './defaults/admission.ts';
import { allocate } from './defaults/allocation.ts';
import { fillDefaults } from './defaults/fill.ts';
import { defaultKind } from './defaults/workloads.ts';
import { apiVersionOf } from './definitions.ts';
import { alreadyExists, ApiError, badRequest, conflict, forbidden, invalid, modified, notFound } from './errors.ts';
import type { Manifest } from './kinds.ts';
import { writeOptions } from './options.ts';
import type { WriteOptions } from './options.ts';
import { trackUpdate } from './patch/managed-fields.ts';
import type { Writer } from './patch/managed-fields.ts';
import { answerObject } from './read.ts';
import { schemaOf, schemaOfKind } from './schema.ts';
import { checkQuotas } from './validation/quota.ts';
import { validateObject } from './validation/kinds.ts';
import { fillStructural, structuralCauses } from './validation/structural.ts';

type Json = Record<string, unknown>;

/** Checks that a body belongs where it was sent. @throws ApiError 400. */
export function checkPlace(call: Call, object: Manifest): void {
  const { path, definition } = call;
  const given = object.metadata.namespace;
  if (definition.namespaced) {
    if (given && given !== path.namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    object.metadata.namespace = path.namespace;
  } else delete object.metadata.namespace;
  if (path.name && object.metadata.name && object.metadata.name !== path.name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${path.name})`,
    );
  }
}

/** @throws ApiError 403, 404 where nothing may be created in the namespace. */
function checkNamespace({ store }: Cluster, call: Call): void {
  const { definition, path } = call;
  if (!definition.namespaced) return;
  const found = store.get('namespaces', '', path.namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, path.namespace);
  if (!found.metadata.deletionTimestamp) return;
  const error = forbidden(
    definition,
    path.name,
    `unable to create new content in namespace ${path.namespace} because it is being terminated`,
  );
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${path.namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  error.status.details = { ...error.status.details, causes: [cause] };
  throw error;
}

export function writerOf(cluster: Cluster, call: Call, options: WriteOptions): Writer {
  const { definition, path } = call;
  return {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(definition),
    subresource: path.subresource,
    at: timestamp(cluster.store.now()),
  };
}

/** Resources whose other version is the one that is stored. */
const storedKinds: Record<string, [group: string, version: string, kind: string]> = {
  events: ['', 'v1', 'Event'],
  'horizontalpodautoscalers.autoscaling': ['autoscaling', 'v2', 'HorizontalPodAutoscaler'],
};

/** The object with its defaults: what the writer owns of it. */
function defaulted({ definition }: Call, object: Manifest): Manifest {
  const stored = Object.hasOwn(storedKinds, definition.storage) ? storedKinds[definition.storage] : undefined;
  const schema = stored ? schemaOfKind(...stored) : schemaOf(definition);
  const result = structuredClone(object);
  const structure = definition.custom?.definition.schema?.openAPIV3Schema;
  if (structure) fillStructural(structure, result);
  else if (schema) fillDefaults(result, schema);
  defaultKind(definition.storage, result as unknown as Json);
  return result;
}

/** Adds managedFields to a completed object, in the version that the client speaks. */
export type Track = (completed: Manifest) => Manifest;

/** Defaults, ownership, allocation, validation: all that happens before the store. @throws ApiError 403, 422. */
function complete(
  cluster: Cluster,
  call: Call,
  object: Manifest,
  previous: Manifest | undefined,
  options: WriteOptions,
  track?: Track,
): Manifest {
  const { definition } = call;
  const { storage } = definition;
  const filled = writesStatus(call) ? object : defaulted(call, object);
  const visible = toVersion(definition, filled);
  const before = previous && toVersion(definition, previous);
  const tracked =
    track?.(visible) ?? trackUpdate(before, visible, schemaOf(definition), writerOf(cluster, call, options));
  const { managedFields, annotations } = tracked.metadata as Manifest['metadata'] & { managedFields?: unknown };
  const { managedFields: _given, ...metadata } = filled.metadata as Manifest['metadata'] & { managedFields?: unknown };
  const owned: Manifest = {
    ...filled,
    metadata: { ...metadata, ...(annotations ? { annotations } : {}), ...(managedFields ? { managedFields } : {}) },
  };
  const result = allocate(storage, owned, {
    store: cluster.store,
    isDryRun: options.isDryRun,
    previous,
    user: call.user,
  });
  const structure = definition.custom?.definition.schema?.openAPIV3Schema;
  const causes = validateObject(storage, result, previous);
  if (structure) causes.push(...structuralCauses(structure, result));
  if (causes.length) throw invalid(definition, result.metadata.name, causes);
  return result;
}

/** A signing request is approved in its status, under a path of its own. */
function writesStatus({ path }: Call): boolean {
  return path.subresource === 'status' || path.subresource === 'approval';
}

function hasStatusSubresource(call: Call): boolean {
  return call.definition.subresources.has('status');
}

/** Parts of an object that a write through this path cannot touch are taken from what is stored. */
function keepOtherParts(call: Call, previous: Manifest, next: Manifest): Manifest {
  const { managedFields } = next.metadata as { managedFields?: unknown };
  if (writesStatus(call)) {
    const status = (next as { status?: unknown }).status;
    const metadata = { ...previous.metadata, ...(managedFields ? { managedFields } : {}) };
    const { status: _old, ...rest } = previous as Manifest & { status?: unknown };
    return { ...rest, metadata, ...(status === undefined ? {} : { status }) } as Manifest;
  }
  const { deletionTimestamp, deletionGracePeriodSeconds } = previous.metadata;
  const kept: Manifest = { ...next, metadata: { ...next.metadata } };
  if (deletionTimestamp) kept.metadata.deletionTimestamp = deletionTimestamp;
  else delete kept.metadata.deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined) kept.metadata.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
  else delete kept.metadata.deletionGracePeriodSeconds;
  if (!hasStatusSubresource(call)) return kept;
  const { status: _sent, ...rest } = kept as Manifest & { status?: unknown };
  const { status } = previous as { status?: unknown };
  return { ...rest, ...(status === undefined ? {} : { status }) } as Manifest;
}

/** Stores a new version of an object, or shows what that would be. @throws ApiError 409, 422. */
export function replaceObject(
  cluster: Cluster,
  call: Call,
  previous: Manifest,
  wanted: Manifest,
  options: WriteOptions,
  track?: Track,
): Manifest {
  const { definition } = call;
  checkIdentity(call, previous, wanted);
  const next = keepOtherParts(call, previous, wanted);
  const { resourceVersion, uid, creationTimestamp } = previous.metadata;
  Object.assign(next.metadata, { resourceVersion, uid, creationTimestamp });
  const completed = complete(cluster, call, next, previous, options, track);
  const finalizers = completed.metadata.finalizers ?? [];
  if (previous.metadata.deletionTimestamp && finalizers.some((each) => !previous.metadata.finalizers?.includes(each))) {
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(finalizers)}`;
    throw invalid(definition, previous.metadata.name, [
      { reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' },
    ]);
  }
  if (options.isDryRun) return cluster.store.settle(definition.storage, previous, completed);
  return cluster.store.update(definition.storage, completed);
}

/** resourceVersion and uid in a write are preconditions. @throws ApiError 409, 422, 500. */
export function checkIdentity(call: Call, previous: Manifest, wanted: Manifest): void {
  const { definition, method } = call;
  const { resourceVersion = '', uid } = wanted.metadata;
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw new ApiError(
      500,
      '',
      `resourceVersion: Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
    );
  }
  if (definition.custom && method === 'PUT' && (!resourceVersion || resourceVersion === '0')) {
    const message = `Invalid value: ${resourceVersion || '0x0'}: must be specified for an update`;
    throw invalid(definition, previous.metadata.name, [
      { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
    ]);
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== previous.metadata.resourceVersion)
    throw modified(definition, previous.metadata.name);
  if (!uid || uid === previous.metadata.uid) return;
  if (method === 'PATCH') {
    throw invalid(definition, previous.metadata.name, [
      { reason: 'FieldValueInvalid', message: `Invalid value: "${uid}": field is immutable`, field: 'metadata.uid' },
    ]);
  }
  const { name, namespace } = previous.metadata;
  const key = ['/registry', definition.plural, ...(namespace ? [namespace] : []), name].join('/');
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid ?? ''}`;
  throw conflict(
    definition,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  );
}

/** Stores a new object, or shows it. @throws ApiError 403, 404, 409, 422, 500. */
export function addObject(
  cluster: Cluster,
  call: Call,
  given: Manifest,
  options: WriteOptions,
  track?: Track,
): Manifest {
  const { definition } = call;
  const { store } = cluster;
  const {
    resourceVersion,
    uid: _uid,
    creationTimestamp: _created,
    generation: _generation,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    ...metadata
  } = given.metadata;
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}${nameSuffix()}`;
  checkNamespace(cluster, call);
  const named: Manifest = { ...given, metadata };
  if (hasStatusSubresource(call)) delete (named as { status?: unknown }).status;
  const tracked = complete(cluster, call, named, undefined, options, track);
  const existing = store.get(definition.storage, metadata.namespace ?? '', metadata.name);
  if (existing) {
    const error = alreadyExists(definition, metadata.name);
    if (existing.metadata.deletionTimestamp) {
      error.status.message = `object is being deleted: ${error.status.message ?? ''}`;
    }
    throw error;
  }
  checkQuotas(store, definition, tracked);
  if (options.isDryRun) {
    const { name, namespace, ...rest } = tracked.metadata;
    const dry: Manifest = {
      ...tracked,
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        ...rest,
        uid: randomUUID(),
        creationTimestamp: timestamp(store.now()),
      },
    };
    if (store.hasGeneration(definition.storage, dry)) dry.metadata.generation = 1;
    return dry;
  }
  if (resourceVersion && resourceVersion !== '0')
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  const stored = store.create(definition.storage, tracked);
  if (definition.storage === definitionsResource) {
    // The answer shows the definition as it was sent; it is taken up a moment later, as by the real controller.
    const at = timestamp(store.now());
    setImmediate(() =>
      store.modify<CustomResourceDefinition>(definition.storage, '', metadata.name, (copy) => established(copy, at)),
    );
  }
  return stored;
}

function readBody(call: Call, options: WriteOptions): Manifest {
  const { definition, headers, body, answer } = call;
  const warn = answer.warn.bind(answer);
  const decoded = decodeBody(body, headers['content-type'], definition.kind);
  const object = readManifest(decoded, definition, schemaOf(definition), { validation: options.fieldValidation, warn });
  return object;
}

export function createObject(cluster: Cluster, call: Call): void {
  const options = writeOptions(call.query, 'CreateOptions', call.headers['user-agent']);
  const object = readBody(call, options);
  checkPlace(call, object);
  const added = addObject(cluster, call, fromVersion(call.definition, object), options);
  answerObject(cluster, call, 201, added);
}

/** Kinds that a PUT may create. */
const createdByUpdate = new Set(['leases.coordination.k8s.io']);

export function updateObject(cluster: Cluster, call: Call): void {
  const { definition, path } = call;
  const options = writeOptions(call.query, 'UpdateOptions', call.headers['user-agent']);
  const object = readBody(call, options);
  checkPlace(call, object);
  object.metadata.name ||= path.name;
  const previous = cluster.store.get(definition.storage, path.namespace, path.name);
  if (!previous) {
    if (!createdByUpdate.has(definition.storage)) throw notFound(definition, path.name);
    answerObject(cluster, call, 201, addObject(cluster, call, object, options));
    return;
  }
  answerObject(cluster, call, 200, replaceObject(cluster, call, previous, fromVersion(definition, object), options));
}
