import { AppError } from '../../shared/errors.ts';
import { sendWrite, takeWrite, type Asking, type Sent } from './change.ts';
import { ask, type Whole } from './ask.ts';
import { writeJson } from './body.ts';
import { deleteBody } from './delete-options.ts';
import { nameInBody, readDraft, type Draft } from './draft.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import type { Link } from './link.ts';
import { isSecretPath, maskAnswer, type MaskKey } from './mask-secrets.ts';
import { openRecord, type Permit } from './permit.ts';
import type { RecordedWrite } from './permits.ts';
import { clientAnswer, common } from './preview.ts';
import { writeUnknown } from './protobuf.ts';
import { writeQuery } from './query.ts';
import { forbidden, Refusal } from './refusal.ts';
import type { ExecutedWrite, Execution } from './request.ts';

export interface RunTools {
  readonly maskKey: MaskKey;
  readonly wall: () => number;
  readonly steady: () => number;
  /** Told each write that the API server accepted. */
  readonly written: (write: Pick<RecordedWrite, 'target'>) => void;
}

/** A write that a client sends under a change permit: sent as it was approved, or refused. */
export async function runClientWrite(exchange: Exchange, tools: RunTools): Promise<Answer> {
  const { request, permit, incoming, link } = exchange;
  if (request.action === 'stream' || request.action === 'token' || request.action === 'deletecollection') {
    throw forbidden(`${request.method} ${request.path} is not sent under a change permit.`);
  }
  checkIdentity(permit, link);
  const draft = await readDraft(incoming, request);
  const ended = permit.ended;
  if (ended !== null) throw new Refusal({ status: 401, reason: 'Unauthorized', message: ended });
  const write = takeWrite(permit, draft, nameInBody(draft.body));
  const sent =
    write === null
      ? { answer: await forwardReleaseRecord(exchange, draft), failure: null, renewed: false }
      : await sendWrite(link, write, common(exchange), { key: tools.maskKey, last: permit.lastAnswers });
  if (sent.answer.status < 300) tools.written(draft);
  if (sent.failure?.code === 'change.moved') {
    exchange.record.status = 409;
    const { code, message, remedy } = sent.failure;
    throw new Refusal({ status: 409, reason: 'Conflict', code, message, remedy });
  }
  return clientAnswer(exchange, draft, sent.answer, tools.maskKey);
}

/** Sends what a change permit still holds, in order, and stops at the first failure. */
export async function runRecorded(
  permit: Permit,
  link: Link,
  tools: RunTools,
  signal: AbortSignal,
): Promise<Execution> {
  if (permit.spec.kind !== 'change') throw forbidden('Only a change permit runs writes.');
  checkIdentity(permit, link);
  const done: ExecutedWrite[] = [];
  const asking: Asking = { priority: priorityOf(permit), userAgent: 'ai4k8s-desktop', signal };
  for (;;) {
    const ended = permit.ended;
    const write = permit.spec.writes[permit.next];
    if (write === undefined) return { done, failure: null };
    if (ended !== null) {
      const message = `${ended} ${String(permit.spec.writes.length - permit.next)} writes were not sent.`;
      return { done, failure: { code: 'gate.refused', message, remedy: 'Preview the change again.' } };
    }
    if (!isOfThisCluster(permit, link)) return { done, failure: otherCluster(link).failure };
    permit.next += 1;
    const outcome = await sendOne(permit, link, write, tools, asking);
    if (outcome instanceof AppError) return { done, failure: outcome.failure };
    if (outcome.failure !== null) return { done, failure: outcome.failure };
    tools.written(write);
    done.push(executedOf(write, outcome.answer, tools.maskKey));
  }
}

async function sendOne(
  permit: Permit,
  link: Link,
  write: RecordedWrite,
  tools: RunTools,
  asking: Asking,
): Promise<Sent | AppError> {
  const begun = tools.steady();
  const { cluster } = permit.spec;
  const record = openRecord({ at: tools.wall(), permit, cluster, method: write.method, path: write.path });
  permit.records.push(record);
  try {
    const sent = await sendWrite(link, write, asking, { key: tools.maskKey, last: permit.lastAnswers });
    record.status = sent.answer.status;
    record.bytes = sent.answer.body.length;
    record.failure = sent.answer.failure;
    return sent;
  } catch (error) {
    const isKnown = error instanceof AppError && asking.signal?.aborted !== true;
    const failure = isKnown ? error : stopped(write, error);
    record.refused = failure.failure.message;
    record.code = failure.failure.code;
    return failure;
  } finally {
    record.ms = tools.steady() - begun;
  }
}

/** The run was cut, or the answer broke off: the write may have arrived. */
function stopped({ method, path }: RecordedWrite, cause: unknown): AppError {
  const failure = {
    code: 'cluster.failed',
    message: `The change broke off during ${method} ${path}; whether that write arrived is not known.`,
    remedy: 'Look at the object before trying again.',
  } as const;
  return new AppError(failure, { cause });
}

function executedOf({ target }: RecordedWrite, answer: Whole, key: MaskKey): ExecutedWrite {
  const masking = { key, values: true, helm: 'mask', form: 'text' } as const;
  return {
    status: answer.status,
    answer: isSecretPath(target) ? maskAnswer(answer.json, masking) : answer.json,
    auditId: String(answer.message.headers['audit-id'] ?? '') || null,
    warnings: answer.warnings,
  };
}

/** Throws Refusal where the context points elsewhere than when the permit was approved: that is another cluster. */
export function checkIdentity(permit: Permit, link: Link): void {
  if (!isOfThisCluster(permit, link)) throw otherCluster(link);
}

/** Asked before every write: the kubeconfig may change between two of them. */
function isOfThisCluster({ spec }: Permit, link: Link): boolean {
  if (spec.kind !== 'change' && spec.kind !== 'exec') return true;
  const { identity } = link.upstream.config;
  return identity.server === spec.identity.server && identity.caSha256 === spec.identity.caSha256;
}

function otherCluster(link: Link): Refusal {
  return forbidden(
    `Cluster ${link.upstream.config.context} is not the one that was approved: its server or CA changed.`,
    'Preview the change again.',
  );
}

/** Helm's note of its progress, as Helm wrote it: it differs at every run, and guards itself by its revision's name. */
async function forwardReleaseRecord(exchange: Exchange, draft: Draft): Promise<Whole> {
  const { request, body } = draft;
  const query = body.kind === 'options' ? '' : writeQuery(request.query);
  return await ask(exchange.link, {
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    contentType: body.kind === 'options' ? 'application/json' : (draft.contentType ?? 'application/json'),
    body: plainBody(body),
    ...common(exchange),
  });
}

function plainBody(body: Draft['body']): Buffer | string {
  switch (body.kind) {
    case 'options':
      return deleteBody(body.options, null, false);
    case 'protobuf':
      return writeUnknown(body.message);
    case 'json':
      return writeJson(body.value);
  }
}
