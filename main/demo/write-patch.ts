/** PATCH in its four types. Server-side apply may create; the others need an object. */
import { decodeYaml, mediaType, readManifest, reportStrictness } from './body.ts';
import type { Decoded } from './body.ts';
import { conform } from './conform.ts';
import type { Call, Cluster } from './context.ts';
import { fromVersion, toVersion } from './convert.ts';
import { apiVersionOf } from './definitions.ts';
import { ApiError, badRequest, conflict, invalid, notFound } from './errors.ts';
import type { Manifest } from './kinds.ts';
import { writeOptions } from './options.ts';
import type { WriteOptions } from './options.ts';
import { applyJsonPatch, unprocessable } from './patch/json-patch.ts';
import { applyConfiguration } from './patch/managed-fields.ts';
import { applyMergePatch, isObject } from './patch/merge.ts';
import { applyStrategicPatch } from './patch/strategic.ts';
import { answerObject } from './read.ts';
import { schemaOf } from './schema.ts';
import { addObject, checkIdentity, checkPlace, replaceObject, writerOf } from './write.ts';

type Json = Record<string, unknown>;

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
    throw new ApiError(415, 'UnsupportedMediaType', message);
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

/** What a patch made is read like a body, but a wrong type in it is the patch's fault. @throws ApiError 400, 422. */
function readPatched(result: Json, read: () => Manifest): Manifest {
  try {
    return read();
  } catch (error) {
    const why = /json: cannot unmarshal .*/.exec(error instanceof ApiError ? error.message : '')?.[0];
    if (!why) throw error;
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(result))}: ${why}`;
    throw invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  }
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
  const reading = { validation: options.fieldValidation, warn };
  const wanted = readPatched(result, () =>
    readManifest({ value: result, duplicates: [] }, definition, schema, reading),
  );
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
    const message = `failed to create typed patch object (${value['metadata'] && (value['metadata'] as { namespace?: string }).namespace ? call.path.namespace : ''}/${call.path.name}; ${apiVersion}, Kind=${kind}): .${first}: field not declared in schema`;
    throw new ApiError(500, '', message);
  }
  if (definition.custom)
    reportStrictness(unknown, [], 'strict decoding error: ', options.fieldValidation, answer.warn.bind(answer));
  return fitted as Manifest;
}
