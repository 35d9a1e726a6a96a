import type { Grant, PermitSpec } from './permits.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request to a cluster, as a client of the gate makes it. */
export interface GateRequest {
  readonly method: string;
  /** Path on the API server, starting with '/'. */
  readonly path: string;
  /** Without '?'; '' for none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | null;
  readonly signal?: AbortSignal | undefined;
}

export interface GateResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** The gate as the application's own code uses it: the same checks as over its port, without the hop. */
export interface GateAccess {
  grant(spec: PermitSpec): Grant;
  /** Throws AppError 'gate.refused', 'cluster.*'; an error status of the API server is an ordinary response. */
  send(cluster: string, token: string, request: GateRequest): Promise<GateResponse>;
  /** Base URL for a client that speaks HTTP: `http://127.0.0.1:<port>/c/<cluster>`. */
  urlOf(cluster: string): string;
}
