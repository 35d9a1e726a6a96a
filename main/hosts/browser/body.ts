import type { IncomingMessage } from 'node:http';

const largestBytes = 1024 * 1024;

export type Body = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'too-large' | 'not-json' };

/** Reads a body of at most 1 MiB as JSON. What is larger is not kept in memory. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > largestBytes) return { kind: 'too-large' };
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > largestBytes) return { kind: 'too-large' };
    parts.push(part);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not-json' };
  }
}
