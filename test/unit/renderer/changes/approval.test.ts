import { describe, expect, it } from 'vitest';
import { missingForApproval } from '../../../../renderer/changes/approval.ts';
import { later } from '../../../../renderer/changes/later.ts';
import type { Change } from '../../../../shared/changes.ts';

const now = 1_000_000;
const change: Change = {
  id: 'c',
  title: 'Scale deployment/web',
  cluster: 'prod',
  clusterName: 'prod-eu-1',
  production: true,
  namespace: 'shop',
  origin: { kind: 'command', text: 'kubectl scale' },
  previewedAt: now - 5000,
  expiresAt: now + 60_000,
  objects: [],
  effects: [],
  warnings: [],
  limits: [],
  undo: { possible: true, text: '' },
  digest: 'd',
  writes: [],
  typeToApprove: 'prod-eu-1',
  state: { kind: 'previewed' },
};

describe('what is missing for an approval', () => {
  it('is nothing once the exact name is typed and the card has been seen', () => {
    expect(missingForApproval(change, 'prod-eu-1', now - 1000, now)).toBeNull();
  });
  it.each(['', 'prod-eu', 'prod-eu-1 ', 'Prod-eu-1', 'prod-eu-11'])('is the name while %j is typed', (typed) => {
    expect(missingForApproval(change, typed, now - 1000, now)).toBe('Type prod-eu-1 to approve.');
  });
  it('is a moment to look, for a card that has just come', () => {
    expect(missingForApproval(change, 'prod-eu-1', now - 699, now)).not.toBeNull();
    expect(missingForApproval(change, 'prod-eu-1', now - 700, now)).toBeNull();
  });
  it('is a new preview once the old one has expired, whatever is typed', () => {
    expect(missingForApproval(change, 'prod-eu-1', now - 1000, change.expiresAt)).toContain('Preview again');
  });
  it('is never nothing for a change that runs, ran or is void', () => {
    for (const state of [
      { kind: 'running', since: now },
      { kind: 'verified', at: now, text: '' },
      { kind: 'void', at: now, because: 'it moved' },
      { kind: 'cancelled', at: now },
    ] as const) {
      expect(missingForApproval({ ...change, typeToApprove: null, state }, '', 0, now)).not.toBeNull();
    }
  });
});

describe('two words on one change', () => {
  const running: Change = { ...change, state: { kind: 'running', since: now } };
  const verified: Change = { ...change, state: { kind: 'verified', at: now, text: '' } };

  it('do not take back an end when the reply of the approval comes after it', () => {
    expect(later(verified, running)).toBe(verified);
    expect(later(running, verified)).toBe(verified);
  });
  it('take the newer of two that are equally far', () => {
    const seen: Change = { ...change, state: { kind: 'verifying', since: now, seen: '1 of 2' } };
    const more: Change = { ...change, state: { kind: 'verifying', since: now, seen: '2 of 2' } };
    expect(later(seen, more)).toBe(more);
  });
  it('begin anew with a new preview', () => {
    const fresh: Change = { ...change, digest: 'other' };
    expect(later({ ...change, state: { kind: 'void', at: now, because: '' } }, fresh)).toBe(fresh);
  });
});
