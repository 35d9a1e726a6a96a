import { describe, expect, test } from 'vitest';
import { parseKubeconfig, shown } from '../../../../main/kubeconfig/parse.ts';
import { AppError } from '../../../../shared/errors.ts';

const odd = [
  'arn:aws:eks:eu-central-1:123456789012:cluster/shop',
  'gke_project_europe-west1_shop',
  'kubernetes-admin@kubernetes',
  'with spaces and "quotes"',
  "it's: [a] {trap} #!",
  'umlaute-äöü-日本語-🚀',
  '..',
  '/etc/passwd',
  '%2e%2e%2f',
  'null',
  '__proto__',
  'constructor',
  '-leading',
  'line\nbreak\ttab',
  '\u202eevil',
  'x'.repeat(3000),
  '<img src=x onerror=alert(1)>',
];

describe('a kubeconfig', () => {
  test.each(odd)('keeps the name %j as it is', (name) => {
    const { contexts, faults } = parseKubeconfig(
      JSON.stringify({ contexts: [{ name, context: { cluster: name, user: name } }] }),
    );
    expect([...contexts.keys()]).toEqual([name]);
    expect(contexts.get(name)).toMatchObject({ cluster: name, user: name });
    expect(faults).toEqual([]);
  });

  test('takes numbers and booleans where text is meant', () => {
    const { users, contexts } = parseKubeconfig(
      'users: [{name: 7, user: {token: 123456, username: true}}]\ncontexts: [{name: 1.5, context: {cluster: 2}}]',
    );
    expect(users.get('7')).toMatchObject({ token: '123456', username: 'true' });
    expect(contexts.get('1.5')?.cluster).toBe('2');
  });

  test('reads empty lists, an empty file and no file at all as nothing', () => {
    for (const text of ['', '# only a comment\n{}', 'clusters: null\nusers: []\ncontexts:']) {
      expect(parseKubeconfig(text)).toMatchObject({ currentContext: null, faults: [] });
    }
  });

  test('one entry that is not understood hides no other, and its value is not told', () => {
    const text = 'users: [{name: bad, user: {token: {secret-thing: 1}}}, {name: good, user: {token: t}}, {user: {}}]';
    const { users, faults } = parseKubeconfig(text);
    expect([...users.keys()]).toEqual(['good']);
    expect(faults).toEqual(['The user bad is not understood: token.', 'Entry 3 of its users has no name.']);
  });

  test('of YAML that is none the line is told, and nothing of its text', () => {
    const broken = () => parseKubeconfig('users:\n- name: a\n  user: {token: "very-secret\n');
    expect(broken).toThrow(AppError);
    expect(broken).toThrow(/not valid YAML \(line \d+\)/);
    expect(broken).not.toThrow(/very-secret/);
  });

  test('an unknown field has no effect', () => {
    const { clusters } = parseKubeconfig(
      'clusters: [{name: c, cluster: {server: h, run: evil, extensions: [{name: x}]}}]',
    );
    expect(Object.keys(clusters.get('c') ?? {})).not.toContain('run');
  });
});

describe('a name on screen', () => {
  test('shows what would not be seen, and does not grow without end', () => {
    expect(shown('a\u001b[2J\u202e\nb')).toBe('a⟦U+001B⟧[2J⟦U+202E⟧⟦U+000A⟧b');
    expect(shown('x'.repeat(500))).toHaveLength(80);
    expect(shown('日本語 🚀')).toBe('日本語 🚀');
  });
});
