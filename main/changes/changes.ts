/**
 * Changes: the one way in which anything in a cluster is altered. Whoever asks (a typed command, later the assistant,
 * an editor, a recommendation), it goes preview, card, approval, run, verify, journal.
 *
 * Promises: nothing is written that was not previewed as that very request and approved by a person's gesture; an
 * approval names the digest of what was shown, works once, and is void when time is up or when cluster, account or
 * object moved; the begin of a change is durable in the journal before its first request leaves.
 * Never: approve on behalf of anybody, retry a write, keep an approval on disk, or say 'done' without having looked.
 * The gate sends the recorded requests itself, rather than the tool that asked once more: exact by construction.
 * Previews live in memory only, so a restart voids them all; a digest still finds the same change in another process,
 * because a new preview of the same wish on the same state has the same digest.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../shared/channel.ts';
import type { Change, JournalEntry } from '../../shared/changes.ts';
import type { ObjectRef } from '../../shared/commands.ts';
import type { Publish } from '../../shared/contract.ts';
import { AppError, type Failure } from '../../shared/errors.ts';
import type { ClusterAccess, ClusterSessions, DraftWrite } from '../clusters/cluster-access.ts';
import type { Purpose, RecordedWrite } from '../gate/permits.ts';
import type { GateAccess } from '../gate/request.ts';
import { refusalOf, type Protection } from './approval.ts';
import { describeChange } from './describe-change.ts';
import type { Journal } from './journal.ts';
import { runChange, type Outcome } from './run-change.ts';
import { draftUndo } from './draft-undo.ts';

/** How long a preview can be approved. Its guards hold longer; the person's memory of it does not. */
const previewLifeMs = 10 * 60_000;

/** How long closing the app waits for a write that is under way. */
const closeMs = 2000;

/** A change that somebody wants. */
export interface Proposal {
  readonly cluster: ClusterAccess;
  readonly title: string;
  readonly namespace: string | null;
  readonly origin: Change['origin'];
  readonly writes: readonly DraftWrite[];
  readonly purpose: Purpose;
}

interface Pending {
  readonly proposal: Proposal;
  readonly recorded: readonly RecordedWrite[];
  change: Change;
}

export interface ChangesParts {
  readonly gate: GateAccess;
  readonly sessions: ClusterSessions;
  readonly protection: Protection;
  readonly journal: Journal;
  readonly publish: Publish;
}

export interface ChangesOptions {
  readonly now: () => number;
  /** How long the effect of a change is waited for. */
  readonly verifyMs: number;
}

/** Owns the changes that wait, run or are being verified. */
export class Changes {
  readonly #parts: ChangesParts;
  readonly #options: ChangesOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #stopping = new AbortController();

  constructor(parts: ChangesParts, options: ChangesOptions = { now: Date.now, verifyMs: 60_000 }) {
    this.#parts = parts;
    this.#options = options;
  }

