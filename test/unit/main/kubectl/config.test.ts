import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterAccess } from '../../../../main/clusters/cluster-access.ts';
import { readRegularFile } from '../../../../main/kubeconfig/read-file.ts';
import { shownArguments } from '../../../../main/kubeconfig/trust.ts';
import { parse } from '../../../../main/kubectl/grammar.ts';
import { getContexts, useContext, view } from '../../../../main/kubectl/verbs/config.ts';
import type { LocalCall, LocalVerb } from '../../../../main/kubectl/call.ts';

const secrets = Array.from({ length: 10 }, (_, at) => `secret-${String(at)}`);
const kubeconfig = `
apiVersion: v1
kind: Config
current-context: a/b
clusters: [{ name: c, cluster: { server: "https://127.0.0.1:1", certificate-authority-data: secret-0, certificate-authority: ca.crt } }]
contexts: [{ name: a/b, context: { cluster: c, user: u, namespace: shop } }]
users:
- name: u
  user:
    token: secret-1
    password: secret-2
    client-key-data: secret-3
    client-certificate-data: secret-4
    client-key: keys/u.key
    auth-provider: { name: oidc, config: { id-token: secret-5, client-secret: secret-6, idp-issuer-url: "https://id" } }
    exec: { command: get-token, args: [--cluster, c, --oidc-client-secret=secret-8, --password, secret-9], env: [{ name: PROFILE, value: secret-7 }] }
`;

describe('kubectl config', () => {
  let folder: string;
  const selected: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai4k8s-config-'));
    await writeFile(join(folder, 'config'), kubeconfig);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = async (verb: LocalVerb, line: string): Promise<string> => {
    const config: ClusterAccess['config'] = {
      id: 'id-of-a-b',
      context: 'a/b',
      source: join(folder, 'config'),
      server: 'https://127.0.0.1:1',
      user: 'u',
      namespace: 'shop',
      identity: { server: 'https://127.0.0.1:1', caSha256: null },
      questions: [],
      demo: false,
    };
    const call: LocalCall = {
      invocation: parse(line),
      form: 'terminal',
      contexts: {
        all: () => [config],
        current: () => config,
        select: (id) => selected.push(id),
        namespaceOf: () => 'shop',
        read: async (source) => (await readRegularFile(source, true)).toString('utf8'),
        shownArguments,
      },
      caller: { client: 'c', account: null },
      version: '0',
      open: () => {
        throw new Error('no cluster is needed');
      },
    };
    return (await verb(call)).text();
  };

  it.each([
    'kubectl config view',
    'kubectl config view -o json',
    'kubectl config view --minify',
    "kubectl config view -o jsonpath='{.users}'",
  ])('%s shows no secret, of any kind', async (line) => {
    const text = await run(view, line);
    expect(text).toContain('get-token');
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
  it('shows arguments that are no secrets, and tells a secret one by its digest', async () => {
    const text = await run(view, 'kubectl config view');
    expect(text).toMatch(
      /- --cluster\n\s*- c\n\s*- --oidc-client-secret=hidden \(SHA-256 [0-9a-f]{12}\)\n\s*- --password\n/,
    );
  });
  it('reads no more than a kubeconfig may be, and says which file', async () => {
    await writeFile(join(folder, 'config'), `${kubeconfig}#${'x'.repeat(1_100_000)}`);
    await expect(run(view, 'kubectl config view')).rejects.toThrow(`${join(folder, 'config')} is larger than 1 MiB`);
    await writeFile(join(folder, 'config'), kubeconfig);
  });
  it('shows relative paths as the files they are', async () => {
    expect(await run(view, 'kubectl config view')).toContain(`client-key: ${join(folder, 'keys/u.key')}`);
  });
  it('refuses to show them raw', async () => {
    await expect(run(view, 'kubectl config view --raw')).rejects.toThrow('would show secrets');
  });
  it('lists contexts by their names in the file', async () => {
    expect((await run(getContexts, 'kubectl config get-contexts')).split('\n')[1]?.split(/ +/)).toEqual([
      '*',
      'a/b',
      'c',
      'u',
      'shop',
    ]);
  });
  it('switches the app and not the file', async () => {
    expect(await run(useContext, 'kubectl config use-context a/b')).toBe('Switched to context "a/b".\n');
    expect(selected).toEqual(['id-of-a-b']);
    await expect(run(useContext, 'kubectl config use-context nope')).rejects.toThrow(
      'no context exists with the name: "nope"',
    );
  });
});
