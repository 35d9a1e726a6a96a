import { create } from 'zustand';
import type { Change, JournalEntry } from '../../shared/changes.ts';
import type { Failure } from '../../shared/errors.ts';
import { failureOf, onEvent, request } from '../api.ts';
import { later } from './later.ts';
import { answered, asked, failed, nothingYet, type Remote } from '../remote.ts';

/*
 * Changes as the application said them last, and the person's gestures on them.
 *
 * Promises: a card shows exactly the writes that its digest names; approving sends that digest and nothing else; what a
 * gesture failed with stays beside the card.
 * Never: approves without a gesture, keeps an approval, or decides whether one is valid: the application decides again.
 * Decided against: showing a change as running before the application said so.
 */

export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly total: number;
  readonly chain: 'intact' | 'broken';
}

interface Changes {
  /** By id: what the application said last. */
  readonly known: Readonly<Record<string, Remote<Change>>>;
  /** A change that was previewed again, and the one that stands in its place. */
  readonly replaced: Readonly<Record<string, string>>;
  /** What the last gesture on a change failed with, by its id. */
  readonly refused: Readonly<Record<string, Failure>>;
  readonly journal: Remote<Journal>;
  /** The change shown in the Changes view. */
  readonly chosen: string | null;
}

export const useChanges = create<Changes>(() => ({
  known: {},
  replaced: {},
  refused: {},
  journal: nothingYet,
  chosen: null,
}));

const set = (id: string, next: (remote: Remote<Change>) => Remote<Change>) =>
  useChanges.setState(({ known }) => ({ known: { ...known, [id]: next(known[id] ?? nothingYet) } }));

const keep = (change: Change) => set(change.id, ({ data }) => answered(later(data?.value ?? null, change), Date.now()));

/** The change that stands where this one was previewed first. */
export function currentOf(state: Pick<Changes, 'replaced'>, change: string): string {
  const next = state.replaced[change];
  return next === undefined ? change : currentOf(state, next);
}

/** Oldest first: what waits for a person. */
export function pendingOf(state: Pick<Changes, 'known'>): Change[] {
  return Object.values(state.known)
    .flatMap((remote) => (remote.data?.value.state.kind === 'previewed' ? [remote.data.value] : []))
    .sort((one, other) => one.previewedAt - other.previewedAt);
}

export async function loadChange(change: string): Promise<void> {
  set(change, asked);
  try {
    keep(await request('changes.get', { change }));
  } catch (error) {
    set(change, (remote) => failed(remote, failureOf(error)));
  }
}

async function gesture(id: string, work: () => Promise<Change>): Promise<Change | null> {
  useChanges.setState(({ refused }) => ({
    refused: Object.fromEntries(Object.entries(refused).filter(([other]) => other !== id)),
  }));
  try {
    const change = await work();
    keep(change);
    return change;
  } catch (error) {
    useChanges.setState(({ refused }) => ({ refused: { ...refused, [id]: failureOf(error) } }));
    return null;
  }
}

/** A person's approval of exactly the writes that were shown. */
export async function approveChange(change: Change, typedName: string | null): Promise<void> {
  chooseChange(change.id);
  await gesture(change.id, () => request('changes.approve', { change: change.id, digest: change.digest, typedName }));
}

export async function cancelChange(change: string): Promise<void> {
  chooseChange(change);
  await gesture(change, () => request('changes.cancel', { change }));
}

/** The new preview stands in the place of the old one. */
export async function previewAgain(change: string): Promise<void> {
  const fresh = await gesture(change, () => request('changes.preview-again', { change }));
  if (fresh !== null && fresh.id !== change) {
    useChanges.setState(({ chosen, replaced }) => ({
      replaced: { ...replaced, [change]: fresh.id },
      chosen: chosen === change ? fresh.id : chosen,
    }));
  }
}

/** Builds the inverse of an entry and shows its card. */
export async function undoChange(entry: JournalEntry): Promise<void> {
  const change = await gesture(`journal-${String(entry.seq)}`, () => request('changes.undo', { seq: entry.seq }));
  if (change !== null) useChanges.setState({ chosen: change.id });
}

export const chooseChange = (chosen: string | null): void => useChanges.setState({ chosen });

const page = 100;

/** The newest entries; `more` goes on where the shown ones end. */
export async function loadJournal(more = false): Promise<void> {
  const shown = more ? (useChanges.getState().journal.data?.value.entries ?? []) : [];
  useChanges.setState(({ journal }) => ({ journal: asked(journal) }));
  try {
    const { entries, ...rest } = await request('changes.journal', { before: shown.at(-1)?.seq ?? null, limit: page });
    useChanges.setState({ journal: answered({ entries: [...shown, ...entries], ...rest }, Date.now()) });
  } catch (error) {
    useChanges.setState(({ journal }) => ({ journal: failed(journal, failureOf(error)) }));
  }
}

export async function loadPending(): Promise<void> {
  for (const change of await request('changes.pending')) keep(change);
}

const ends: readonly Change['state']['kind'][] = ['verifying', 'verified', 'unverified', 'failed'];

export function followChanges(): void {
  onEvent('changes.changed', (change) => {
    keep(change);
    if (ends.includes(change.state.kind) && useChanges.getState().journal.data !== null)
      loadJournal().catch(() => undefined);
  });
}
