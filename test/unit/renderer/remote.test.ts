import { describe, expect, it } from 'vitest';
import { answered, asked, failed, nothingYet } from '../../../renderer/remote.ts';
import type { Failure } from '../../../shared/errors.ts';

const failure: Failure = { code: 'cluster.unreachable', message: 'web does not answer.', remedy: 'Check the VPN.' };

describe('remote data', () => {
  it('keeps the old value with its age when a read fails', () => {
    const remote = failed(asked(answered([1, 2], 1000)), failure);
    expect(remote).toEqual({ data: { value: [1, 2], at: 1000 }, busy: false, failure });
  });
  it('says that it asks without forgetting why the last try failed', () => {
    expect(asked(failed(nothingYet, failure))).toEqual({ data: null, busy: true, failure });
  });
  it('forgets the failure once an answer comes', () => {
    expect(answered('new', 2000).failure).toBeNull();
  });
});
