import { errorAnswer, streamedAnswer, tableTrimmer } from './answer.ts';
import { priorityOf, type Answer, type Exchange } from './exchange.ts';
import { narrowAccept } from './headers.ts';
import { valueOf, writeQuery } from './query.ts';
import { forbidden } from './refusal.ts';

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

/** Forwards a read, streaming. */
export async function forwardRead(exchange: Exchange, finished: () => void): Promise<Answer> {
  const { request, incoming, permit, link, signal } = exchange;
  const accept =
    request.action === 'discovery'
      ? (incoming.headers.accept ?? 'application/json')
      : narrowAccept(incoming.headers.accept);
  const rewriter = tableTrimmer(accept, valueOf(request.query, 'includeObject'));
  const query = writeQuery(request.query);
  const body = request.action === 'review' ? await incoming.body() : null;
  const message = await link.request({
    method: request.method,
    path: query === '' ? request.path : `${request.path}?${query}`,
    headers: {
      accept,
      ...agentHeader(incoming.headers['user-agent']),
      ...encodingHeader(exchange, rewriter !== null),
      ...(body === null ? {} : { 'content-type': incoming.headers['content-type'] ?? 'application/json' }),
    },
    body,
    priority: priorityOf(permit),
    endless: request.action === 'watch' || request.action === 'follow',
    signal,
  });
  exchange.record.status = message.statusCode ?? 502;
  if (exchange.record.status >= 400) {
    const answer = await errorAnswer(exchange, message);
    finished();
    return answer;
  }
  return streamedAnswer(exchange, message, rewriter, finished);
}

export function agentHeader(client: string | undefined): { 'user-agent': string } {
  return { 'user-agent': client === undefined ? 'ai4k8s-desktop' : `ai4k8s-desktop ${client}` };
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
