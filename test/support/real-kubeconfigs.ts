import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import { realCluster, realKubeconfig } from './real-cluster.ts';

/** What is needed to write kubeconfigs of other kinds for the real cluster. */
export interface RealAccess {
  readonly server: string;
  /** Base64 of PEM. */
  readonly ca: string;
  /** Of an administrator. */
  readonly token: string;
  /** Base64 of PEM. */
  readonly certificate: string;
  readonly key: string;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** Throws where there is no real cluster: ask `realCluster` first. */
export async function realAccess(): Promise<RealAccess> {
  const admin = await parsed(realCluster.kubeconfig ?? '');
  const withToken = await parsed(realKubeconfig('token') ?? '');
  const server = admin.cluster['server'];
  const token = withToken.user['token'];
  if (server === undefined || token === undefined)
    throw new Error('the real cluster’s kubeconfigs are of another form');
  return {
    server,
    ca: await admin.base64('certificate-authority', admin.cluster),
    token,
    certificate: await admin.base64('client-certificate', admin.user),
    key: await admin.base64('client-key', admin.user),
  };
}

async function parsed(path: string) {
  const { clusters, users } = load(await readFile(path, 'utf8')) as Kubeconfig;
  const base64 = async (name: string, of: Readonly<Record<string, string>>) =>
    of[`${name}-data`] ?? (await readFile(resolve(dirname(path), of[name] ?? ''))).toString('base64');
  return { cluster: clusters[0]?.cluster ?? {}, user: users[0]?.user ?? {}, base64 };
}
