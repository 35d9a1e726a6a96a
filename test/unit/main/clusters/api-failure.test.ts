import { describe, expect, test } from 'vitest';
import { apiFailure, rightIn } from '../../../../main/clusters/api-failure.ts';

const asked = { cluster: 'shop', user: 'viewer', credential: 'the token' };
const status = (code: number, reason: string, message: string) =>
  JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message,
    details: { kind: 'pods' },
  });

describe('a status from 400 on', () => {
  test.each([
    [400, 'cluster.invalid'],
    [401, 'cluster.unauthorized'],
    [403, 'cluster.forbidden'],
    [404, 'cluster.not-found'],
    [405, 'cluster.invalid'],
    [409, 'cluster.conflict'],
    [410, 'cluster.invalid'],
    [413, 'cluster.invalid'],
    [422, 'cluster.invalid'],
    [429, 'cluster.busy'],
    [500, 'cluster.failed'],
    [504, 'cluster.failed'],
  ] as const)('%i is %s, in the server’s own words', (code, expected) => {
    const error = apiFailure(code, {}, status(code, 'Some', 'what the server says'), asked);
    expect(error.failure).toMatchObject({ code: expected, message: 'what the server says', cluster: 'shop' });
    expect(error.cause).toEqual({ code, reason: 'Some', message: 'what the server says', details: { kind: 'pods' } });
  });

  test('a missing right is named, with where it is missing', () => {
    const message =
      'secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "shop"';
    expect(apiFailure(403, {}, status(403, 'Forbidden', message), asked).failure.remedy).toBe(
      'Ask whoever administers shop for the right to list secrets in namespace shop.',
    );
    expect(
      rightIn(
        'deployments.apps is forbidden: User "x" cannot patch resource "deployments" in API group "apps" at the cluster scope',
      ),
    ).toBe('the right to patch deployments.apps in the whole cluster');
    expect(rightIn('forbidden: User "x" cannot get path "/metrics"')).toBe('the right to get /metrics');
    expect(rightIn('admission webhook "x" denied the request')).toBeNull();
  });

  test('each refusal of the request itself says what to change, none only points at the message', () => {
    const remedies = [400, 405, 406, 410, 413, 422].map(
      (code) => apiFailure(code, {}, status(code, 'Some', 'what the server says'), asked).failure.remedy,
    );
    expect(new Set(remedies).size).toBe(remedies.length);
    expect(remedies[1]).toContain('another command');
    expect(remedies[3]).toContain('again from its start');
    expect(remedies[5]).toContain('a value it allows');
  });

  test('a refused credential is named, not shown', () => {
    expect(apiFailure(401, {}, status(401, 'Unauthorized', 'Unauthorized'), asked).failure.remedy).toContain(
      'the token of the user viewer',
    );
  });

  test('an answer that is no Status is told by what can be read of it', () => {
    expect(apiFailure(502, {}, '<html>Bad Gateway</html>', asked).failure.message).toBe('<html>Bad Gateway</html>');
    expect(apiFailure(503, {}, '', asked).failure.message).toBe('shop answered 503.');
    expect(apiFailure(500, {}, '"constructor"', asked).failure.code).toBe('cluster.failed');
  });

  test('Retry-After is understood as seconds and as a date', () => {
    expect(apiFailure(429, { 'retry-after': '3' }, '', asked).failure.retryAfterMs).toBe(3000);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const ms = apiFailure(429, { 'retry-after': date }, '', asked).failure.retryAfterMs ?? 0;
    expect(ms).toBeGreaterThan(50_000);
    expect(apiFailure(429, { 'retry-after': 'soon' }, '', asked).failure.retryAfterMs).toBeUndefined();
  });
});