  /**
   * Previews the writes in order and puts the card up. Nothing is changed. Throws AppError 'change.read-only',
   * 'gate.not-previewable', or the API server's refusal as 'cluster.*'.
   */
  async propose(proposal: Proposal, signal?: AbortSignal): Promise<Change> {
    if (this.#parts.protection.isReadOnly(proposal.cluster.config.id)) throw readOnly(proposal.cluster);
    const call = { purpose: proposal.purpose, signal };
    const recorded = await proposal.cluster.preview(proposal.writes, call);
    const now = this.#options.now();
    const change = await describeChange(
      { id: randomUUID(), previewedAt: now, expiresAt: now + previewLifeMs, proposal, recorded },
      this.#parts.protection.isProduction(proposal.cluster.config.id),
      call,
    );
    this.#forgetOldest();
    this.#pending.set(change.id, { proposal, recorded, change });
    this.#parts.publish('changes.changed', change);
    return change;
  }

  /** Throws AppError 'change.unknown'. */
  get(id: string, caller: Caller): Change {
    return this.#refresh(this.#find(id, caller)).change;
  }

  pending(caller: Caller): Change[] {
    return [...this.#pending.values()]
      .filter((one) => one.proposal.purpose.account?.id === caller.account?.id)
      .map((one) => this.#refresh(one).change)
      .filter(({ state }) => ['previewed', 'running', 'verifying'].includes(state.kind));
  }

  /**
   * Starts the run and returns at once; what comes of it is published. Throws AppError 'change.void',
   * 'change.not-approved' or 'change.read-only', and then nothing was sent.
   */
  approve(id: string, digest: string, typedName: string | null, caller: Caller): Change {
    const pending = this.#refresh(this.#find(id, caller));
    const { cluster } = pending.proposal;
    const refusal = refusalOf(
      pending.change,
      { digest, typedName },
      { then: cluster.config.identity, now: this.#parts.sessions.open(cluster.config.id).config.identity },
      this.#parts.protection,
    );
    if (refusal !== null) throw new AppError(refusal);
    // Durable before anything leaves; if it cannot be, the change stays as it is and nothing is sent.
    const begun = this.#parts.journal.begin({
      at: this.#options.now(),
      account: caller.account?.id ?? '',
      change: pending.change,
    });
    this.#set(pending, { kind: 'running', since: this.#options.now() });
    const run = this.#run(pending, begun, caller).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return pending.change;
  }

  cancel(id: string, caller: Caller): Change {
    const pending = this.#refresh(this.#find(id, caller));
    if (pending.change.state.kind === 'previewed') this.#set(pending, { kind: 'cancelled', at: this.#options.now() });
    return pending.change;
  }

  /** The same wish on the state of now, as a new card; the old one is void. */
  async previewAgain(id: string, caller: Caller, signal?: AbortSignal): Promise<Change> {
    const old = this.#find(id, caller);
    const { cluster } = old.proposal;
    const next = await this.propose({ ...old.proposal, cluster: this.#parts.sessions.open(cluster.config.id) }, signal);
    if (old.change.state.kind === 'previewed') this.#void(old, 'It was previewed again.');
    return next;
  }

  journal(
    before: number | null,
    limit: number,
    caller: Caller,
  ): { entries: JournalEntry[]; total: number; chain: 'intact' | 'broken' } {
    const { journal } = this.#parts;
    return { ...journal.list(caller.account?.id ?? '', before, limit), chain: journal.verify() };
  }

  /** Builds the inverse of a journalled change as a new card. Throws AppError 'change.unknown' or 'change.moved'. */
  async undo(seq: number, caller: Caller, signal?: AbortSignal): Promise<Change> {
    const done = this.#parts.journal.done(caller.account?.id ?? '', seq);
    if (done === null) throw unknown('There is no finished change of that number in the journal.');
    const { change } = done.begun;
    const cluster = this.#parts.sessions.open(change.cluster);
    const purpose: Purpose = { account: caller.account, client: caller.client, call: randomUUID(), origin: 'change' };
    const writes = await draftUndo(done.ended, cluster, { purpose, signal });
    const origin = { kind: 'undo', text: `undo of change ${String(seq)}` } as const;
    const title = `Undo: ${change.title}`;
    return this.propose({ cluster, title, namespace: change.namespace, origin, writes, purpose }, signal);
  }

  /**
   * Stops waiting for effects, and after a short while the writes too: what was written, and what is not known, is in
   * the journal when this resolves.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    const stop = setTimeout(() => this.#stopping.abort(), closeMs);
    await Promise.allSettled(this.#running);
    clearTimeout(stop);
  }

  async #run(pending: Pending, begun: number, caller: Caller): Promise<void> {
    const { proposal, recorded, change } = pending;
    const outcome = await runChange(
      { gate: this.#parts.gate, cluster: proposal.cluster, recorded, change, purpose: proposal.purpose },
      { ...this.#options, signal: this.#closing.signal, stop: this.#stopping.signal },
      (seen) => this.#set(pending, { kind: 'verifying', since: this.#options.now(), seen }),
    );
    const at = this.#options.now();
    try {
      this.#parts.journal.end(caller.account?.id ?? '', { at, begun, ...outcome });
      this.#set(pending, stateOf(outcome, at));
      if (outcome.writes.length > 0) this.#voidOthers(pending);
    } catch {
      this.#set(pending, { kind: 'failed', at, failure: notRecorded(outcome.text), written: outcome.writes.length });
    }
  }

  #find(id: string, caller: Caller): Pending {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.proposal.purpose.account?.id !== caller.account?.id) {
      throw unknown('This change is not known here: the app was started anew since, or it never was.');
    }
    return pending;
  }

  #refresh(pending: Pending): Pending {
    const { state, expiresAt } = pending.change;
    if (state.kind === 'previewed' && this.#options.now() >= expiresAt) this.#void(pending, 'Its time is up.');
    return pending;
  }

  /** Ended changes are in the journal; here a window may still ask for the last of them. */
  #forgetOldest(): void {
    const ended = [...this.#pending].filter(
      ([, one]) => !['previewed', 'running', 'verifying'].includes(one.change.state.kind),
    );
    for (const [id] of ended.slice(0, Math.max(0, ended.length - 100))) this.#pending.delete(id);
  }

  /** What waits on an object that just changed was shown on a state that is gone. */
  #voidOthers({ change }: Pending): void {
    for (const other of this.#pending.values()) {
      if (other.change.state.kind !== 'previewed' || other.change.cluster !== change.cluster) continue;
      const both = other.change.objects.find((one) => change.objects.some((own) => isSame(one.object, own.object)));
      if (both !== undefined) this.#void(other, `Another change of ${both.object.name} ran: ${change.title}.`);
    }
  }

  #void(pending: Pending, because: string): void {
    this.#set(pending, { kind: 'void', at: this.#options.now(), because });
  }

  #set(pending: Pending, state: Change['state']): void {
    pending.change = { ...pending.change, state };
    this.#parts.publish('changes.changed', pending.change);
  }
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

function stateOf(outcome: Outcome, at: number): Change['state'] {
  return outcome.outcome === 'failed'
    ? { kind: 'failed', at, failure: outcome.failure, written: outcome.writes.length }
    : { kind: outcome.outcome, at, text: outcome.text };
}

function readOnly(cluster: ClusterAccess): AppError {
  return new AppError({
    code: 'change.read-only',
    message: `${cluster.name} is marked read-only; nothing is changed there.`,
    remedy: 'Take the mark off in the cluster menu, if that is meant.',
    cluster: cluster.name,
  });
}

function notRecorded(text: string): Failure {
  return {
    code: 'storage.failed',
    message: `The change ran, but its end could not be written to the journal. ${text}`,
    remedy: 'Free space on the disk of the data folder; the begin of the change is in the journal.',
  };
}

function unknown(message: string): AppError {
  const failure: Failure = { code: 'change.unknown', message, remedy: 'Ask for the change again.' };
  return new AppError(failure);
}
