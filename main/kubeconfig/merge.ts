import { dirname, isAbsolute, resolve } from 'node:path';
import { shown, type ParsedKubeconfig } from './parse.ts';
import type { ClusterEntry, ExecEntry, Impersonation, Material, UserEntry } from './material.ts';
import type { ClusterFields, UserFields } from './schema.ts';

export interface SourceFile {
  readonly source: string;
  readonly parsed: ParsedKubeconfig;
}

export interface Merged {
  readonly materials: readonly Material[];
  /** Name of the context in use; null where none is named. */
  readonly currentContext: string | null;
  readonly faults: readonly { readonly source: string; readonly text: string }[];
}

interface Found<F> {
  readonly source: string;
  readonly fields: F;
}

/**
 * Several files as kubectl reads them: of entries with the same name the first file's wins, a context may use clusters
 * and users of any file of the list, and a relative path belongs to the file that defines the entry.
 */
export function mergeKubeconfigs(files: readonly SourceFile[]): Merged {
  const clusters = firstOf(files, (file) => file.clusters);
  const users = firstOf(files, (file) => file.users);
  const faults: { source: string; text: string }[] = [];
  const materials: Material[] = [];
  for (const [context, { source, fields }] of firstOf(files, (file) => file.contexts)) {
    const cluster = clusters.get(fields.cluster);
    const user = fields.user === null ? { source, fields: null } : users.get(fields.user);
    const server = cluster === undefined ? null : serverOf(cluster.fields.server);
    const fault =
      cluster === undefined
        ? `names the cluster ${shown(fields.cluster)}, which is in none of the files`
        : user === undefined
          ? `names the user ${shown(fields.user ?? '')}, which is in none of the files`
          : server === null
            ? 'has a server that is no http or https address'
            : null;
    if (cluster === undefined || user === undefined || server === null) {
      faults.push({ source, text: `The context ${shown(context)} ${fault ?? ''}.` });
      continue;
    }
    materials.push({
      context,
      source,
      namespace: fields.namespace,
      cluster: clusterEntry(fields.cluster, cluster, server),
      user: userEntry(fields.user ?? '', user),
    });
  }
  const currentContext = files.map((file) => file.parsed.currentContext).find((name) => name !== null) ?? null;
  return { materials, currentContext, faults };
}

function firstOf<F>(
  files: readonly SourceFile[],
  entries: (file: ParsedKubeconfig) => ReadonlyMap<string, F>,
): Map<string, Found<F>> {
  const found = new Map<string, Found<F>>();
  for (const { source, parsed } of files) {
    for (const [name, fields] of entries(parsed)) if (!found.has(name)) found.set(name, { source, fields });
  }
  return found;
}

/** The address as a URL, https where no scheme is written; null where it is none, or holds a password or a query. */
function serverOf(server: string): URL | null {
  const url = URL.parse(server.includes('://') ? server : `https://${server}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.username + url.password + url.search + url.hash === '' ? url : null;
}

function clusterEntry(name: string, { source, fields }: Found<ClusterFields>, server: URL): ClusterEntry {
  return {
    name,
    source,
    server,
    address: server.pathname === '/' ? server.origin : server.href,
    tlsServerName: fields['tls-server-name'],
    insecureSkipTlsVerify: fields['insecure-skip-tls-verify'],
    // As in client-go, what is written inline goes before a file.
    caFile: fields['certificate-authority-data'] === null ? absolute(source, fields['certificate-authority']) : null,
    caData: fields['certificate-authority-data'],
    proxyUrl: fields['proxy-url'],
  };
}

function userEntry(name: string, { source, fields }: Found<UserFields>): UserEntry {
  const file = (path: string | null | undefined) => absolute(source, path ?? null);
  return {
    name,
    source,
    certFile: fields?.['client-certificate-data'] == null ? file(fields?.['client-certificate']) : null,
    certData: fields?.['client-certificate-data'] ?? null,
    keyFile: fields?.['client-key-data'] == null ? file(fields?.['client-key']) : null,
    keyData: fields?.['client-key-data'] ?? null,
    token: fields?.token ?? null,
    tokenFile: file(fields?.tokenFile),
    username: fields?.username ?? null,
    password: fields?.password ?? null,
    impersonate: fields === null ? null : impersonationOf(fields),
    exec: fields?.exec == null ? null : execEntry(source, fields.exec),
    authProvider: fields?.['auth-provider'] ?? null,
  };
}

function execEntry(source: string, exec: NonNullable<NonNullable<UserFields>['exec']>): ExecEntry {
  const hasFolder = /[/\\]/.test(exec.command);
  return {
    ...exec,
    apiVersion: exec.apiVersion ?? '',
    command: hasFolder ? resolve(dirname(source), exec.command) : exec.command,
  };
}

function impersonationOf(fields: NonNullable<UserFields>): Impersonation | null {
  const { as: user, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = fields;
  const none = user === null && uid === null && groups.length === 0 && Object.keys(extra).length === 0;
  return none ? null : { user, uid, groups, extra };
}

function absolute(source: string, path: string | null): string | null {
  if (path === null) return null;
  return isAbsolute(path) ? resolve(path) : resolve(dirname(source), path);
}
