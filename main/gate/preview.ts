import type { AppError } from '../../shared/errors.ts';
import { headersFor } from './answer.ts';
import { ask, type Whole } from './ask.ts';
import { isFields, plain, textAt } from './body.ts';
import { nameInBody, readDraft, type Draft } from './draft.ts';
import { limitsOf, refusedPreview } from './dry-run.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import { expandCollection } from './expand.ts';
import { userAgentOf } from './headers.ts';
import { isSecretPath, maskAnswer, maskSecret, valuesIn, withoutValues, type MaskKey } from './mask-secrets.ts';
import type { RecordedWrite } from './permits.ts';
import { shownSha256 } from './guard.ts';
import { asDryRun, objectPath, parentPath, prepare, type Prepared } from './prepare.ts';
import { forbidden, notPreviewable } from './refusal.ts';
import type { ServedGroups } from './served.ts';

export interface PreviewTools {
  readonly groups: ServedGroups;
  readonly maskKey: MaskKey;
}

/** Turns a write into its dry run, and records it with the object before and after. Changes nothing. */
export async function previewWrite(exchange: Exchange, tools: PreviewTools): Promise<Answer> {
  const { request, incoming, permit, link } = exchange;
  if (link.alarm !== null) throw alarmed(link.upstream.config.context, link.alarm);
  const refused = refusedPreview(request);
  if (refused !== null) throw refused;
  permit.overlay.refuseAfterEnd();
  const draft = await readDraft(incoming, request);
  if (!(await tools.groups.isOwn(draft.target.group, draft.target.version, exchange.signal))) {
    throw notPreviewable(
      `The group ${draft.target.group} is served by another server than kube-apiserver; whether it honours a dry run is not known.`,
    );
  }
  permit.overlay.refuseInside(draft.target);
  if (request.action === 'deletecollection') return await expandCollection(exchange, draft, tools);
  const { answer } = await previewOne(exchange, draft, tools);
  return clientAnswer(exchange, draft, answer, tools.maskKey);
}

/** Previews one write on one object. `known` saves reading the object again. */
export async function previewOne(
  exchange: Exchange,
  draft: Draft,
  tools: PreviewTools,
  known?: unknown,
): Promise<{ answer: Whole; write: RecordedWrite | null }> {
  let before = known ?? (await readBefore(exchange, draft));
  let prepared = prepare(draft, before);
  let answer = await dryRun(exchange, prepared);
  // Controllers write at any moment, several times right after a creation: again, on the object as it is now.
  for (let again = 0; answer.status === 409 && prepared.guard !== null && again < 3; again += 1) {
    before = await readBefore(exchange, draft);
    prepared = prepare(draft, before);
    answer = await dryRun(exchange, prepared);
  }
  if (answer.status >= 300) return { answer, write: null };
  await checkNothingHappened(exchange, draft, prepared, answer);
  const parentSha256 = draft.target.subresource === 'scale' ? await readParent(exchange, draft) : undefined;
  const write = { ...recordedOf(draft, prepared, before, answer, tools.maskKey), parentSha256 };
  exchange.permit.writes.push(write);
  exchange.permit.overlay.add(write, draft);
  return { answer, write };
}

async function dryRun(exchange: Exchange, prepared: Prepared): Promise<Whole> {
  const { query, body } = asDryRun(prepared);
  return await ask(exchange.link, {
    method: prepared.method,
    path: query === '' ? prepared.path : `${prepared.path}?${query}`,
    contentType: prepared.contentType,
    body,
    ...common(exchange),
  });
}

/** The object as it is now; null where it is not there, or where the write makes a new one. */
async function readBefore(exchange: Exchange, draft: Draft): Promise<unknown> {
  const { request, target } = draft;
  const path = target.resource === 'bindings' ? bindingPod(draft) : target.name === null ? null : objectPath(draft);
  if (path === null) return null;
  const answer = await ask(exchange.link, { method: 'GET', path, ...common(exchange) });
  if (answer.status === 200 && isFields(answer.json)) return answer.json;
  if (answer.status === 404) return null;
  throw forbidden(
    `The object of ${request.method} ${request.path} could not be read (${String(answer.status)}: ${answer.failure?.message ?? ''}), so the change cannot be bound to its state.`,
    'Ask for the right to read it.',
  );
}

/** The scaled object: its Scale shows nothing of it but the replicas, and an approval is of both. */
async function readParent(exchange: Exchange, { request }: Draft): Promise<string> {
  const answer = await ask(exchange.link, { method: 'GET', path: parentPath(request.path), ...common(exchange) });
  if (answer.status === 200) return shownSha256(answer.json);
  throw forbidden(
    `The object of ${request.method} ${request.path} could not be read (${String(answer.status)}: ${answer.failure?.message ?? ''}), so the change cannot be bound to its state.`,
    'Ask for the right to read it.',
  );
}

