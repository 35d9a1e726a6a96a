import { delimiter, join } from 'node:path';

/**
 * Paths of the kubeconfigs that apply, in order of precedence: the flag's, else KUBECONFIG's (several), else the
 * home directory's. They need not exist: a missing one is told, and noticed when it comes.
 */
export function findKubeconfigs(
  flag: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): readonly string[] {
  if (flag !== null && flag !== '') return [flag];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed : [join(home, '.kube', 'config')];
}
