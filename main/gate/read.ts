import type { IncomingMessage } from 'node:http';
import { errorAnswer, headersFor, readWhole, streamedAnswer, tableTrimmer } from './answer.ts';
import type { Discovery } from './discovery.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import { narrowAccept, readContentType, userAgentOf } from './headers.ts';
import type { MaskKey } from './mask-secrets.ts';
import { valueOf, writeQuery } from './query.ts';
import { forbidden } from './refusal.ts';
import { askedIn, askedInRequest, isAllowed } from './reviews.ts';
import { maskedBody, maskingFor, WatchMasker } from './secret-answers.ts';

export interface ReadTools {
  readonly discovery: Discovery;
  readonly maskKey: MaskKey;
}

/** Throws Refusal where the permit is only for some namespaces and the request reaches beyond. */
export function checkNamespace({ permit, request }: Exchange): void {
  if (permit.spec.kind !== 'read' || permit.spec.namespaces === null) return;
  const { target, action } = request;
  if (target === null || action === 'review') return;
  const named = target.namespace ?? (target.resource === 'namespaces' ? target.name : null);
  if (named !== null && permit.spec.namespaces.includes(named)) return;
  throw forbidden(
    `This call may only read in ${permit.spec.namespaces.join(', ') || 'no namespace'}, and ${request.path} is outside.`,
    'Ask again with the namespace in question.',
  );
}

/** Answers a read: discovery from what is kept, everything else streamed, Secrets masked where the permit says so. */
export async function answerRead(exchange: Exchange, tools: ReadTools, finished: () => void): Promise<Answer> {
  if (tools.discovery.isFor(exchange)) {
    const answer = await tools.discovery.answer(exchange);
    finished();
    return answer;
  }
  const { request, incoming, record } = exchange;
  const accept =
    request.action === 'discovery'
      ? (incoming.headers.accept ?? 'application/json')
      : narrowAccept(incoming.headers.accept);
  const masking = maskingFor(exchange, accept, tools.maskKey);
  const trimmer = masking === null ? tableTrimmer(accept, valueOf(request.query, 'includeObject')) : null;
  const body = request.action === 'review' ? await incoming.body() : null;
  const message = await forward(exchange, accept, body, trimmer !== null || masking !== null);
  record.status = message.statusCode ?? 502;
  noteNarrowing(exchange);
  if (request.action === 'review') {
    const answer = await reviewAnswer(exchange, message, body ?? Buffer.alloc(0));
    finished();
    return answer;
  }
  if (record.status >= 400) {
    const answer = await errorAnswer(exchange, message);
    if (record.status === 404 && isUnknownKind(answer.body)) tools.discovery.unsettle();
    finished();
    return answer;
  }
  if (masking === null) return streamedAnswer(exchange, message, trimmer, finished);
  if (request.action === 'watch') return streamedAnswer(exchange, message, new WatchMasker(masking), finished);
  const masked = await maskedBody(message, masking);
  record.bytes = masked.length;
  finished();
  return { status: record.status, headers: headersFor(exchange, message, true), body: masked };
}

async function forward(
  exchange: Exchange,
  accept: string,
  body: Buffer | null,
  rewritten: boolean,
): Promise<IncomingMessage> {
  const { request, incoming, permit, link, signal } = exchange;
  const query = writeQuery(request.query);
  const contentType = body === null ? null : (readContentType(incoming.headers['content-type']) ?? 'application/json');
  return await link.request({
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    headers: {
      accept,
      'user-agent': userAgentOf(incoming.headers),
      ...encodingHeader(exchange, rewritten),
      ...(contentType === null ? {} : { 'content-type': contentType }),
    },
    body,
    priority: priorityOf(permit),
    endless: request.action === 'watch' || request.action === 'follow',
    signal,
  });
}

/**
 * kubernetes-mcp-server narrows a list across all namespaces to one, silently, when the review before it says no or
 * fails. The permit remembers such an answer, and the list that follows in one namespace is marked.
 */
async function reviewAnswer(exchange: Exchange, message: IncomingMessage, question: Buffer): Promise<Answer> {
  const { permit, record, incoming } = exchange;
  const body = await readWhole(message);
  record.bytes = body.length;
  const review = record.status < 300 ? (JSON.parse(body.toString('utf8')) as unknown) : null;
  const asked = askedIn(review) ?? askedInRequest(incoming.headers['content-type'] ?? null, question);
  if (asked !== null && asked.namespace === '') {
    const key = `${asked.group}/${asked.resource}`;
    if (isAllowed(review)) permit.deniedEverywhere.delete(key);
    else permit.deniedEverywhere.add(key);
  }
  if (record.status >= 400) record.failure = { reason: '', message: body.toString('utf8').slice(0, 500) };
  return { status: record.status, headers: headersFor(exchange, message, true), body };
}

function noteNarrowing({ permit, request, record }: Exchange): void {
  const { target, action } = request;
  if (target === null || target.namespace === null || (action !== 'list' && action !== 'watch')) return;
  if (permit.deniedEverywhere.has(`${target.group}/${target.resource}`)) record.narrowed = target.namespace;
}

/** An unknown group answers plain text, an unknown resource a Status without details. */
function isUnknownKind(body: Answer['body']): boolean {
  if (!Buffer.isBuffer(body)) return false;
  const text = body.toString('utf8');
  return !text.startsWith('{') || text.includes('the server could not find the requested resource');
}

/** Compression costs more than it saves on this machine; over a network a rewritten answer is compressed for the gate. */
function encodingHeader({ incoming, link }: Exchange, rewritten: boolean): { 'accept-encoding'?: string } {
  if (isLoopback(link.upstream.base)) return {};
  if (rewritten) return { 'accept-encoding': 'gzip' };
  const asked = incoming.headers['accept-encoding'];
  return typeof asked === 'string' ? { 'accept-encoding': asked } : {};
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
