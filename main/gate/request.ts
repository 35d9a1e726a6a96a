import type { Failure } from '../../shared/errors.ts';
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

/** What became of one approved write that the gate sent. */
export interface ExecutedWrite {
  readonly status: number;
  /** The API server's answer, parsed, Secret data masked: an object, or a Status. */
  readonly answer: unknown;
  /** The server's Audit-Id header. */
  readonly auditId: string | null;
  readonly warnings: readonly string[];
}

/** The writes that ran, in order, and what stopped the rest. */
export interface Execution {
  readonly done: readonly ExecutedWrite[];
  /** Null: all ran. 'change.moved': the object moved and nothing of that write happened. */
  readonly failure: Failure | null;
}

/** The gate as the application's own code uses it: the same checks as over its port, without the hop. */
export interface GateAccess {
  grant(spec: PermitSpec): Grant;
  /** Throws AppError 'gate.refused', 'cluster.*'; an error status of the API server is an ordinary response. */
  send(cluster: string, token: string, request: GateRequest): Promise<GateResponse>;
  /**
   * Sends the approved writes of a change permit, each exactly as recorded and each once, in order, and stops at the
   * first that fails. Where only status moved since the preview, the resourceVersion is renewed once.
   * Throws AppError 'gate.refused' where the permit is not a valid change permit of this cluster.
   */
  execute(cluster: string, token: string, signal?: AbortSignal): Promise<Execution>;
  /** Forgets that the cluster failed just now: the next request asks it, whatever the circuit says. */
  closeCircuit(cluster: string): void;
  /** Base URL for a client that speaks HTTP: `http://127.0.0.1:<port>/c/<cluster>`. */
  urlOf(cluster: string): string;
}
