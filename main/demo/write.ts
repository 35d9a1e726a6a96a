/**
 * Creates, updates and patches. Every way ends in one pipeline: fit to the schema, defaults, admission, validation,
 * managedFields, then the store; a dry run does all of it but the last.
 */
import { admitPod, nameSuffix, qosClass } from './defaults/admission.ts';
import { fillDefaults } from './defaults/fill.ts';
import { defaultKind } from './defaults/workloads.ts';
import { decodeBody, decodeYaml, mediaType, readManifest, reportStrictness } from './body.ts';
import type { Decoded } from './body.ts';
import { randomUUID } from 'node:crypto';
import { timestamp } from './clock.ts';
import { fromVersion, toVersion } from './convert.ts';
import type { Call, Cluster } from './context.ts';
import { conform } from './conform.ts';
import { established } from './custom.ts';
import type { CustomResourceDefinition } from './custom.ts';
import { apiVersionOf } from './definitions.ts';
import { alreadyExists, ApiError, badRequest, conflict, forbidden, invalid, modified, notFound } from './errors.ts';
import type { Manifest } from './kinds.ts';
import { writeOptions } from './options.ts';
import type { WriteOptions } from './options.ts';
import { applyJsonPatch, unprocessable } from './patch/json-patch.ts';
import { applyConfiguration, trackUpdate } from './patch/managed-fields.ts';
import type { Writer } from './patch/managed-fields.ts';
import { applyMergePatch, isObject } from './patch/merge.ts';
import { applyStrategicPatch } from './patch/strategic.ts';
import { answerObject } from './read.ts';
import { schemaOf } from './schema.ts';
import { validateObject } from './validation/kinds.ts';

type Json = Record<string, unknown>;

/** Checks that a body belongs where it was sent. @throws ApiError 400. */
function checkPlace(call: Call, object: Manifest): void {
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

function writerOf(cluster: Cluster, call: Call, options: WriteOptions): Writer {
  const { definition, path } = call;
  return {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(definition),
    subresource: path.subresource,
    at: timestamp(cluster.store.now()),
  };
}

/** Defaults, admission and validation of what is about to be stored. @throws ApiError 403, 422. */
function complete(
  cluster: Cluster,
  call: Call,
  object: Manifest,
  previous: Manifest | undefined,
  isDryRun: boolean,
): Manifest {
  const { definition } = call;
  const schema = schemaOf(definition);
  let result = structuredClone(object);
  if (schema && !definition.custom) fillDefaults(result, schema);
  defaultKind(definition.storage, result as unknown as Json, {
    isDryRun,
    previous: previous as unknown as Json | undefined,
  });
  if (definition.storage === 'pods' && !previous) {
    admitPod(cluster.store, result);
    const pod = result as Manifest & { spec: Json; status?: Json };
    pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec) };
  }
  if (definition.storage === 'customresourcedefinitions.apiextensions.k8s.io' && !previous) {
    result = established(result as CustomResourceDefinition, timestamp(cluster.store.now()));
  }
  const causes = validateObject(definition.storage, result, previous);
  if (causes.length) throw invalid(definition, result.metadata.name, causes);
  return result;
}

function hasStatusSubresource(call: Call): boolean {
  return call.definition.subresources.has('status');
}

