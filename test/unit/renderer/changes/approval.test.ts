import { describe, expect, it } from 'vitest';
import { missingForApproval } from '../../../../renderer/changes/approval.ts';
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
