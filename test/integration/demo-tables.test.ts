/** The demo's Table cells beside the real API server's, for every object that the real cluster has. */
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../main/demo/kinds.ts';
import { recordedDiscovery } from '../../main/demo/recordings.ts';
import { tableColumns, tableRow } from '../../main/demo/tables.ts';
import { ApiClient } from '../compare-clusters/api-client.ts';
import { realCluster } from '../support/real-cluster.ts';

const { kubeconfig, because } = realCluster;
const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io;includeObject=Object';
/** Its rows are computed by asking other programs, or sorted by something else than the name. */
const leftOut = new Set(['componentstatuses', 'flowschemas']);
const ageText = /^(\d+[smhdy])+$|ago\)$/;

interface Table {
  columnDefinitions: { name: string; type: string; format: string; priority: number }[];
  /** Null where a kind without a printer of its own has no objects. */
  rows: { cells: unknown[]; conditions?: unknown }[] | null;
}

const { core, groups } = recordedDiscovery();
const paths = [...core.items, ...groups.items].flatMap((group) =>
  group.versions.flatMap(({ version, resources }) =>
    resources
      .filter((one) => one.verbs.includes('list') && !leftOut.has(one.resource))
      .map((one) => `${group.metadata.name ? `apis/${group.metadata.name}` : 'api'}/${version}/${one.resource}`),
  ),
);

describe.skipIf(kubeconfig === null)(
  `Tables beside the real cluster's${because ? ` (skipped: ${because})` : ''}`,
  () => {
    test.each(paths)('%s', async (path) => {
      const client = new ApiClient(kubeconfig ?? '');
      const list = (await client.json(`/${path}`)) as { items: Manifest[] };
      const table = (await client.json(`/${path}`, asTable)) as Table;
      const columns = tableColumns(path).map(({ name, type, format, priority }) => ({ name, type, format, priority }));
      expect(columns).toEqual(
        table.columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority })),
      );
      const now = Date.now();
      for (const [index, row] of (table.rows ?? []).entries()) {
        const object = list.items[index];
        if (!object || object.metadata.name !== (row.cells[path.endsWith('events') ? 9 : 0] as string).split(' ')[0])
          continue;
        const own = tableRow(path, object, now);
        const plain = (cells: unknown[]): unknown[] => cells.map((cell) => (ageText.test(String(cell)) ? 'AGE' : cell));
        if (!path.includes('metrics')) expect(plain(own.cells), object.metadata.name).toEqual(plain(row.cells));
        expect(own.conditions).toEqual(row.conditions);
      }
    });
  },
);
