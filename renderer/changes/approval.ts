import type { Change } from '../../shared/changes.ts';

/** A card must have been on screen this long before it can be approved, so that a press meant for something else cannot. */
export const guardMs = 700;

/**
 * What stands between this change and its approval, in words, or null where nothing does. `shownAt`: since when these very
 * writes are on screen. The application decides again; this only keeps the button honest.
 */
export function missingForApproval(change: Change, typed: string, shownAt: number, now: number): string | null {
  if (change.state.kind !== 'previewed') return 'This change does not wait for approval.';
  if (now >= change.expiresAt) return 'The preview is too old. Preview again.';
  if (change.typeToApprove !== null && typed !== change.typeToApprove)
    return `Type ${change.typeToApprove} to approve.`;
  if (now - shownAt < guardMs) return 'The card has just come.';
  return null;
}

/** 'digest 9f2c41ab…e07d'. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 8)}…${digest.slice(-4)}`;
