import { randomBytes } from 'node:crypto';
import { Overlay } from './overlay.ts';
import type { Grant, PermitReport, PermitSpec, RecordedWrite, RequestRecord } from './permits.ts';

/** Clocks of a permit: `wall` epoch ms, `steady` ms that no one can set. */
export interface Clocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

/** How long an approval holds. */
export const approvalMs = 120_000;
/** A preview that takes longer has been forgotten by its caller. */
const previewMs = 600_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type OpenRecord = Mutable<RequestRecord>;

/** One granted permit with everything that came to the gate under it. */
export class Permit implements Grant {
  readonly id = randomBytes(9).toString('base64url');
  readonly token = randomBytes(32).toString('base64url');
  readonly spec: PermitSpec;
  readonly records: OpenRecord[] = [];
  readonly writes: RecordedWrite[] = [];
  /** What a preview pretended. */
  readonly overlay = new Overlay();
  /** `group/resource` of which an access review across all namespaces said no. */
  readonly deniedEverywhere = new Set<string>();
  /** Index of the next approved write that may run. */
  next = 0;
  /** Answers to the writes that ran, by object path. */
  readonly lastAnswers = new Map<string, unknown>();
  /** An exec permit is good for one stream. */
  streamed = false;
  readonly #clocks: Clocks;
  readonly #since: { readonly wall: number; readonly steady: number };
  readonly #onEnd: () => void;
  readonly #cuts = new Set<() => void>();
  #revoked = false;

  constructor(spec: PermitSpec, clocks: Clocks, onEnd: () => void) {
    this.spec = spec;
    this.#clocks = clocks;
    this.#since = { wall: clocks.wall(), steady: clocks.steady() };
    this.#onEnd = onEnd;
  }

  /** Why the permit is no longer good, null while it is. A clock that was moved ends it, and never extends it. */
  get ended(): string | null {
    if (this.#revoked) return 'The permit was revoked.';
    const lifeMs = this.spec.kind === 'read' ? Infinity : this.spec.kind === 'preview' ? previewMs : approvalMs;
    if (lifeMs === Infinity) return null;
    const steady = this.#clocks.steady() - this.#since.steady;
    const wall = this.#clocks.wall() - this.#since.wall;
    if (steady >= lifeMs || wall >= lifeMs) return 'The permit expired.';
    return wall < steady - 2000 ? 'The clock was set back; the permit is void.' : null;
  }

  /** Masks Secret values in answers under this permit. */
  get masks(): boolean {
    return this.spec.kind !== 'exec' && (this.spec.maskSecrets ?? true);
  }

  /** `cut` runs when the permit is revoked, unless the returned function was called before. */
  onRevoke(cut: () => void): () => void {
    this.#cuts.add(cut);
    return () => this.#cuts.delete(cut);
  }

  report(): PermitReport {
    const requests = this.records.map((record) => ({ ...record }));
    const narrowed = requests.find((one) => one.narrowed !== null)?.narrowed ?? null;
    return { requests, writes: [...this.writes], narrowed, complete: this.overlay.complete };
  }

  revoke(): PermitReport {
    if (!this.#revoked) {
      this.#revoked = true;
      this.#onEnd();
      for (const cut of this.#cuts) cut();
      this.#cuts.clear();
    }
    return this.report();
  }
}

/** The permits that are out, by token. */
export class Permits {
  readonly #byToken = new Map<string, Permit>();
  readonly #clocks: Clocks;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  grant(spec: PermitSpec): Permit {
    const permit: Permit = new Permit(spec, this.#clocks, () => this.#byToken.delete(permit.token));
    this.#byToken.set(permit.token, permit);
    return permit;
  }

  find(token: string): Permit | null {
    return this.#byToken.get(token) ?? null;
  }

  revokeAll(): void {
    for (const permit of [...this.#byToken.values()]) permit.revoke();
  }
}

/** A record as it begins; status, bytes and ms are filled in as the answer goes by. */
export function openRecord(begun: {
  readonly at: number;
  readonly permit: Permit | null;
  readonly cluster: string;
  readonly method: string;
  readonly path: string;
}): OpenRecord {
  const { at, permit, cluster, method, path } = begun;
  const by = { permit: permit?.id ?? null, call: permit?.spec.purpose.call ?? null };
  const open = { status: 0, refused: null, ms: 0, bytes: 0, code: null, failure: null, narrowed: null };
  return { at, ...by, cluster, method, path, ...open };
}
