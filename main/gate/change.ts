import type { Failure } from '../../shared/errors.ts';
import { ask, type Question, type Whole } from './ask.ts';
import { isFields, plain, textAt } from './body.ts';
import type { Draft } from './draft.ts';
import { guardOf, renewGuard, sameButStatus, shownSha256 } from './guard.ts';
import { releaseOf, releaseOfWrite, sameScale } from './helm.ts';
import type { Link } from './link.ts';
import { isSecretPath, maskSecret, type MaskKey } from './mask-secrets.ts';
import type { Permit } from './permit.ts';
import type { RecordedWrite } from './permits.ts';
import { bytesOfBody, objectPath, parentPath } from './prepare.ts';
import { readUnknown, withGuardInMeta, writeUnknown } from './protobuf.ts';
import { valueOf } from './query.ts';
import { forbidden } from './refusal.ts';
import { codeOf } from './status-code.ts';
import { createHash } from 'node:crypto';

export interface Sent {
  readonly answer: Whole;
  /** Null: it was accepted. */
  readonly failure: Failure | null;
  readonly renewed: boolean;
}

export type Asking = Pick<Question, 'priority' | 'userAgent' | 'signal'>;

/**
 * The approved write that this request is, taken out of the permit so that nothing can run it again; null for a write
 * of Helm's own release record, which differs at every run and is approved with its release. Throws Refusal.
 * No await between looking and taking: of fifty equal requests one gets the write.
 */
export function takeWrite(permit: Permit, draft: Draft, bodyName: string | null): RecordedWrite | null {
  const { spec } = permit;
  if (spec.kind !== 'change') throw forbidden('Only a change permit sends writes.');
  if (valueOf(draft.request.query, 'dryRun') !== null) throw forbidden('A dry run is not sent under a change permit.');
  const release = releaseOf(draft.target, bodyName);
  if (release !== null && spec.writes.some((write) => releaseOfWrite(write) === release)) return null;
  // Helm's records are not part of the order: they come when Helm wants to note its progress.
  while (isReleaseRecord(spec.writes[permit.next])) permit.next += 1;
  const write = spec.writes[permit.next];
  if (write === undefined)
    throw forbidden(`${describe(draft)} is not part of the approved change, all of which was sent.`);
  if (!isApproved(write, draft))
    throw forbidden(`${describe(draft)} is not the approved ${write.method} ${write.path}.`);
  permit.next += 1;
  return write;
}

function isReleaseRecord(write: RecordedWrite | undefined): boolean {
  return write !== undefined && releaseOfWrite(write) !== null;
}

function isApproved(write: RecordedWrite, { original, body, target }: Draft): boolean {
  const recorded = {
    ...write,
    bodySha256: createHash('sha256')
      .update(bytesOfBody(write.contentType, write.body) ?? '')
      .digest('hex'),
  };
  const equals = (one: typeof original) =>
    one.method === original.method &&
    one.path === original.path &&
    one.query === original.query &&
    one.contentType === original.contentType;
  if (equals(recorded) && recorded.bodySha256 === original.bodySha256) return true;
  if (write.original === undefined || !equals(write.original)) return false;
  if (write.original.bodySha256 === original.bodySha256) return true;
  const isScale = target.subresource === 'scale' && original.method === 'PUT' && body.kind === 'json';
  return isScale && write.body !== null && sameScale(JSON.parse(write.body), plain(body.value));
}

/**
 * Sends one approved write as recorded. Where the API server says that the object moved, and only its status did (or
 * our own earlier write of this change), the resourceVersion is renewed once. Never sent again for another reason.
 * Throws AppError 'cluster.*'.
 */
