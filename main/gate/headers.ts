import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { badRequest, Refusal } from './refusal.ts';

/** What goes with every request that changes something, and could make the API server act for another or otherwise. */
const suspicious = [/^impersonate-/, /^x-remote-/, /^x-http-method/, /^x-method-override$/, /^content-encoding$/];

const contentTypes = new Set([
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]);

const answerHeaders = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'cache-control',
  'date',
  'etag',
  'vary',
  'warning',
  'retry-after',
  'audit-id',
  'location',
  'last-modified',
  'allow',
  'x-kubernetes-pf-flowschema-uid',
  'x-kubernetes-pf-prioritylevel-uid',
]);

/** Only JSON can be understood and masked here, so that is what is asked for; clients that prefer protobuf take it. */
export function narrowAccept(accept: string | undefined): string {
  if (accept === undefined || accept.trim() === '') return 'application/json';
  const parts = accept.split(',').map((part) => part.trim());
  const json = parts.filter((part) => /^application\/json\s*(;|$)/i.test(part));
  if (json.length > 0) return json.join(', ');
  if (parts.some((part) => /^(\*\/\*|application\/\*)/.test(part))) return 'application/json';
  if (parts.some((part) => /^application\/yaml\s*(;|$)/i.test(part))) return 'application/yaml';
  throw new Refusal({
    status: 406,
    reason: 'NotAcceptable',
    message: 'The gate answers in JSON (or YAML), and the client accepts neither.',
  });
}

/** The gate names itself, and behind it the client, in the API server's audit log. */
export function userAgentOf({ 'user-agent': client }: IncomingHttpHeaders): string {
  return client === undefined ? 'ai4k8s-desktop' : `ai4k8s-desktop ${client}`;
}

/** The media type without parameters, as the API server compares it. Throws Refusal for one that has no known reading. */
export function readContentType(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '') return null;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const harmless = parameters.every((part) => part === '' || /^charset="?utf-8"?$/i.test(part));
  if (!contentTypes.has(type) || !harmless) {
    throw new Refusal({
      status: 415,
      reason: 'UnsupportedMediaType',
      message: `The content type "${header.slice(0, 80)}" is not known to the gate.`,
    });
  }
  return type;
}

/** Throws Refusal where a write carries a header that changes whose or what request it is. */
export function refuseSuspicious(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) {
    if (suspicious.some((form) => form.test(name.toLowerCase()))) {
      throw badRequest(`The header "${name}" may not go with a write.`);
    }
  }
}

export interface AnswerShape {
  /** The body is rewritten: its length and encoding are not the API server's. */
  readonly rewritten: boolean;
  /** Puts a path of the API server under the gate's prefix; null refuses the header. */
  readonly locate: (location: string) => string | null;
}

/** The headers of an answer that go on to the client: a list, no hop-by-hop ones, no cookies. */
export function answerHeadersOf(message: IncomingMessage, { rewritten, locate }: AnswerShape): OutgoingHttpHeaders {
  const out: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || !answerHeaders.has(name)) continue;
    if (rewritten && (name === 'content-length' || name === 'content-encoding' || name === 'etag')) continue;
    if (name === 'warning') out[name] = message.headersDistinct[name] ?? value;
    else if (name !== 'location') out[name] = value;
    else {
      const moved = locate(String(value));
      if (moved !== null) out['location'] = moved;
    }
  }
  return out;
}

/** Texts of `Warning` headers: `299 - "v1 ComponentStatus is deprecated"` gives the quoted part. */
export function warningTexts(values: readonly string[]): string[] {
  return values.flatMap((value) =>
    [...value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1')),
  );
}
