import type { Account } from '../../shared/channel.ts';
import type { ErrorCode } from '../../shared/errors.ts';

/** Whose work a request belongs to. */
export interface Purpose {
  /** Null: the app's own work (collector, self-check). */
  readonly account: Account | null;
  readonly client: string | null;
  /** Names the call in records and in the journal: a run, a turn's tool call. */
  readonly call: string;
  readonly origin: 'command' | 'assistant' | 'editor' | 'monitoring' | 'self-check' | 'change';
}

/** A request as the gate records it: rewritten, canonical, exactly what reaches the API server. */
export interface RecordedWrite {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Canonical query, without '?', keys sorted; never holds dryRun. */
  readonly query: string;
  readonly contentType: string | null;
  /**
   * The body as it will be sent, preconditions included: JSON text (null: no body). Where `contentType` is protobuf, a
   * JSON string with the bytes in base64.
   */
  readonly body: string | null;
  readonly target: Target;
  /** The object before (parsed JSON, Secret data masked), null where it is not there. */
  readonly before: unknown;
  /** The object after by the server's dry run; null where it will be gone. */
  readonly after: unknown;
  /** The server's Warning texts of the dry run. */
  readonly warnings: readonly string[];
  /** What the dry run of this write cannot know. */
  readonly limits: readonly string[];
  /** Of a write to `scale`: SHA-256 of the scaled object without status, which a Scale does not show. */
  readonly parentSha256?: string | undefined;
  /** uid and resourceVersion written into the body; null where the object must not exist yet. */
  readonly guard: { readonly uid: string; readonly resourceVersion: string } | null;
  /** The client's own request, which becomes this write: what a tool called again under the change permit sends. */
  readonly original?: OriginalRequest | undefined;
}

export interface OriginalRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string | null;
  readonly bodySha256: string;
}

/** What a path names. `group` is '' for the core API. */
export interface Target {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
}

/** What a permit allows. A permit belongs to one cluster and one call. */
export type PermitSpec =
  | {
      readonly kind: 'read';
      readonly cluster: string;
      readonly purpose: Purpose;
      /** Null: every namespace the person may see. */
      readonly namespaces: readonly string[] | null;
      /** Secret values are masked in every answer: for whatever goes to a model. */
      readonly maskSecrets: boolean;
    }
  | {
      readonly kind: 'preview';
      readonly cluster: string;
      readonly purpose: Purpose;
      /** As for read; true unless said. Helm's own release Secrets pass, because Helm writes them back. */
      readonly maskSecrets?: boolean;
    }
  | {
      readonly kind: 'change';
      readonly cluster: string;
      readonly purpose: Purpose;
      readonly identity: { readonly server: string; readonly caSha256: string | null };
      readonly writes: readonly RecordedWrite[];
      /** As for preview. */
      readonly maskSecrets?: boolean;
    }
  | {
      readonly kind: 'exec';
      readonly cluster: string;
      readonly purpose: Purpose;
      readonly identity: { readonly server: string; readonly caSha256: string | null };
      /** Exactly this upgrade, once. */
      readonly path: string;
      readonly query: string;
    };

/** One request that came to the gate, whatever became of it. */
export interface RequestRecord {
  readonly at: number;
  readonly permit: string | null;
  readonly call: string | null;
  readonly cluster: string;
  readonly method: string;
  readonly path: string;
  /** The API server's status, or the gate's own where `refused` says why. */
  readonly status: number;
  readonly refused: string | null;
  readonly ms: number;
  readonly bytes: number;
  /** Code of the failure where the gate refused or the API server could not be asked; null for its own answers. */
  readonly code: ErrorCode | null;
  /** Reason and message of the Status object of an error answer. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
  /** The namespace that a list across all namespaces was silently narrowed to, because the access review said no. */
  readonly narrowed: string | null;
}

/** What a call did, told when its permit ends. */
export interface PermitReport {
  readonly requests: readonly RequestRecord[];
  /** What a preview recorded, in order. */
  readonly writes: readonly RecordedWrite[];
  /** As in its requests: the first that was narrowed. */
  readonly narrowed: string | null;
  /**
   * The gate ended this preview, because its caller began to wait for what was only previewed (Helm does): the call's
   * own error then says only 'preview complete'.
   */
  readonly complete?: boolean;
}

/** A permit in the hand of one call. `token` is the bearer of that call's requests and nothing else. */
export interface Grant {
  readonly id: string;
  readonly token: string;
  report(): PermitReport;
  /** Ends it at once; requests in flight under it are cut. Idempotent. */
  revoke(): PermitReport;
}