/** Parts of an object that a write through this path cannot touch are taken from what is stored. */
function keepOtherParts(call: Call, previous: Manifest, next: Manifest): Manifest {
  const { managedFields } = next.metadata as { managedFields?: unknown };
  if (call.path.subresource === 'status') {
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
  finish?: (completed: Manifest) => Manifest,
): Manifest {
  const { definition } = call;
  checkIdentity(call, previous, wanted);
  const next = keepOtherParts(call, previous, wanted);
  const { resourceVersion, uid, creationTimestamp } = previous.metadata;
  Object.assign(next.metadata, { resourceVersion, uid, creationTimestamp });
  const isStatus = call.path.subresource === 'status';
  let completed = isStatus ? next : complete(cluster, call, next, previous, options.isDryRun);
  const finalizers = completed.metadata.finalizers ?? [];
  if (previous.metadata.deletionTimestamp && finalizers.some((each) => !previous.metadata.finalizers?.includes(each))) {
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(finalizers)}`;
    throw invalid(definition, previous.metadata.name, [
      { reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' },
    ]);
  }
  completed = finish
    ? finish(completed)
    : trackUpdate(previous, completed, schemaOf(definition), writerOf(cluster, call, options));
  if (options.isDryRun) return cluster.store.settle(definition.storage, previous, completed);
  return cluster.store.update(definition.storage, completed);
}

/** resourceVersion and uid in a write are preconditions. @throws ApiError 409, 422, 500. */
function checkIdentity(call: Call, previous: Manifest, wanted: Manifest): void {
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
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid ?? ''}`;
  throw conflict(definition, previous.metadata.name, why);
}

/** Stores a new object, or shows it. @throws ApiError 403, 404, 409, 422, 500. */
export function addObject(
  cluster: Cluster,
  call: Call,
  given: Manifest,
  options: WriteOptions,
  finish?: (completed: Manifest) => Manifest,
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
  const completed = complete(cluster, call, named, undefined, options.isDryRun);
  const existing = store.get(definition.storage, metadata.namespace ?? '', metadata.name);
  if (existing) {
    const error = alreadyExists(definition, metadata.name);
    if (existing.metadata.deletionTimestamp) {
      error.status.message = `object is being deleted: ${error.status.message ?? ''}`;
    }
    throw error;
  }
  const tracked = finish
    ? finish(completed)
    : trackUpdate(undefined, completed, schemaOf(definition), writerOf(cluster, call, options));
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
  return store.create(definition.storage, tracked);
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

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** @throws ApiError 415 for a patch type that is not known, or not for this kind. */
function checkPatchType(type: string, isCustom: boolean): void {
  const accepted = isCustom ? patchTypes.filter((each) => !each.includes('strategic')) : patchTypes;
  if (accepted.includes(type)) return;
  if (patchTypes.includes(type)) {
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
    throw new ApiError(415, 'UnsupportedMediaType', message, {});
  }
  throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

/** The object that a patch makes of another. @throws ApiError 400, 422. */
export function patchedObject(type: string, current: unknown, body: Buffer, schema: ReturnType<typeof schemaOf>): Json {
  let patch: unknown;
  try {
    patch = JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest('error decoding patch: unexpected end of JSON input');
  }
  const result = type.startsWith('application/json-patch')
    ? applyJsonPatch(current, patch)
    : type.startsWith('application/merge-patch')
      ? applyMergePatch(current, patch)
      : applyStrategicPatch(current as Json, patch as Json, schema);
  if (!isObject(result)) throw unprocessable();
  return result;
}

export function patchObject(cluster: Cluster, call: Call): void {
  const { definition, path, body, headers, answer } = call;
  const type = mediaType(headers['content-type']);
  checkPatchType(type, !!definition.custom);
  const isApply = type === 'application/apply-patch+yaml';
  const options = writeOptions(call.query, 'PatchOptions', headers['user-agent'], isApply);
  const previous = cluster.store.get(definition.storage, path.namespace, path.name);
  if (isApply) {
    applyObject(cluster, call, previous, options);
    return;
  }
  if (!previous) throw notFound(definition, path.name);
  const schema = schemaOf(definition);
  const current = toVersion(definition, previous);
  const result = patchedObject(type, current, body, schema);
  const warn = answer.warn.bind(answer);
  const wanted = readManifest({ value: result, duplicates: [] }, definition, schema, {
    validation: options.fieldValidation,
    warn,
  });
  checkPlace(call, wanted);
  const stored = replaceObject(cluster, call, previous, fromVersion(definition, wanted), options);
  answerObject(cluster, call, 200, stored);
}

function applyObject(cluster: Cluster, call: Call, previous: Manifest | undefined, options: WriteOptions): void {
  const { definition, path, answer } = call;
  const decoded = decodeYaml(call.body.toString('utf8'), definition.kind);
  const config = readConfiguration(call, decoded, options);
  checkPlace(call, config);
  config.metadata.name ||= path.name;
  const { uid } = config.metadata;
  if (!previous && uid) {
    throw conflict(
      definition,
      path.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
  if (previous && path.subresource === '') checkIdentity(call, previous, config);
  const schema = schemaOf(definition);
  const { resourceVersion: _version, uid: _uid, ...metadata } = config.metadata;
  const applied = { ...config, metadata: { ...metadata } };
  const live = previous && toVersion(definition, previous);
  const { merged, finish } = applyConfiguration(live, applied, schema, writerOf(cluster, call, options), options.force);
  const wanted = fromVersion(definition, merged);
  const stored = previous
    ? replaceObject(cluster, call, previous, wanted, options, finish)
    : addObject(cluster, call, wanted, options, finish);
  answerObject(cluster, { ...call, answer }, previous ? 200 : 201, stored);
}

/** An applied configuration: unknown fields are an error of the server's typed merge, whatever fieldValidation says. */
function readConfiguration(call: Call, { value, duplicates }: Decoded, options: WriteOptions): Manifest {
  const { definition, answer } = call;
  const { apiVersion, kind } = value as { apiVersion?: string; kind?: string };
  if (!apiVersion || !kind) throw badRequest(`invalid object type: /, Kind=`);
  if (kind !== definition.kind || apiVersion !== apiVersionOf(definition)) {
    throw badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`);
  }
  reportStrictness([], duplicates, '', options.fieldValidation, answer.warn.bind(answer));
  const schema = schemaOf(definition);
  if (!schema) return value as unknown as Manifest;
  const { value: fitted, unknown } = conform(
    schema,
    value,
    `${kind} in version "${definition.version}" cannot be handled as a ${kind}`,
    !!definition.custom,
  );
  const [first] = unknown;
  if (first && !definition.custom) {
    const message = `failed to create typed patch object (${call.path.namespace}/${call.path.name}; ${apiVersion}, Kind=${kind}): .${first}: field not declared in schema`;
    throw new ApiError(500, '', message);
  }
  if (definition.custom)
    reportStrictness(unknown, [], 'strict decoding error: ', options.fieldValidation, answer.warn.bind(answer));
  return fitted as Manifest;
}
