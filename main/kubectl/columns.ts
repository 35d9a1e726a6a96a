/**
 * What the columns of a resource's table are: order, types and priorities. The MCP server's tables have lost them, so
 * they are asked of the API server once per resource (a Table of one row without its object: a few hundred bytes) and
 * kept. A table whose header does not fit what is kept is asked again: a CRD may have got other columns.
 */
import type { ApiResource } from '../clusters/cluster-access.ts';
import type { ColumnDefinition } from './print/table.ts';
import type { Reader } from './reader.ts';
import { apiVersionOf, pathOf } from './resource-names.ts';
import { asTable, readTable } from './server-table.ts';

export class ColumnCache {
  readonly #known = new Map<string, readonly ColumnDefinition[]>();

  /** Null where the server makes no tables for it. */
  async of(
    resource: ApiResource,
    namespace: string | null,
    reader: Reader,
  ): Promise<readonly ColumnDefinition[] | null> {
    const key = `${reader.cluster.config.id} ${apiVersionOf(resource)} ${resource.name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = await reader.json(pathOf(resource, namespace), 'includeObject=None&limit=1', asTable);
    const columns = readTable(answer, resource)?.columns ?? null;
    if (columns !== null && columns.length > 0) this.#known.set(key, columns);
    return columns;
  }

  forget(resource: ApiResource, reader: Reader): void {
    this.#known.delete(`${reader.cluster.config.id} ${apiVersionOf(resource)} ${resource.name}`);
  }
}
