import { fieldsAt, isFields, textAt, writeJson, type Fields, type Value } from './body.ts';
import { deleteBody, readOptionsValue } from './delete-options.ts';
import type { Draft } from './draft.ts';
import { guardJsonPatch, guardObject, guardOf, type Guard } from './guard.ts';
import type { RecordedWrite } from './permits.ts';
import { readObjectMeta, withGuardInMeta, writeUnknown } from './protobuf.ts';
import { writeQuery, type Query } from './query.ts';
import { badRequest, Refusal } from './refusal.ts';

const protobufType = 'application/vnd.kubernetes.protobuf';

/** A write as it will be sent: the precondition in it, no dry run yet. */
export type Prepared = Pick<RecordedWrite, 'method' | 'path' | 'query' | 'contentType' | 'body' | 'guard' | 'target'>;

/** The object that a subresource belongs to. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Where the object itself is read: the parent of a subresource, but a Scale is an object of its own. */
export function objectPath({ request, target }: Pick<Draft, 'request' | 'target'>): string {
  if (target.subresource === null || target.subresource === 'scale') return request.path;
  return request.path.slice(0, -(target.subresource.length + 1));
}

/**
 * Writes a draft anew with the precondition that the object is still `before` (null: it is not there). An apply to an
 * object that is not there becomes a create, because only a create can say 'must not exist yet'. Throws Refusal.
 */
export function prepare(draft: Draft, before: unknown): Prepared {
  const { request, target } = draft;
  const guard = guardOf(before);
  const base = { method: request.method as RecordedWrite['method'], path: request.path, target, guard };
  const query = writeQuery(withoutDryRun(request.query));
  if (request.action === 'update' && guard === null) throw missing(target);
  switch (draft.body.kind) {
    case 'options': {
      const body = deleteBody(draft.body.options, guard, false);
      return { ...base, query: writeQuery(writeOptions(request.query)), contentType: 'application/json', body };
    }
    case 'protobuf': {
      const { message } = draft.body;
      if (request.action === 'create') refuseVersion(readObjectMeta(message.raw).resourceVersion);
      const raw = guard === null || request.action === 'create' ? message.raw : guardedProtobuf(message.raw, guard);
      const body = JSON.stringify(writeUnknown({ ...message, raw }).toString('base64'));
      return { ...base, query, contentType: protobufType, body };
    }
    case 'json':
      if (before === null && draft.contentType === 'application/apply-patch+yaml' && target.subresource === null) {
        return applyAsCreate(draft, draft.body.value);
      }
      return { ...base, query, contentType: typeOf(draft), body: writeJson(guarded(draft, draft.body.value, guard)) };
  }
}

/** The prepared write as a dry run: in the body of a DELETE, in the query of everything else. */
export function asDryRun({ method, query, body, contentType }: Prepared): {
  query: string;
  body: Buffer | string | null;
} {
  if (method === 'DELETE') {
    const options = JSON.parse(body ?? '{}') as Record<string, unknown>;
    return { query, body: JSON.stringify({ ...options, dryRun: ['All'] }) };
  }
  return {
    query: [query, 'dryRun=All']
      .filter((part) => part !== '')
      .sort()
      .join('&'),
    body: bytesOfBody(contentType, body),
  };
}

/** A recorded body as bytes for the wire. */
export function bytesOfBody(contentType: string | null, body: string | null): Buffer | string | null {
  return body !== null && contentType === protobufType ? Buffer.from(JSON.parse(body) as string, 'base64') : body;
}

function guardedProtobuf(raw: Buffer, guard: Guard): Buffer {
  const own = readObjectMeta(raw);
  return withGuardInMeta(raw, {
    uid: own.uid === '' ? guard.uid : own.uid,
    resourceVersion:
      own.resourceVersion === '' || own.resourceVersion === '0' ? guard.resourceVersion : own.resourceVersion,
  });
}

function guarded({ request, target, contentType }: Draft, value: Value, guard: Guard | null): Value {
  if (request.action === 'create') {
    if (target.subresource === 'eviction') return guardedEviction(value, guard);
    if (target.subresource === 'binding' || target.resource === 'bindings') return guardedBinding(value, guard);
    refuseVersion(textAt(value, 'metadata', 'resourceVersion') ?? '');
    return value;
  }
  if (guard === null) return value;
  // A Scale says nothing but its spec; the rest is what the client just read, and is read again for the preview.
  if (target.subresource === 'scale' && request.action === 'update') return guardObject(withoutVersion(value), guard);
  if (contentType === 'application/json-patch+json') return guardJsonPatch(value, guard);
  return guardObject(value, guard);
}

function guardedEviction(value: Value, guard: Guard | null): Fields {
  if (!isFields(value)) throw badRequest('The body is not an Eviction.');
  const options = readOptionsValue(value['deleteOptions']);
  return { ...value, deleteOptions: { ...options, preconditions: { ...guard, ...options.preconditions } } };
}

function guardedBinding(value: Value, guard: Guard | null): Fields {
  if (!isFields(value)) throw badRequest('The body is not a Binding.');
  if (guard === null) return value;
  const metadata = fieldsAt(value, 'metadata');
  return { ...value, metadata: { ...metadata, uid: textAt(value, 'metadata', 'uid') ?? guard.uid } };
}

function applyAsCreate(draft: Draft, value: Value): Prepared {
  const { request, target } = draft;
  if (!isFields(value) || target.name === null) throw badRequest('The body is not an object.');
  if (textAt(value, 'metadata', 'uid') !== null || textAt(value, 'metadata', 'resourceVersion') !== null) {
    throw new Refusal({
      status: 409,
      reason: 'Conflict',
      message: `${target.resource} "${target.name}" is not there (any more), but the request expects a certain state of it.`,
      remedy: 'Read the object again.',
    });
  }
  const metadata = { ...fieldsAt(value, 'metadata') };
  const named = textAt(value, 'metadata', 'name');
  if (named !== null && named !== target.name)
    throw badRequest(`The name in the body (${named}) is not the one in the path.`);
  const query: Query = [
    ...withoutDryRun(request.query).filter(([key]) => key !== 'force' && key !== 'fieldValidation'),
    ['fieldValidation', 'Strict'],
  ];
  return {
    method: 'POST',
    path: request.path.slice(0, request.path.lastIndexOf('/')),
    query: writeQuery(query),
    contentType: 'application/json',
    body: writeJson({ ...value, metadata: { ...metadata, name: target.name } }),
    target: { ...target, name: target.name },
    guard: null,
  };
}

/** Some kinds are created by a PUT, and a PUT cannot say 'must not exist yet'. */
function missing({ resource, name }: Draft['target']): Refusal {
  return new Refusal({
    status: 404,
    reason: 'NotFound',
    message: `${resource} "${name ?? ''}" not found`,
    remedy: 'Create it instead.',
  });
}

function withoutVersion(value: Value): Value {
  if (!isFields(value)) return value;
  const { resourceVersion: _version, ...metadata } = fieldsAt(value, 'metadata');
  return { ...value, metadata };
}

/** The dry run of such a create says yes where the real one fails. */
function refuseVersion(version: string): void {
  if (version !== '') throw badRequest('resourceVersion should not be set on objects to be created.');
}

function typeOf({ contentType }: Draft): string {
  return contentType === null || contentType === 'application/yaml' ? 'application/json' : contentType;
}

function withoutDryRun(query: Query): Query {
  return query.filter(([key]) => key !== 'dryRun');
}

/** A DELETE says everything in its body. */
function writeOptions(query: Query): Query {
  return query.filter(([key]) => key === 'pretty' || key === 'timeout');
}
