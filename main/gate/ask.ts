import type { IncomingMessage } from 'node:http';
import { failureIn, readWhole } from './answer.ts';
import type { Link } from './link.ts';
import type { Priority } from './limits.ts';
import { warningTexts } from './headers.ts';

/** An answer that was read whole: of a write, or of the gate's own reads. */
export interface Whole {
  readonly message: IncomingMessage;
  readonly status: number;
  readonly body: Buffer;
  /** Parsed JSON; null where it is none. */
  readonly json: unknown;
  readonly warnings: readonly string[];
  readonly failure: { readonly reason: string; readonly message: string } | null;
}

export interface Question {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly contentType?: string | null;
  readonly body?: Buffer | string | null;
  readonly priority: Priority;
  readonly userAgent: string;
  readonly signal: AbortSignal | undefined;
}

/** Asks in JSON and reads the answer whole. Throws AppError 'cluster.*', or the signal's reason. */
export async function ask(link: Link, question: Question): Promise<Whole> {
  const { method, path, contentType, body, priority, userAgent, signal } = question;
  const type = contentType === undefined || contentType === null ? {} : { 'content-type': contentType };
  const headers = { accept: 'application/json', 'user-agent': userAgent, ...type };
  const message = await link.request({ method, path, headers, body: body ?? null, priority, endless: false, signal });
  const bytes = await readWhole(message);
  const status = message.statusCode ?? 502;
  return {
    message,
    status,
    body: bytes,
    json: parsed(bytes),
    warnings: warningTexts(message.headersDistinct['warning'] ?? []),
    failure: status >= 400 ? failureIn(bytes) : null,
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
