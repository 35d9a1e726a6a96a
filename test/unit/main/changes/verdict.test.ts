import { describe, expect, it } from 'vitest';
import { verdictOf, watchedPath } from '../../../../main/changes/verdict.ts';

const target = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  namespace: 'shop',
  name: 'web',
  subresource: null,
};
const before = { metadata: { uid: 'u1' } };
const deployment = (spec: object, status: object, generation = 1) => ({
  kind: 'Deployment',
  metadata: { uid: 'u1', generation },
  spec,
  status,
});
const scaled = { method: 'PATCH' as const, target, before, after: {} };
const deleted = { method: 'DELETE' as const, target, before, after: null };

describe('looking for the effect', () => {
  it('waits until the controller has seen the new generation, whatever the old numbers say', () => {
    const status = { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 2 };
    expect(verdictOf(scaled, deployment({ replicas: 2 }, status, 2)).kind).toBe('waiting');
    expect(verdictOf(scaled, deployment({ replicas: 2 }, { ...status, observedGeneration: 2 }, 2))).toEqual({
      kind: 'done',
      text: '2 of 2 pods ready.',
    });
  });

  it('waits while old pods are still there, and is done at zero', () => {
    const status = { observedGeneration: 1, replicas: 3, readyReplicas: 2, updatedReplicas: 2 };
    expect(verdictOf(scaled, deployment({ replicas: 2 }, status)).kind).toBe('waiting');
    expect(verdictOf(scaled, deployment({ replicas: 0 }, { observedGeneration: 1 })).kind).toBe('done');
  });

  it('gives up when the deadline of the rollout has passed', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(verdictOf(scaled, deployment({ replicas: 2 }, { observedGeneration: 1, conditions })).kind).toBe('failed');
  });

  it('takes a deletion as done when the object is gone or another one has its name', () => {
    expect(verdictOf(deleted, null).kind).toBe('done');
    expect(verdictOf(deleted, { metadata: { uid: 'u2' } }).kind).toBe('done');
    expect(verdictOf(deleted, { metadata: { uid: 'u1', finalizers: ['a/b'] } })).toEqual({
      kind: 'waiting',
      text: 'Still going, held by a/b.',
    });
  });

  it('does not call it done when what was written is not there', () => {
    expect(verdictOf(scaled, null).kind).toBe('failed');
  });

  it.each([
    [
      'the parent of a subresource',
      { ...scaled, path: '/a/deployments/web/scale', target: { ...target, subresource: 'scale' } },
      '/a/deployments/web',
    ],
    ['the object', { ...scaled, path: '/a/deployments/web' }, '/a/deployments/web'],
    [
      'a new object in its collection',
      { ...scaled, method: 'POST' as const, path: '/a/deployments' },
      '/a/deployments/web',
    ],
  ])('looks at %s', (_what, write, path) => {
    expect(watchedPath(write)).toBe(path);
  });
});
