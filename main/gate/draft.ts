import { createHash } from 'node:crypto';
import { isFields, readJson, readYaml, textAt, type Value } from './body.ts';
import type { ApiRequest } from './classify.ts';
import { readDeleteOptions, type DeleteOptions } from './delete-options.ts';
import { isBuiltIn } from './dry-run.ts';
import type { Incoming } from './exchange.ts';
import { readContentType, refuseSuspicious } from './headers.ts';
import type { OriginalRequest, Target } from './permits.ts';
import { readObjectMeta, readUnknown, type Unknown } from './protobuf.ts';
import { valueOf, writeQuery } from './query.ts';
import { badRequest, Refusal } from './refusal.ts';

export type DraftBody =
  | { readonly kind: 'json'; readonly value: Value }
  | { readonly kind: 'protobuf'; readonly message: Unknown }
  | { readonly kind: 'options'; readonly options: DeleteOptions };

/** A write as a client wants it, understood whole. */
export interface Draft {
  readonly request: ApiRequest;
  readonly target: Target;
  readonly contentType: string | null;
  readonly body: DraftBody;
  readonly original: OriginalRequest;
  /** One of many that a single request was expanded to: the request itself is none of them. */
  readonly expanded?: true;
}

const patchTypes = new Set([
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]);
const objectTypes = new Set(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
const onlyJson = new Set(['eviction', 'binding', 'scale']);

/** Reads a write and its body. Throws Refusal 400, 413 or 415. */
export async function readDraft(incoming: Incoming, request: ApiRequest): Promise<Draft> {
  const { target } = request;
  if (target === null) throw badRequest(`${request.path} is not a resource.`);
  refuseSuspicious(incoming.headers);
  const contentType = readContentType(incoming.headers['content-type']);
  const bytes = await incoming.body();
  const dryRun = valueOf(request.query, 'dryRun');
  if (dryRun !== null && dryRun !== 'All') throw badRequest('dryRun may only be "All".');
  const original: OriginalRequest = {
    method: request.method,
    path: request.path,
    query: writeQuery(request.query),
    contentType,
    bodySha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return { request, target, contentType, body: readDraftBody(request, target, contentType, bytes), original };
}

/** The name that a body gives its object, null where it leaves it to the server. */
export function nameInBody(body: DraftBody): string | null {
  if (body.kind === 'json') return textAt(body.value, 'metadata', 'name');
  if (body.kind === 'options') return null;
  const { name } = readObjectMeta(body.message.raw);
  return name === '' ? null : name;
}

function readDraftBody(request: ApiRequest, target: Target, contentType: string | null, bytes: Buffer): DraftBody {
  const { action, query } = request;
  if (action === 'delete' || action === 'deletecollection') {
    return { kind: 'options', options: readDeleteOptions(contentType, bytes, query) };
  }
  if (action === 'patch') {
    if (contentType === null || !patchTypes.has(contentType)) throw unsupported(contentType, 'PATCH');
    const value = contentType === 'application/apply-patch+yaml' ? readYaml(bytes) : readJson(bytes);
    return { kind: 'json', value };
  }
  if (contentType !== null && !objectTypes.has(contentType)) throw unsupported(contentType, request.method);
  if (contentType === 'application/vnd.kubernetes.protobuf') {
    if (onlyJson.has(target.subresource ?? ''))
      throw unsupported(contentType, `${request.method} of ${target.subresource ?? ''}`);
    // A malformed one makes the server drop the connection; a custom resource takes none anyway.
    if (!isBuiltIn(target.group)) throw unsupported(contentType, 'A custom resource');
    const message = readUnknown(bytes);
    readObjectMeta(message.raw);
    return { kind: 'protobuf', message };
  }
  const value = contentType === 'application/yaml' ? readYaml(bytes) : readJson(bytes);
  if (!isFields(value)) throw badRequest('The body is not an object.');
  return { kind: 'json', value };
}

function unsupported(contentType: string | null, what: string): Refusal {
  return new Refusal({
    status: 415,
    reason: 'UnsupportedMediaType',
    message: `${what} does not take a body of the type ${contentType ?? 'none'}.`,
    remedy: 'Send it as JSON.',
  });
}
