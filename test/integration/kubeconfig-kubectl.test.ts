import { execFile } from 'node:child_process';
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

const cases: readonly { readonly what: string; readonly files: Readonly<Record<string, string>> }[] = [
  {
    what: 'two files that say different things of the same names',
    files: {
      'a/config':
        'clusters: [{name: c, cluster: {server: "https://a", certificate-authority: ca.crt}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]',
      'b/config':
        'current-context: other\nclusters: [{name: c, cluster: {server: "https://b"}}]\nusers: [{name: u, user: {tokenFile: t, client-key: ../k, client-certificate: /c}}]\ncontexts: [{name: x, context: {cluster: z}}, {name: other, context: {cluster: c, user: u, namespace: shop}}]',
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

  test.each(cases)('$what', async ({ files }) => {
    const paths: string[] = [];
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      paths.push(path);
    }
    const environment = { ...process.env, KUBECONFIG: paths.join(delimiter) };
    const { stdout } = await promisify(execFile)(kubectl ?? '', ['config', 'view', '--raw', '-o', 'json'], {
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
      ca: cluster.caFile,
      caData: cluster.caData === null ? null : Buffer.from(cluster.caData, 'base64').toString('latin1'),
      user: user.name,
      token: user.token,
      tokenFile: user.tokenFile,
      username: user.username,
      password: user.password,
      cert: user.certFile,
      key: user.keyFile,
    }));
    expect(sorted(ours)).toEqual(sorted(theirs.contexts));
    expect(merged.currentContext).toBe(theirs.current);
  });
});

function viewed(view: View) {
  const contexts = (view.contexts ?? []).flatMap(({ name, context }) => {
    const cluster = view.clusters?.find((one) => one.name === context['cluster'])?.cluster;
    const user = view.users?.find((one) => one.name === context['user'])?.user ?? {};
    if (cluster === undefined) return [];
    const caData = cluster['certificate-authority-data'];
    return {
      context: name,
      namespace: context['namespace'] ?? null,
      server: cluster['server'] ?? null,
      ca: cluster['certificate-authority'] ?? null,
      caData: caData === undefined ? null : Buffer.from(caData, 'base64').toString('latin1'),
      user: context['user'] ?? '',
      token: user['token'] ?? null,
      tokenFile: user['tokenFile'] ?? null,
      username: user['username'] ?? null,
      password: user['password'] ?? null,
      cert: user['client-certificate'] ?? null,
      key: user['client-key'] ?? null,
    };
  });
  return { contexts, current: view['current-context'] === '' ? null : (view['current-context'] ?? null) };
}

function sorted<T extends { readonly context: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((one, other) => (one.context < other.context ? -1 : 1));
}
