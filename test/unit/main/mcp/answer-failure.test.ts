import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../../main/gate/permits.ts';
import { failureOfAnswer } from '../../../../main/mcp/answer-failure.ts';

const record = (change: Partial<RequestRecord>): RequestRecord => ({
  at: 0,
  permit: 'p',
  call: 'c',
  cluster: 'prod',
  method: 'GET',
  path: '/api/v1/pods',
  status: 200,
  refused: null,
  ms: 1,
  bytes: 1,
  code: null,
  failure: null,
  narrowed: null,
  ...change,
});
const answer = (text: string, ...requests: RequestRecord[]) => ({
  text,
  isError: true,
  report: { requests, writes: [], narrowed: null },
});

describe('the failure of a tool', () => {
  it('is none where the tool did not fail, whatever became of a request on the way', () => {
    const tolerated = record({ status: 404 });
    expect(failureOfAnswer({ ...answer('ok', tolerated), isError: false }, 'prod')).toBeNull();
  });

  it('is the last request that failed, in the words of the API server', () => {
    const forbidden = { reason: 'Forbidden', message: 'pods is forbidden: User "u" cannot list' };
    const requests = [
      record({ path: '/openapi/v3', status: 404, failure: { reason: 'NotFound', message: 'page not found' } }),
      record({ status: 403, failure: forbidden }),
      record({ status: 200 }),
    ];
    expect(failureOfAnswer(answer('failed to list pods: …', ...requests), 'prod')).toMatchObject({
      code: 'cluster.forbidden',
      message: 'Cluster prod: pods is forbidden: User "u" cannot list.',
      cluster: 'prod',
    });
  });

  it('is the gate’s own where the gate refused, not the status it gave', () => {
    const refused = record({ status: 403, code: 'gate.refused', refused: 'A read permit deletes nothing.' });
    expect(failureOfAnswer(answer('forbidden', refused), 'prod')).toMatchObject({
      code: 'gate.refused',
      message: 'Cluster prod: A read permit deletes nothing.',
    });
  });

  it.each([
    ['target "x": unknown target: failed to create', 'cluster.unknown'],
    ['failed to list resources: no matches for kind "Widget" in version "a/v1"', 'cluster.not-found'],
    ['failed to get nodes top: metrics API is not available', 'cluster.not-found'],
    ['name parameter must be a string', 'mcp.tool-failed'],
  ])('is read from the text alone where no request failed: %s', (text, code) => {
    expect(failureOfAnswer(answer(text, record({})), 'prod')?.code).toBe(code);
  });
});