function bindingPod(draft: Draft): string | null {
  const name = nameInBody(draft.body);
  const { path } = draft.request;
  return name === null ? null : `${path.slice(0, path.lastIndexOf('/'))}/pods/${encodeURIComponent(name)}`;
}

/**
 * What shows cheaply that a dry run was one: a created object has no resourceVersion, an updated one keeps it, a deleted
 * one is still there. Otherwise previews of this cluster end. Throws AppError 'gate.not-previewable'.
 */
async function checkNothingHappened(
  exchange: Exchange,
  draft: Draft,
  prepared: Prepared,
  answer: Whole,
): Promise<void> {
  const { link } = exchange;
  const version = textAt(answer.json, 'metadata', 'resourceVersion');
  const isStatus = textAt(answer.json, 'kind') === 'Status';
  const creates =
    prepared.method === 'POST' && prepared.target.subresource === null && prepared.target.resource !== 'bindings';
  let because: string | null = null;
  if (creates && version !== null)
    because = `a previewed create of ${prepared.path} was answered with a resourceVersion`;
  if (
    !creates &&
    !isStatus &&
    version !== null &&
    prepared.guard !== null &&
    version !== prepared.guard.resourceVersion
  ) {
    because = `a previewed ${prepared.method} of ${prepared.path} was answered with another resourceVersion`;
  }
  if (because === null && prepared.method === 'DELETE' && prepared.guard !== null) {
    const still = await ask(link, { method: 'GET', path: objectPath(draft), ...common(exchange) });
    if (still.status === 404) because = `after a previewed DELETE of ${prepared.path} the object was gone`;
  }
  if (because === null) return;
  link.alarm = because;
  throw alarmed(link.upstream.config.context, because);
}

function alarmed(cluster: string, because: string): AppError {
  return notPreviewable(`Previews on ${cluster} are stopped: ${because}. Its dry run cannot be trusted.`);
}

function recordedOf(draft: Draft, prepared: Prepared, before: unknown, answer: Whole, key: MaskKey): RecordedWrite {
  const shown = (object: unknown) =>
    isSecretPath(draft.target) ? maskSecret(object, { key, values: true, helm: 'mask', form: 'text' }) : object;
  const body = draft.body.kind === 'json' ? plain(draft.body.value) : null;
  const limits = limitsOf(
    draft.target,
    prepared.method === 'POST' ? 'create' : draft.request.action,
    body ?? answer.json,
  );
  const became = prepared.method !== draft.request.method;
  return {
    ...prepared,
    before: shown(before),
    after: shown(afterOf(draft, before, answer)),
    warnings: answer.warnings,
    limits: became
      ? [...limits, 'It is sent as a create, so it fails rather than overwrite an object made meanwhile.']
      : limits,
    original: draft.expanded === true ? undefined : draft.original,
  };
}

function afterOf({ request, target, body }: Draft, before: unknown, { json }: Whole): unknown {
  if (request.action === 'delete' || target.subresource === 'eviction') return null;
  if (target.subresource !== 'binding' && target.resource !== 'bindings') return json;
  if (!isFields(before) || body.kind !== 'json') return before;
  const spec = isFields(before['spec']) ? before['spec'] : {};
  return { ...before, spec: { ...spec, nodeName: textAt(body.value, 'target', 'name') } };
}

/** The dry run's own answer; Secret values in it, and in errors about it, are masked. */
export function clientAnswer(exchange: Exchange, draft: Draft, answer: Whole, key: MaskKey): Answer {
  exchange.record.status = answer.status;
  exchange.record.bytes = answer.body.length;
  const headers = headersFor(exchange, answer.message, true);
  let body = answer.body;
  if (isSecretPath(draft.target) && exchange.permit.masks) {
    if (answer.status < 400) {
      body = Buffer.from(JSON.stringify(maskAnswer(answer.json, { key, values: true, helm: 'pass', form: 'base64' })));
    } else if (draft.body.kind === 'json') {
      body = Buffer.from(withoutValues(body.toString('utf8'), valuesIn(draft.body.value)));
    }
  }
  if (answer.failure !== null) {
    const values = draft.body.kind === 'json' && isSecretPath(draft.target) ? valuesIn(draft.body.value) : [];
    exchange.record.failure = { ...answer.failure, message: withoutValues(answer.failure.message, values) };
  }
  return { status: answer.status, headers, body };
}

export function common(exchange: Exchange) {
  return {
    priority: priorityOf(exchange.permit),
    userAgent: userAgentOf(exchange.incoming.headers),
    signal: exchange.signal,
  };
}
