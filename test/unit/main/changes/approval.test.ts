import { describe, expect, it } from 'vitest';
import { refusalOf, type Gesture } from '../../../../main/changes/approval.ts';
import type { Change } from '../../../../shared/changes.ts';

const identity = { server: 'https://a', caSha256: 'aa' };
const change: Change = {
  id: 'c1',
  title: 'Scale deployment/web to 2',
  cluster: 'prod-1',
  clusterName: 'prod-eu-1',
  production: false,
  namespace: 'shop',
  origin: { kind: 'command', text: 'kubectl scale …' },
  previewedAt: 0,
  expiresAt: 1,
  objects: [],
  effects: [],
  warnings: [],
  limits: [],
  undo: { possible: true, text: '' },
  digest: 'd1',
  writes: [],
  typeToApprove: null,
  state: { kind: 'previewed' },
};
const gesture: Gesture = { digest: 'd1', typedName: null };
const plain = { isProduction: () => false, isReadOnly: () => false };
const same = { then: identity, now: identity };

describe('an approval', () => {
  it('is taken for the very change that was shown', () => {
    expect(refusalOf(change, gesture, same, plain)).toBeNull();
  });

  it.each<[string, Change['state']]>([
    ['running', { kind: 'running', since: 1 }],
    ['verified', { kind: 'verified', at: 1, text: '' }],
    ['cancelled', { kind: 'cancelled', at: 1 }],
    ['void', { kind: 'void', at: 1, because: 'Its time is up.' }],
    ['failed', { kind: 'failed', at: 1, written: 0, failure: { code: 'unexpected', message: '', remedy: '' } }],
  ])('is refused for a change that is %s', (_word, state) => {
    expect(refusalOf({ ...change, state }, gesture, same, plain)?.code).toBe('change.void');
  });

  it('is refused with the digest of another change', () => {
    expect(refusalOf(change, { ...gesture, digest: 'd2' }, same, plain)?.code).toBe('change.not-approved');
  });

  it('is void where the name leads to another server or another CA by now', () => {
    for (const now of [
      { ...identity, server: 'https://b' },
      { ...identity, caSha256: 'bb' },
    ]) {
      expect(refusalOf(change, gesture, { then: identity, now }, plain)?.code).toBe('change.void');
    }
  });

  it('is refused on a cluster that became read-only after the preview', () => {
    expect(refusalOf(change, gesture, same, { ...plain, isReadOnly: () => true })?.code).toBe('change.read-only');
  });

  it.each([null, '', 'prod-eu-1 ', 'PROD-EU-1', 'prod-eu-2'])(
    'needs the exact name on production, not %j',
    (typedName) => {
      const production = { ...change, production: true, typeToApprove: 'prod-eu-1' };
      expect(refusalOf(production, { ...gesture, typedName }, same, plain)?.code).toBe('change.not-approved');
      expect(refusalOf(production, { ...gesture, typedName: 'prod-eu-1' }, same, plain)).toBeNull();
    },
  );

  it('needs the name on a cluster that became production after the preview', () => {
    const marked = { ...plain, isProduction: () => true };
    expect(refusalOf(change, gesture, same, marked)?.code).toBe('change.not-approved');
  });
});
