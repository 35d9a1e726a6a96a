import type { Row } from '../../shared/commands.ts';

/** The command that a key asks for on a row, or null where the key is not one, or the row no object. */
export function rowCommand(key: string, row: Row, resource: string): string | null {
  if (row.object === null) return null;
  const { name, namespace, kind } = row.object;
  const target = `${resource === '' ? kind.toLowerCase() : resource} ${name}${namespace === null ? '' : ` -n ${namespace}`}`;
  switch (key) {
    case 'Enter':
      return `kubectl describe ${target}`;
    case 'y':
      return `kubectl get ${target} -o yaml`;
    case 'l':
      return kind === 'Pod'
        ? `kubectl logs ${name}${namespace === null ? '' : ` -n ${namespace}`} --all-containers --tail=500`
        : null;
    default:
      return null;
  }
}
