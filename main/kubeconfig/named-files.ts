import type { Material } from './material.ts';

export interface NamedFile {
  /** What it is, as a person would say. */
  readonly what:
    | 'certificate authority'
    | 'client certificate'
    | 'client key'
    | 'token'
    | 'certificate authority of the identity provider';
  readonly path: string;
  /** The kubeconfig that names it. */
  readonly source: string;
}

/** Every file that a context wants read. */
export function filesOf({ cluster, user }: Material): readonly NamedFile[] {
  const named = [
    { what: 'certificate authority', path: cluster.caFile, source: cluster.source },
    { what: 'client certificate', path: user.certFile, source: user.source },
    { what: 'client key', path: user.keyFile, source: user.source },
    { what: 'token', path: user.tokenFile, source: user.source },
    {
      what: 'certificate authority of the identity provider',
      path: user.authProvider?.config['idp-certificate-authority'] ?? null,
      source: user.source,
    },
  ] as const;
  return named.flatMap(({ path, ...rest }) => (path === null || path === '' ? [] : [{ path, ...rest }]));
}
