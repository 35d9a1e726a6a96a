import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ApiRequest } from './classify.ts';
import type { Link } from './link.ts';
import type { Priority } from './limits.ts';
import type { OpenRecord, Permit } from './permit.ts';

/** A request as it arrived, by the port or in-process, before anything was checked. */
export interface Incoming {
  readonly cluster: string;
  readonly token: string | null;
  readonly method: string;
  /** Undecoded. */
  readonly path: string;
  /** Undecoded, without '?'. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  /** As they came, repeated ones too; only an upgrade needs them. */
  readonly rawHeaders: readonly string[];
  /** Reads the body whole, once. Throws Refusal 413. */
  readonly body: () => Promise<Buffer>;
  readonly signal: AbortSignal | undefined;
  /** What stands before the API server's paths for this client: '' or '/c/<cluster>'. */
  readonly prefix: string;
}

/** A request that has a good permit and is understood. */
export interface Exchange {
  readonly incoming: Incoming;
  readonly permit: Permit;
  readonly request: ApiRequest;
  readonly link: Link;
  readonly record: OpenRecord;
  /** Ends with the client, with the permit or with the gate. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Readable | Buffer;
}

export function priorityOf(permit: Permit): Priority {
  return permit.spec.purpose.origin === 'monitoring' ? 'polling' : 'interactive';
}
