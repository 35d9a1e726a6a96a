import { describe, expect, it } from 'vitest';
import { namespaceWords } from '../../../../renderer/clusters/namespace-words.ts';
import { stateWords } from '../../../../renderer/clusters/state-words.ts';
import { answered } from '../../../../renderer/remote.ts';
import type { Cluster } from '../../../../shared/clusters.ts';

describe('the words under a list of namespaces', () => {
  it('do not call one that may not be read whole', () => {
    const refused = answered({ namespaces: ['default'], complete: false }, 0);
    expect(namespaceWords(refused, 0)).toBe('You may not list namespaces; type one.');
  });
  it('count what was read', () => {
    expect(namespaceWords(answered({ namespaces: ['a'], complete: true }, 0), 0)).toMatch(/^1 namespace, read /);
    expect(namespaceWords(answered({ namespaces: ['a', 'b'], complete: true }, 0), 0)).toMatch(/^2 namespaces, read /);
  });
});

describe('the state of a cluster', () => {
  const cluster = { state: { kind: 'reachable', version: 'v1.36.3', at: 0 } } as Cluster;
  it('is not green while the app itself does not answer, and keeps what was known', () => {
    expect(stateWords(cluster, false)).toMatchObject({ shape: 'healthy', word: 'Reachable' });
    expect(stateWords(cluster, true)).toMatchObject({ shape: 'unknown', word: 'Not known' });
    expect(stateWords(cluster, true).detail).toContain('last: reachable, v1.36.3');
  });
});
