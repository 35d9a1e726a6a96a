import { describe, expect, test } from 'vitest';
import { isLiteral } from '../../../shared/literals.ts';
import { Redactor } from '../../../main/redact.ts';

const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.${'a1B2'.repeat(20)}`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\nxyzxyz==\n-----END RSA PRIVATE KEY-----`;
const pem64 = Buffer.from(pem).toString('base64');
const groq = `gsk_${'Ab12'.repeat(12)}`;

describe('the redactor', () => {
  const secrets: [string, string, string][] = [
    ['a bearer token', 'Authorization: Bearer abc.DEF-123_~+/==', 'abc.DEF-123'],
    ['a lower-case bearer token', 'authorization: bearer abcdef123456', 'abcdef123456'],
    ['basic credentials', 'Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['a JWT', `token is ${jwt}, ok`, jwt],
    ['a JWT in base64', Buffer.from(jwt).toString('base64'), Buffer.from(jwt).toString('base64').slice(0, 60)],
    ['a private key', pem, 'MIIEowIBAAKCAQEA7'],
    ['a private key that is cut off', pem.slice(0, 60), 'MIIEowIBAAKCAQEA7'],
    ['a private key with escaped line ends', JSON.stringify(pem), 'MIIEowIBAAKCAQEA7'],
    ['client-key-data', `    client-key-data: ${pem64}`, pem64],
    ['client-certificate-data', `client-certificate-data: ${'QUJD'.repeat(20)}`, 'QUJDQUJD'],
    ['a token in YAML', '    token: s3cr3t-value', 's3cr3t-value'],
    ['a token in JSON', '{"token":"s3cr3t-value"}', 's3cr3t-value'],
    [
      'a token in JSON inside JSON',
      JSON.stringify({ body: JSON.stringify({ token: 's3cr3t-value' }) }),
      's3cr3t-value',
    ],
    ['a password in YAML', 'password: hunter2hunter2', 'hunter2hunter2'],
    ['a refresh token', 'refresh-token: rt-123456', 'rt-123456'],
    ['an id token', '"id-token": "idt-123456"', 'idt-123456'],
    ['a password in a URL', 'proxy http://user:hunter2@proxy.test:8080', 'hunter2'],
    ['a token in a query', 'GET /x?token=abcdef&limit=1', 'abcdef'],
    ['a Groq key', `using ${groq}`, groq],
    ['a ticket', 'http://127.0.0.1:1/#ticket=abcDEF_-123', 'abcDEF_-123'],
  ];

  test.for(secrets)('removes %s', ([, text, secret]) => {
    expect(text).toContain(secret);
    expect(new Redactor().redact(text)).not.toContain(secret);
  });

  test.for([
    'GET /api/v1/namespaces/shop/pods/web-7d4b9c-x2x 200 in 12 ms',
    'image registry.test/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'uid 3f1c9f0e-8a3b-4c1d-9e2f-0a1b2c3d4e5f resourceVersion 123456789',
    'secrets "db" is forbidden: user cannot get resource "secrets"',
    'the token of cluster prod has expired',
    'kubectl create token default -n shop',
  ])('leaves %j as it is', (text) => {
    expect(new Redactor().redact(text)).toBe(text);
  });

  test('removes a registered value, plain, in base64 and in a URL', () => {
    const redactor = new Redactor();
    const secret = 'c0rrect horse/battery';
    redactor.register(secret);
    const text = `${secret} ${Buffer.from(secret).toString('base64')} ${encodeURIComponent(secret)}`;
    expect(redactor.redact(text)).toBe('‹redacted:known› ‹redacted:known› ‹redacted:known›');
  });

  test('takes a registered value out of a JSON value, and leaves another as the very object it was', () => {
    const redactor = new Redactor();
    const other = { rows: ['a', 1, null] };
    redactor.register('quo"ted-secret');
    expect(redactor.clean({ deep: [{ said: 'it is quo"ted-secret.' }] })).toEqual({
      deep: [{ said: 'it is ‹redacted:known›.' }],
    });
    expect(redactor.clean(other)).toBe(other);
    expect(redactor.clean(undefined)).toBeUndefined();
  });

  test('keeps the shape of a JSON value: its numbers, its keys and the fixed words of the contract', () => {
    const redactor = new Redactor();
    for (const secret of ['12345678', 'previewed', 'restarts']) redactor.register(secret);
    const value = { n: 12345678, restarts: 3, state: { kind: 'previewed' }, said: 'password previewed, pin 12345678' };
    expect(redactor.clean(value, isLiteral)).toEqual({
      ...value,
      said: 'password ‹redacted:known›, pin ‹redacted:known›',
    });
    expect(redactor.clean({ cell: 'previewed' })).toEqual({ cell: '‹redacted:known›' });
    const number = { n: 12345678 };
    expect(redactor.clean(number)).toBe(number);
  });

  test('takes a value that begins with another one out whole', () => {
    const redactor = new Redactor();
    for (const secret of ['c0rrect-horse', 'c0rrect-horse-battery']) redactor.register(secret);
    expect(redactor.clean(['c0rrect-horse-battery'])).toEqual(['‹redacted:known›']);
  });

  test('knows the latest two hundred values, for older ones have expired', () => {
    const redactor = new Redactor();
    for (let number = 0; number < 300; number += 1) redactor.register(`rotating-${String(number).padStart(3, '0')}`);
    expect(redactor.redact('rotating-099')).toBe('rotating-099');
    expect(redactor.redact('rotating-100 rotating-299')).toBe('‹redacted:known› ‹redacted:known›');
  });

  test('does not take a short registered value out of ordinary words', () => {
    const redactor = new Redactor();
    redactor.register('pod');
    expect(redactor.redact('a pod')).toBe('a pod');
  });

  test.for([
    ['one letter', 'a'],
    ['the begin of a key', '-----BEGIN PRIVATE KEY-----'],
    ['dashes', '-'],
    ['spaces', ' '],
    ['token fields', 'token: '],
    ['urls', 'http://a:'],
    ['parts of JWTs', 'eyJhbGciOi.'],
  ] as const)('takes a megabyte of %s in well under a second', ([, unit]) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const began = performance.now();
    new Redactor().redact(text);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