export async function sendWrite(
  link: Link,
  write: RecordedWrite,
  asking: Asking,
  { key, last }: { readonly key: MaskKey; readonly last: Map<string, unknown> },
): Promise<Sent> {
  const path = objectPathOf(write);
  const first = await put(link, write, write.body, asking);
  if (first.status < 300) {
    last.set(madePath(write, path, first), first.json);
    return { answer: first, failure: null, renewed: false };
  }
  if (write.guard === null) return { answer: first, failure: failureOf(link, write, first), renewed: false };
  if (![404, 409, 422].includes(first.status))
    return { answer: first, failure: failureOf(link, write, first), renewed: false };
  const now = await ask(link, { method: 'GET', path, ...asking });
  const current = now.status === 200 && isFields(now.json) ? now.json : null;
  const at = guardOf(current);
  if (at !== null && at.uid === write.guard.uid && at.resourceVersion === write.guard.resourceVersion) {
    return { answer: first, failure: failureOf(link, write, first), renewed: false };
  }
  const seen = isSecretPath(write.target)
    ? maskSecret(current, { key, values: true, helm: 'mask', form: 'text' })
    : current;
  const ours = last.get(path);
  const { subresource } = write.target;
  const unmoved =
    sameButStatus(write.before, seen, subresource) || (ours !== undefined && sameButStatus(ours, current, subresource));
  if (at === null || at.uid !== write.guard.uid || !unmoved || !(await isParentUnmoved(link, write, asking, last))) {
    return { answer: first, failure: moved(link, write, current === null), renewed: false };
  }
  const second = await put(link, write, renewed(write, at.resourceVersion), asking);
  if (second.status < 300) last.set(path, second.json);
  const failure =
    second.status < 300 ? null : second.status === 409 ? moved(link, write, false) : failureOf(link, write, second);
  return { answer: second, failure, renewed: true };
}

/** A Scale is equal while its object is not: the image may be another by now. Our own earlier write does not count. */
async function isParentUnmoved(
  link: Link,
  write: RecordedWrite,
  asking: Asking,
  last: ReadonlyMap<string, unknown>,
): Promise<boolean> {
  if (write.parentSha256 === undefined) return true;
  const path = parentPath(write.path);
  const now = await ask(link, { method: 'GET', path, ...asking });
  const ours = last.get(path);
  return shownSha256(now.json) === write.parentSha256 || (ours !== undefined && sameButStatus(ours, now.json));
}

/** Where the object of an accepted write is read: a create's own path is its collection. */
function madePath({ target }: RecordedWrite, path: string, answer: Whole): string {
  const name = textAt(answer.json, 'metadata', 'name');
  return target.name === null || path.endsWith(`/${target.resource}`) ? `${path}/${name ?? ''}` : path;
}

function put(link: Link, write: RecordedWrite, body: string | null, asking: Asking): Promise<Whole> {
  const { method, contentType, query } = write;
  return ask(link, {
    method,
    path: query === '' ? write.path : `${write.path}?${query}`,
    contentType,
    body: bytesOfBody(contentType, body),
    ...asking,
  });
}

function renewed(write: RecordedWrite, resourceVersion: string): string | null {
  const { body, guard, contentType } = write;
  if (body === null || guard === null) return body;
  if (contentType !== 'application/vnd.kubernetes.protobuf')
    return renewGuard(body, guard.resourceVersion, resourceVersion);
  const message = readUnknown(Buffer.from(JSON.parse(body) as string, 'base64'));
  const raw = withGuardInMeta(message.raw, { uid: guard.uid, resourceVersion });
  return JSON.stringify(writeUnknown({ ...message, raw }).toString('base64'));
}

function objectPathOf({ path, target }: RecordedWrite): string {
  const { subresource, name } = target;
  if (subresource === null || subresource === 'scale' || name === null) return path;
  return objectPath({ request: { path } as Draft['request'], target });
}

function describe({ request }: Draft): string {
  return `${request.method} ${request.path}`;
}

function moved(link: Link, { method, path }: RecordedWrite, gone: boolean): Failure {
  const cluster = link.upstream.config.context;
  return {
    code: 'change.moved',
    message: `${path} on ${cluster} ${gone ? 'is gone' : 'was changed by somebody else'} since the preview, so ${method} was not done.`,
    remedy: 'Preview the change again and look at what is different.',
    cluster,
  };
}

function failureOf(link: Link, { method, path, guard }: RecordedWrite, { status, failure }: Whole): Failure {
  const cluster = link.upstream.config.context;
  if (status === 409 && guard === null && method === 'POST' && failure?.reason === 'AlreadyExists') {
    return {
      code: 'change.moved',
      message: `${failure.message} on ${cluster}: somebody else made it since the preview, so nothing was written.`,
      remedy: 'Preview the change again: it would now change that object.',
      cluster,
    };
  }
  return {
    code: codeOf(status),
    message: `${cluster} answered ${String(status)} to ${method} ${path}: ${failure?.message ?? 'no reason given'}`,
    remedy: 'Read the reason, then preview the change again.',
    cluster,
  };
}
