import { describe, expect, test } from 'vitest';
import { mergeKubeconfigs } from '../../../../main/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../../../main/kubeconfig/parse.ts';
import { isLoopback, questionsOf } from '../../../../main/kubeconfig/trust.ts';
import type { Facts } from '../../../../main/kubeconfig/facts.ts';
import type { TrustQuestion } from '../../../../shared/clusters.ts';

const program = { path: '/usr/bin/aws', real: '/opt/aws/v2/aws', sha256: 'a'.repeat(64) };
const login = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'aws',
  args: ['eks', 'get-token'],
  env: [{ name: 'AWS_PROFILE', value: 'shop' }],
};

function ask(cluster: object, user: object, facts: Partial<Facts> = {}): readonly TrustQuestion[] {
  const text = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://api.shop.example', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  });
  const [material] = mergeKubeconfigs([{ source: '/k/config', parsed: parseKubeconfig(text) }]).materials;
  if (material === undefined) throw new Error('the context can be used');
  return questionsOf(material, { files: new Map(), program: null, ...facts });
}
const idOf = (...args: Parameters<typeof ask>) => ask(...args)[0]?.id;

describe('what a kubeconfig asks', () => {
  test('nothing for inline data, tokens, passwords, OIDC, and files of its own folder', () => {
    const own = { real: '/k/x', inside: true };
    const files = new Map(['ca', 'crt', 'key', 'tok'].map((name) => [`/k/${name}`, own]));
    expect(ask({ 'certificate-authority-data': 'QQ==' }, { token: 't' })).toEqual([]);
    expect(ask({}, { username: 'u', password: 'p' })).toEqual([]);
    expect(ask({}, { 'auth-provider': { name: 'oidc', config: { 'id-token': 't' } } })).toEqual([]);
    expect(
      ask(
        { 'certificate-authority': 'ca' },
        { 'client-certificate': 'crt', 'client-key': 'key', tokenFile: 'tok' },
        { files },
      ),
    ).toEqual([]);
  });

  test('a program is shown whole: where it is, where that leads, arguments, variables, content and destination', () => {
    expect(ask({}, { exec: login }, { program })).toEqual([
      expect.objectContaining({
        kind: 'exec-plugin',
        details: [
          { label: 'Program', value: '/usr/bin/aws' },
          { label: 'Leads to', value: '/opt/aws/v2/aws' },
          { label: 'Argument 1', value: 'eks' },
          { label: 'Argument 2', value: 'get-token' },
          { label: 'Variable AWS_PROFILE', value: 'shop' },
          { label: 'SHA-256', value: 'a'.repeat(64) },
          { label: 'Credentials go to', value: 'https://api.shop.example' },
        ],
      }),
    ]);
  });

  test('consent to a program is consent to exactly that: whatever differs is another question', () => {
    const same = idOf({}, { exec: login }, { program });
    expect(idOf({}, { exec: { ...login } }, { program })).toBe(same);
    const others = [
      idOf({}, { exec: { ...login, args: ['eks', 'get-token', '--debug'] } }, { program }),
      idOf({}, { exec: { ...login, args: ['eks get-token'] } }, { program }),
      idOf({}, { exec: { ...login, args: ['get-token', 'eks'] } }, { program }),
      idOf({}, { exec: { ...login, env: [{ name: 'AWS_PROFILE', value: 'other' }] } }, { program }),
      idOf({}, { exec: { ...login, env: [{ name: 'LD_PRELOAD', value: 'shop' }] } }, { program }),
      idOf({}, { exec: { ...login, provideClusterInfo: true } }, { program }),
      idOf({}, { exec: login }, { program: { ...program, sha256: 'b'.repeat(64) } }),
      idOf({}, { exec: login }, { program: { ...program, real: '/tmp/aws' } }),
      idOf({}, { exec: login }, { program: { ...program, path: '/tmp/aws' } }),
      idOf({ server: 'https://evil.example' }, { exec: login }, { program }),
      idOf({ 'certificate-authority-data': 'QQ==' }, { exec: login }, { program }),
      ask({ 'proxy-url': 'http://evil:1' }, { exec: login }, { program })[1]?.id,
      ask({ 'insecure-skip-tls-verify': true }, { exec: login }, { program })[1]?.id,
    ];
    expect(new Set([same, ...others]).size).toBe(others.length + 1);
    expect(others).not.toContain(undefined);
  });

  test('a program that is not there, or cannot be read, is not asked about, so that it cannot be consented to', () => {
    expect(ask({}, { exec: login }, { program: { path: null, real: null, sha256: null } })).toEqual([]);
    expect(ask({}, { exec: login }, { program: { ...program, sha256: null } })).toEqual([]);
  });

  test('a file that leads elsewhere than at the consent is another question', () => {
    const at = (real: string | null) =>
      idOf({}, { tokenFile: '/etc/t' }, { files: new Map([['/etc/t', { real, inside: false }]]) });
    expect(new Set([at('/etc/t'), at('/root/.ssh/id_rsa'), at(null)]).size).toBe(2);
    expect(at('/root/.ssh/id_rsa')).not.toBe(at('/etc/t'));
  });

  test('secrets among arguments and variables are told by their digest, everything else word for word', () => {
    const exec = {
      ...login,
      args: ['--oidc-client-secret=hunter2', '--token', 'hunter2', '--region=eu', '--password-stdin', '--verbose'],
      env: [
        { name: 'AWS_SECRET_ACCESS_KEY', value: 'hunter2' },
        { name: 'LD_PRELOAD', value: '/tmp/x.so' },
      ],
    };
    const details = ask({}, { exec }, { program })[0]?.details ?? [];
    expect(JSON.stringify(details)).not.toContain('hunter2');
    const values = details.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining(['--region=eu', '--verbose', '/tmp/x.so']));
    expect(values.filter((value) => /hidden \(SHA-256 [0-9a-f]{12}\)$/.test(value))).toHaveLength(3);
  });

  test('nothing in it can act on the screen or hide behind its length', () => {
    const exec = { ...login, args: ['\u001b[2J\u202egood', `${'a'.repeat(5000)}; evil`] };
    const [first, second] = (ask({}, { exec }, { program })[0]?.details ?? []).slice(2);
    expect(first?.value).toBe('⟦U+001B⟧[2J⟦U+202E⟧good');
    expect(second?.value).toMatch(/^a{300}… \(5006 characters, SHA-256 [0-9a-f]{12}\)$/);
  });

  test('plain http is asked about, but not to this machine without credentials', () => {
    const kinds = (server: string, user: object) => ask({ server }, user).map(({ kind }) => kind);
    expect(kinds('http://10.0.0.1', {})).toEqual(['plain-http']);
    expect(kinds('http://127.0.0.1:8001', {})).toEqual([]);
    expect(kinds('http://127.0.0.1:8001', { token: 't' })).toEqual(['plain-http']);
    expect(kinds('http://localhost.evil.example', {})).toEqual(['plain-http']);
  });

  test('credentials of one file for a server of another are asked about, each pair on its own', () => {
    const both = (user: object) => {
      const one = {
        clusters: [{ name: 'evil', cluster: { server: 'https://evil.example' } }],
        contexts: [{ name: 'x', context: { cluster: 'evil', user: 'admin' } }],
      };
      const files = [
        { source: '/home/config', parsed: parseKubeconfig(JSON.stringify({ users: [{ name: 'admin', user }] })) },
        { source: '/downloads/config', parsed: parseKubeconfig(JSON.stringify(one)) },
      ];
      const [material] = mergeKubeconfigs(files).materials;
      if (material === undefined) throw new Error('the context can be used');
      return questionsOf(material, { files: new Map(), program: null });
    };
    const secrets = [
      { token: 'hunter2' },
      { username: 'u', password: 'p' },
      { 'client-certificate-data': 'QQ==', 'client-key-data': 'QQ==' },
    ];
    for (const user of secrets) {
      const [question, ...more] = both(user);
      expect(question).toMatchObject({ kind: 'file-outside' });
      expect(question?.details.map(({ value }) => value)).toEqual([
        'admin',
        '/home/config',
        'https://evil.example',
        '/downloads/config',
      ]);
      expect(more).toEqual([]);
    }
    expect(both({})).toEqual([]);
  });

  test("a proxy's password is not shown", () => {
    const [question] = ask({ 'proxy-url': 'http://me:hunter2@proxy:3128' }, {});
    expect(JSON.stringify(question)).not.toContain('hunter2');
    expect(question?.details[0]?.value).toContain('proxy:3128');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['localhost', true],
  ['demo.localhost', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['10.0.0.1', false],
  ['0.0.0.0', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
