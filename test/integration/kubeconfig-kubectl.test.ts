import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeKubeconfigs } from '../../main/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../main/kubeconfig/parse.ts';
import { newFolder } from '../support/open-kubeconfigs.ts';
import { realCluster, realKubectl } from '../support/real-cluster.ts';

const kubectl = realKubectl();

interface View {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[] | null;
  readonly clusters?: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[] | null;
  readonly users?: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[] | null;
}

const cases: readonly {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly beside?: Readonly<Record<string, string>>;
}[] = [
  {
    what: 'two files that say different things of the same names',
    beside: { 'a/ca.crt': 'authority of a', k: 'a key', 'b/sub/c': 'a certificate', 'b/ca.crt': 'not this' },
    files: {
      'a/config':
        'clusters: [{name: c, cluster: {server: "https://a", certificate-authority: ca.crt}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]',
      'b/config':
        'current-context: other\nclusters: [{name: c, cluster: {server: "https://b"}}]\nusers: [{name: u, user: {client-key: ../k, client-certificate: ./sub/c}}]\ncontexts: [{name: x, context: {cluster: z}}, {name: other, context: {cluster: c, user: u, namespace: shop}}]',
    },
  },
  {
    what: 'names of every kind',
    files: {
      config: JSON.stringify({
        clusters: [{ name: 'arn:aws:eks:eu:1:cluster/x', cluster: { server: 'https://h:1/k8s/clusters/c-1' } }],
        users: [{ name: 'a b "c" \n é 日本', user: { token: 't' } }],
        contexts: ['__proto__', 'x/y', '%2e', 'null', '-n', 'toString'].map((name) => ({
          name,
          context: { cluster: 'arn:aws:eks:eu:1:cluster/x', user: 'a b "c" \n é 日本' },
        })),
      }),
    },
  },
  {
    what: 'a first file without the current context, and an empty one',
    files: {
      empty: '',
      first: 'apiVersion: v1\nkind: Config\nclusters: null\nusers: []\ncontexts:\n',
      second:
        'current-context: x\nclusters: [{name: c, cluster: {server: "https://h"}}]\ncontexts: [{name: x, context: {cluster: c}}]',
      third: 'current-context: other',
    },
  },
  {
    what: 'anchors, comments and folded text',
    files: {
      config:
        '# mine\nclusters:\n- &c\n  name: c\n  cluster:\n    server: >-\n      https://h\n    certificate-authority-data: |\n      QUFB\n      QkJC\nusers:\n- name: u\n  user: &u {token: "a\\tb"}\n- name: v\n  user: *u\ncontexts:\n- name: x\n  context: {cluster: c, user: v}\n',
    },
  },
];

describe.skipIf(kubectl === null)(`kubeconfigs as the real kubectl reads them ${realCluster.because ?? ''}`, () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => folder.remove());

  test.each(cases)('$what', async ({ files, beside = {} }) => {
    for (const [name, text] of Object.entries({ ...files, ...beside })) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true });
      await writeFile(join(folder.path, name), text);
    }
    const paths = Object.keys(files).map((name) => join(folder.path, name));
    const environment = { ...process.env, KUBECONFIG: paths.join(delimiter) };
    const { stdout } = await promisify(execFile)(kubectl ?? '', ['config', 'view', '--flatten', '-o', 'json'], {
      env: environment,
    });
    const theirs = viewed(JSON.parse(stdout) as View);
    const merged = mergeKubeconfigs(
      Object.values(files).map((text, index) => ({ source: paths[index] ?? '', parsed: parseKubeconfig(text) })),
    );
    const ours = merged.materials.map(({ context, namespace, cluster, user }) => ({
      context,
      namespace,
      server: cluster.address,
      ca: content(cluster.caFile, cluster.caData),
      user: user.name,
      token: user.token,
      username: user.username,
      password: user.password,
      cert: content(user.certFile, user.certData),
      key: content(user.keyFile, user.keyData),
    }));
    expect(sorted(ours)).toEqual(sorted(theirs.contexts));
    expect(merged.currentContext).toBe(theirs.current);
  });
});

/** What a file or an inline value holds: kubectl puts the one in place of the other when it flattens. */
function content(path: string | null, base64: string | null): string | null {
  if (base64 !== null) return Buffer.from(base64, 'base64').toString('latin1');
  return path === null ? null : readFileSync(path, 'latin1');
}

function viewed(view: View) {
  const contexts = (view.contexts ?? []).flatMap(({ name, context }) => {
    const cluster = view.clusters?.find((one) => one.name === context['cluster'])?.cluster;
    const user = view.users?.find((one) => one.name === context['user'])?.user ?? {};
    if (cluster === undefined) return [];
    return {
      context: name,
      namespace: context['namespace'] ?? null,
      server: cluster['server'] ?? null,
      ca: content(null, cluster['certificate-authority-data'] ?? null),
      user: context['user'] ?? '',
      token: user['token'] ?? null,
      username: user['username'] ?? null,
      password: user['password'] ?? null,
      cert: content(null, user['client-certificate-data'] ?? null),
      key: content(null, user['client-key-data'] ?? null),
    };
  });
  return { contexts, current: view['current-context'] === '' ? null : (view['current-context'] ?? null) };
}

function sorted<T extends { readonly context: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((one, other) => (one.context < other.context ? -1 : 1));
}
