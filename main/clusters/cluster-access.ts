import type { GateResponse } from '../gate/request.ts';
import type { Purpose, RecordedWrite } from '../gate/permits.ts';
import type { ClusterConfig } from '../kubeconfig/cluster-config.ts';
import type { ListForm, ToolAnswer } from '../mcp/tool-answer.ts';

export interface CallOptions {
  readonly purpose: Purpose;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadRequest {
  readonly path: string;
  readonly query?: string;
  /** Accept header; JSON unless said. */
  readonly accept?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Texts of the server's Warning headers. */
  readonly warnings: readonly string[];
  readonly body: Buffer;
  /** Parsed JSON, integers beyond 2^53 exact. */
  json(): unknown;
}

/** A write that somebody wants, before any preview. */
export interface DraftWrite {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: string;
  readonly contentType: string | null;
  /** JSON text. */
  readonly body: string | null;
}

/** One resource that a cluster serves, of its discovery. */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** Plural name, as in paths. */
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  /** The group's preferred version serves it. */
  readonly preferred: boolean;
}

/** One cluster in use. Everything goes through the gate under a permit minted for the call. */
export interface ClusterAccess {
  readonly config: ClusterConfig;
  /** Display name. */
  readonly name: string;
  /** A tool of the bundled MCP server, under a read permit. */
  tool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options: CallOptions & { readonly form: ListForm },
  ): Promise<ToolAnswer>;
  /** A GET. Throws AppError 'cluster.*' with the API server's own message for every status from 400 on. */
  read(request: ReadRequest, options: CallOptions): Promise<ApiAnswer>;
  /** A GET whose answer does not end (watch, log -f), or a review POST's; the caller reads the body. Throws as `read`. */
  stream(request: ReadRequest, options: CallOptions): Promise<GateResponse>;
  /** POST of one of the self-subject reviews, which change nothing. */
  review(path: string, body: unknown, options: CallOptions): Promise<ApiAnswer>;
  /** Runs every write as its server dry run, in order; throws on the first that is refused. Nothing is changed. */
  preview(writes: readonly DraftWrite[], options: CallOptions): Promise<readonly RecordedWrite[]>;
  /** Every resource the cluster serves, in kubectl's order; cached by the gate and refreshed there. */
  resources(options: CallOptions): Promise<readonly ApiResource[]>;
}

/** The clusters of the person, as commands and changes use them. */
export interface ClusterSessions {
  /** Throws AppError 'cluster.unknown' or 'cluster.untrusted'. */
  open(cluster: string): ClusterAccess;
  /** By context name, as `--context` gives it. */
  byContext(context: string): ClusterAccess;
}
