import { fieldsAt, isFields, textAt } from './body.ts';
import { bytesOf, readFields, readUnknown, textOf } from './protobuf.ts';
import { Refusal } from './refusal.ts';

/** What an access review asks about; null where it is not about a resource. */
export interface Asked {
  readonly group: string;
  readonly resource: string;
  /** '' for all namespaces. */
  readonly namespace: string;
}

/** Of the API server's answer (JSON), which repeats the question. */
export function askedIn(review: unknown): Asked | null {
  const attributes = fieldsAt(fieldsAt(review, 'spec'), 'resourceAttributes');
  const resource = textAt(attributes, 'resource');
  if (resource === null) return null;
  return { group: textAt(attributes, 'group') ?? '', resource, namespace: textAt(attributes, 'namespace') ?? '' };
}

export function isAllowed(review: unknown): boolean {
  return isFields(review) && fieldsAt(review, 'status')['allowed'] === true;
}

/** Of the client's question, where the answer does not repeat it. SelfSubjectAccessReview{2: spec{1: attributes}}. */
export function askedInRequest(contentType: string | null, body: Buffer): Asked | null {
  try {
    if (contentType !== 'application/vnd.kubernetes.protobuf') return askedIn(JSON.parse(body.toString('utf8')));
    const spec = bytesOf(readFields(readUnknown(body).raw), 2);
    const attributes = spec === null ? null : bytesOf(readFields(spec), 1);
    if (attributes === null) return null;
    const fields = readFields(attributes);
    return { namespace: textOf(fields, 1), group: textOf(fields, 3), resource: textOf(fields, 5) };
  } catch (error) {
    // An unreadable question is the API server's to refuse; it only cannot explain a narrowed list.
    if (error instanceof Refusal || error instanceof SyntaxError) return null;
    throw error;
  }
}
