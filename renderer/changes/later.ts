import type { Change } from '../../shared/changes.ts';

const ranks: Readonly<Record<Change['state']['kind'], number>> = {
  previewed: 0,
  running: 1,
  verifying: 2,
  verified: 3,
  unverified: 3,
  failed: 3,
  cancelled: 3,
  void: 3,
};

/**
 * The later of two words on one change. Replies and events come by different ways, so an earlier word can arrive last; a
 * change only ever goes on, so the one that is farther stands.
 */
export function later(known: Change | null, heard: Change): Change {
  if (known === null || known.digest !== heard.digest) return heard;
  return ranks[known.state.kind] > ranks[heard.state.kind] ? known : heard;
}
