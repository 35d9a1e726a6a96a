import { describe, expect, test } from 'vitest';
import { base64, CredentialBench, failureOf } from '../support/credential-bench.ts';
import { startIssuer } from '../support/credential-servers.ts';

const bench = CredentialBench.prepare();

describe('OIDC', () => {
  test('an ID token is used while it lasts, then renewed with the newest refresh token', async () => {
    const issuer = await startIssuer();
    try {
      const user = {
        'auth-provider': {
          name: 'oidc',
          config: {
            'idp-issuer-url': issuer.url,
            'idp-certificate-authority-data': base64(issuer.ca),
            'client-id': 'desktop',
            'client-secret': 'keep-this-in',
            'id-token': issuer.token(Date.now() - 60_000),
            'refresh-token': 'refresh-1',
          },
        },
      };
      await bench.opened(bench.trusted, user, false);
      await bench.ask();
      await bench.ask();
      expect(issuer.refreshed).toEqual(['refresh-1']);
      const first = bench.server.seen[0]?.headers.authorization ?? '';
      expect(first).toMatch(/^Bearer ey/);
      expect(bench.server.seen[1]?.headers.authorization).toBe(first);
      bench.server.refused.add(first);
      await bench.ask();
      expect(issuer.refreshed).toEqual(['refresh-1', 'refresh-2']);
      expect(bench.server.seen.at(-1)?.headers.authorization).not.toBe(first);
    } finally {
      await issuer.close();
    }
  });

  test('a token that lasts is sent without asking the issuer; one that does not, with nothing to renew it, is told', async () => {
    const issuer = await startIssuer();
    await issuer.close();
    const config = {
      'idp-issuer-url': issuer.url,
      'client-id': 'desktop',
      'id-token': issuer.token(Date.now() + 3_600_000),
    };
    await bench.opened(bench.trusted, { 'auth-provider': { name: 'oidc', config } }, false);
    await bench.ask();
    expect(bench.server.seen[0]?.headers.authorization).toBe(`Bearer ${config['id-token']}`);
    const old = { ...config, 'id-token': issuer.token(Date.now() - 60_000), 'refresh-token': 'refresh-secret' };
    await bench.opened(bench.trusted, { 'auth-provider': { name: 'oidc', config: old } }, false);
    const failure = await failureOf(bench.ask());
    expect(failure).toMatchObject({ code: 'cluster.credentials' });
    expect(failure.remedy).toContain(issuer.url);
    expect(JSON.stringify(failure)).not.toContain('refresh-secret');
  });
});
