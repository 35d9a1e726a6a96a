/** Writes answers: headers that every answer of an API server carries, JSON or YAML, gzip, Status bodies. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import { ApiError } from './errors.ts';
import type { Status } from './errors.ts';
import { acceptsGzip } from './negotiation.ts';
import type { Form } from './negotiation.ts';

/** Bodies from here on are compressed for clients that take it, as measured on the real server. */
const gzipFrom = 128 * 1024;
const flowSchema = randomUUID();
const priorityLevel = randomUUID();

export class Answer {
  readonly response: ServerResponse;
  readonly #acceptEncoding: string | undefined;
  readonly #warnings: string[] = [];

  constructor(response: ServerResponse, acceptEncoding: string | undefined) {
    this.response = response;
    this.#acceptEncoding = acceptEncoding;
    response.setHeader('Audit-Id', randomUUID());
    response.setHeader('Cache-Control', 'no-cache, private');
    response.setHeader('X-Kubernetes-Pf-Flowschema-Uid', flowSchema);
    response.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', priorityLevel);
  }

  /** Adds a `Warning` header to the answer; the same text once. */
  warn(text: string): void {
    if (this.#warnings.includes(text)) return;
    this.#warnings.push(text);
    const quoted = text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]+/g, ' ');
    this.response.appendHeader('Warning', `299 - "${quoted}"`);
  }

  /** An object in the negotiated format. */
  object(code: number, body: unknown, format: Form['format'] = 'json'): void {
    if (format === 'yaml') this.text(code, stringify(body), 'application/yaml');
    else this.text(code, JSON.stringify(body), 'application/json');
  }

  text(code: number, body: string | Buffer, contentType = 'text/plain; charset=utf-8'): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.response.setHeader('Content-Type', contentType);
    if (bytes.length < gzipFrom || !acceptsGzip(this.#acceptEncoding)) {
      this.response.writeHead(code, { 'Content-Length': bytes.length }).end(bytes);
      return;
    }
    gzip(bytes, { level: 1 }, (error, compressed) => {
      if (error) {
        this.response.destroy(error);
        return;
      }
      this.response.setHeader('Vary', 'Accept-Encoding');
      this.response
        .writeHead(code, { 'Content-Encoding': 'gzip', 'Content-Length': compressed.length })
        .end(compressed);
    });
  }

  /** A failure as its Status; anything that is not an ApiError is a defect and answers 500. */
  failure(error: unknown): void {
    const status: Status =
      error instanceof ApiError
        ? error.status
        : new ApiError(
            500,
            'InternalError',
            `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          ).status;
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    const seconds = status.details?.retryAfterSeconds;
    if (seconds) this.response.setHeader('Retry-After', String(seconds));
    this.object(status.code ?? 500, status);
  }
}
