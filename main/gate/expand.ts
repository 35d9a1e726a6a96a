import { ask } from './ask.ts';
import { isFields, textAt } from './body.ts';
import type { Draft } from './draft.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isSecretPath, maskAnswer } from './mask-secrets.ts';
import { clientAnswer, common, previewOne, type PreviewTools } from './preview.ts';
import { valueOf, writeQuery } from './query.ts';
import { badRequest, notPreviewable } from './refusal.ts';

const most = 200;

/**
 * Previews a deletecollection as the single DELETEs that it comes to, each bound to the state of its object: the whole
 * cannot be bound, because its preconditions would apply to every object alike.
 */
export async function expandCollection(exchange: Exchange, draft: Draft, tools: PreviewTools): Promise<Answer> {
  const { request, target } = draft;
  for (const key of ['continue', 'resourceVersion', 'resourceVersionMatch']) {
    if (valueOf(request.query, key) !== null) throw badRequest(`A previewed deletecollection does not take ${key}.`);
  }
  const selection = writeQuery(
    request.query.filter(([key]) => ['labelSelector', 'fieldSelector', 'limit'].includes(key)),
  );
  const path = selection === '' ? request.path : `${request.path}?${selection}`;
  const list = await ask(exchange.link, { method: 'GET', path, ...common(exchange) });
  if (list.status !== 200 || !isFields(list.json)) return clientAnswer(exchange, draft, list, tools.maskKey);
  const items = Array.isArray(list.json['items']) ? (list.json['items'] as unknown[]) : [];
  if (items.length > most) {
    throw notPreviewable(
      `${String(items.length)} ${target.resource} would be deleted at once; at most ${String(most)} can be shown.`,
    );
  }
  const kind = textAt(list.json, 'kind')?.replace(/List$/, '') ?? '';
  const apiVersion = textAt(list.json, 'apiVersion') ?? '';
  const deleted: unknown[] = [];
  for (const item of items) {
    const one = singleDelete(draft, item);
    const before = isFields(item) ? { kind, apiVersion, ...item } : item;
    const { answer, write } = await previewOne(exchange, one, tools, before);
    if (answer.status === 404) continue;
    if (write === null) return clientAnswer(exchange, one, answer, tools.maskKey);
    deleted.push(item);
  }
  const masking = { key: tools.maskKey, values: exchange.permit.masks, helm: 'mask', form: 'base64' } as const;
  const answer = { ...list.json, items: deleted };
  const body = Buffer.from(JSON.stringify(isSecretPath(target) ? maskAnswer(answer, masking) : answer));
  return { ...clientAnswer(exchange, draft, list, tools.maskKey), body };
}

function singleDelete(draft: Draft, item: unknown): Draft {
  const name = textAt(item, 'metadata', 'name') ?? '';
  const namespace = textAt(item, 'metadata', 'namespace');
  const { request, target } = draft;
  // A collection across namespaces names each object in its own.
  const path =
    namespace !== null && target.namespace === null
      ? request.path.replace(/\/([^/]+)$/, `/namespaces/${encodeURIComponent(namespace)}/$1`)
      : request.path;
  const one = { ...target, name, namespace: target.namespace ?? namespace };
  return {
    ...draft,
    expanded: true,
    target: one,
    request: {
      ...request,
      action: 'delete',
      target: one,
      path: `${path}/${encodeURIComponent(name).replaceAll('%3A', ':')}`,
    },
  };
}
