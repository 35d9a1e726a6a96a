import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { CertificateAuthority } from '../../../../main/demo/tls.ts';

test('issues certificates that OpenSSL reads, verifies and knows the names of', () => {
  const now = Date.UTC(2026, 0, 1);
  const authority = new CertificateAuthority(now);
  const ca = new X509Certificate(authority.certificate);
  const server = new X509Certificate(authority.server().certificate);
  const client = new X509Certificate(authority.client('anna', ['system:masters', 'team'], -1000).certificate);
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(ca.validToDate.getUTCFullYear()).toBe(2035);
  expect([server.verify(ca.publicKey), server.checkIssued(ca), server.ca]).toEqual([true, true, false]);
  expect(server.subjectAltName).toBe(
    'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:localhost, DNS:kubernetes.default.svc',
  );
  expect(client.subject.split('\n')).toEqual(['O=system:masters', 'O=team', 'CN=anna']);
  expect(client.validToDate.getTime()).toBeLessThan(now);
});
