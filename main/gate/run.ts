import { AppError } from '../../shared/errors.ts';
import { sendWrite, takeWrite, type Asking, type Sent } from './change.ts';
import { ask, type Whole } from './ask.ts';
import { nameInBody, readDraft, type Draft } from './draft.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import type { Link } from './link.ts';
import { isSecretPath, maskAnswer, type MaskKey } from './mask-secrets.ts';
import { openRecord, type Permit } from './permit.ts';
import type { RecordedWrite } from './permits.ts';
import { bytesOfBody, prepare } from './prepare.ts';
import { clientAnswer, common } from './preview.ts';
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
    const failure = asking.signal?.aborted === true ? stopped(write) : error;
    if (!(failure instanceof AppError)) throw error;
    record.refused = failure.failure.message;
    record.code = failure.failure.code;
    return failure;
  } finally {
    record.ms = tools.steady() - begun;
  }
}

function stopped({ method, path }: RecordedWrite): AppError {
  return new AppError({
    code: 'cluster.failed',
    message: `The change was stopped during ${method} ${path}; whether that write arrived is not known.`,
    remedy: 'Look at the object before trying again.',
  });
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

/** An approval is of one server and CA: the same context pointing elsewhere is another cluster. */
export function checkIdentity({ spec }: Permit, link: Link): void {
  if (spec.kind !== 'change' && spec.kind !== 'exec') return;
  const { identity, context } = link.upstream.config;
  if (identity.server === spec.identity.server && identity.caSha256 === spec.identity.caSha256) return;
  throw forbidden(
    `Cluster ${context} is not the one that was approved: its server or CA changed.`,
    'Preview the change again.',
  );
}

async function forwardReleaseRecord(exchange: Exchange, draft: Draft): Promise<Whole> {
  const { request } = exchange;
  const prepared = prepare(draft, null);
  const query = request.method === 'DELETE' ? prepared.query : writeQuery(request.query);
  return await ask(exchange.link, {
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    contentType: prepared.contentType,
    body: bytesOfBody(prepared.contentType, prepared.body),
    ...common(exchange),
  });
}
