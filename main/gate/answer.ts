import type { IncomingMessage } from 'node:http';
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Answer, Exchange } from './exchange.ts';
import { answerHeadersOf } from './headers.ts';
import type { OpenRecord } from './permit.ts';
import { ManagedFieldsTrimmer } from './trim.ts';

/** Rewrites a streamed body: each chunk to the bytes that are certain, then the rest. */
export interface Rewriter {
  push(chunk: Buffer): Buffer[];
  end(): Buffer;
}

const errorBodyBytes = 65_536;

/** TLS brings 16 KiB at a time; passing larger pieces on halves the cost of a long list over the port. */
const batchBytes = 65_536;

/** Counts an answer into its record as it goes by, rewriting it where asked. Holds one batch; nothing of a watch. */
class Counted extends Transform {
  readonly #record: OpenRecord;
  readonly #rewriter: Rewriter | null;
  readonly #batch: number;
  readonly #closed: () => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(exchange: Exchange, rewriter: Rewriter | null, closed: () => void) {
    super({ highWaterMark: 262_144 });
    this.#record = exchange.record;
    this.#rewriter = rewriter;
    const { action } = exchange.request;
    this.#batch = action === 'watch' || action === 'follow' ? 0 : batchBytes;
    this.#closed = closed;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#record.bytes += chunk.length;
    for (const part of this.#rewriter?.push(chunk) ?? [chunk]) this.#hold(part);
    if (this.#heldBytes > this.#batch) this.#pass();
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#hold(this.#rewriter?.end() ?? Buffer.alloc(0));
    this.#pass();
    done();
  }

  #hold(part: Buffer): void {
    this.#held.push(part);
    this.#heldBytes += part.length;
  }

  #pass(): void {
    if (this.#heldBytes > 0) this.push(Buffer.concat(this.#held, this.#heldBytes));
    this.#held = [];
    this.#heldBytes = 0;
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#closed();
    done(error);
  }
}

/** The API server's answer as it goes to the client, unbuffered. */
export function streamedAnswer(
  exchange: Exchange,
  message: IncomingMessage,
  rewriter: Rewriter | null,
  finished: () => void,
): Answer {
  const body = new Counted(exchange, rewriter, finished);
  const failed = (error: Error) => body.destroy(error);
  message.once('error', failed);
  const gzipped = rewriter !== null && message.headers['content-encoding'] === 'gzip';
  if (gzipped) {
    const plain = createGunzip();
    plain.once('error', failed);
    message.pipe(plain).pipe(body);
  } else message.pipe(body);
  body.once('close', () => {
    if (!message.complete) message.destroy();
  });
  return { status: message.statusCode ?? 502, headers: headersFor(exchange, message, rewriter !== null), body };
}

/** Reads the whole answer, unpacked. Throws what the stream throws. */
export async function readWhole(message: IncomingMessage, limit = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const source: AsyncIterable<Buffer> = message.headers['content-encoding'] === 'gzip' ? unpacked(message) : message;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limit) throw new Error('The answer is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** `pipe` alone would wait for ever where the answer breaks off. */
function unpacked(message: IncomingMessage): AsyncIterable<Buffer> {
  return pipeline(message, createGunzip(), () => undefined);
}

/** An error answer is short; its Status goes into the record. */
export async function errorAnswer(exchange: Exchange, message: IncomingMessage): Promise<Answer> {
  const body = await readWhole(message, errorBodyBytes * 16);
  exchange.record.bytes = body.length;
  exchange.record.failure = failureIn(body);
  return { status: message.statusCode ?? 502, headers: headersFor(exchange, message, true), body };
}

/** Reason and message of a Status; of other text its beginning. */
export function failureIn(body: Buffer): { reason: string; message: string } {
  const text = body.subarray(0, errorBodyBytes).toString('utf8');
  try {
    const status = JSON.parse(text) as { reason?: unknown; message?: unknown };
    if (typeof status.message === 'string') {
      return { reason: typeof status.reason === 'string' ? status.reason : '', message: status.message };
    }
  } catch {
    // Not every error is a Status: an unknown group answers plain text.
  }
  return { reason: '', message: text.slice(0, 500).trim() };
}

export function headersFor(exchange: Exchange, message: IncomingMessage, rewritten: boolean): Answer['headers'] {
  const { prefix } = exchange.incoming;
  const { base } = exchange.link.upstream;
  return answerHeadersOf(message, { rewritten, locate: (location) => relocate(location, base, prefix) });
}

/** The API server answers with paths from its own root: put them under the gate's prefix; anything else goes nowhere. */
export function relocate(location: string, base: URL, prefix: string): string | null {
  if (!URL.canParse(location, base.href)) return null;
  const target = new URL(location, base);
  if (target.origin !== base.origin) return null;
  const root = base.pathname.replace(/\/$/, '');
  const path =
    root !== '' && target.pathname.startsWith(`${root}/`) ? target.pathname.slice(root.length) : target.pathname;
  return `${prefix}${path}${target.search}`;
}

export function tableTrimmer(accept: string, includeObject: string | null): Rewriter | null {
  return accept.includes('as=Table') && includeObject !== 'Object' ? new ManagedFieldsTrimmer() : null;
}
