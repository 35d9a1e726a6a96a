import type { CommandResult, Table } from '../../shared/commands.ts';

/** 'pods' of 'pods', 'deployments' of 'deployments.apps', 'rows' where the rows are no resources. */
function nounOf(resource: string, count: number): string {
  const plural = resource === '' ? 'rows' : (resource.split('.')[0] ?? 'rows');
  if (count !== 1) return plural;
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.replace(/s$/, '');
}

/** '214 pods'; with a filter '12 of 214 pods'. */
export function countWords(table: Table, shown: number | null): string {
  const count = table.rows.length;
  const all = `${String(count)} ${nounOf(table.resource, count)}`;
  return shown === null ? all : `${String(shown)} of ${all}`;
}

/** '24 rows', '1 row'; with a filter '3 of 24 rows'. */
export function rowWords(shown: number, all: number): string {
  const rows = `${String(all)} ${all === 1 ? 'row' : 'rows'}`;
  return shown === all ? rows : `${String(shown)} of ${rows}`;
}

/** 'in 23 namespaces', 'in shop', or nothing for what has no namespace. */
export function scopeWords(table: Table, result: CommandResult): string {
  const namespaces = new Set(table.rows.flatMap((row) => row.object?.namespace ?? []));
  if (namespaces.size === 0) return '';
  if (namespaces.size === 1) return `in ${[...namespaces][0] ?? result.namespace ?? ''}`;
  return `in ${String(namespaces.size)} namespaces`;
}
