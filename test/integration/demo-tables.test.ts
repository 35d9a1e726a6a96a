/** The demo's Table cells beside the real API server's, for every object that the real cluster has. */
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../main/demo/kinds.ts';
import { recordedDiscovery } from '../../main/demo/recordings.ts';
import { tableColumns, tableRow } from '../../main/demo/tables.ts';
import { ApiClient } from '../compare-clusters/api-client.ts';
import { realCluster } from '../support/real-cluster.ts';

const { kubeconfig, because } = realCluster;
const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io';
/** Its rows are computed by asking other programs. */
const leftOut = new Set(['componentstatuses']);
const ageText = /^(\d+[smhdy])+$|ago\)$/;

interface Table {
  /** Null where an aggregated API has nothing to list. */
  columnDefinitions: { name: string; type: string; format: string; priority: number }[] | null;
  /** Null where a kind without a printer of its own has no objects. */
  rows: { cells: unknown[]; conditions?: unknown; object: Manifest }[] | null;
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
      const table = (await client.json(`/${path}?includeObject=Object`, asTable)) as Table;
      const columns = tableColumns(path).map(({ name, type, format, priority }) => ({ name, type, format, priority }));
      const real = table.columnDefinitions ?? columns;
      expect(columns).toEqual(real.map(({ name, type, format, priority }) => ({ name, type, format, priority })));
      const now = Date.now();
      for (const { object, ...row } of table.rows ?? []) {
        const own = tableRow(path, object, now);
        const plain = (cells: unknown[]): unknown[] => cells.map((cell) => (ageText.test(String(cell)) ? 'AGE' : cell));
        if (!path.includes('metrics')) expect(plain(own.cells), object.metadata.name).toEqual(plain(row.cells));
        expect(own.conditions).toEqual(row.conditions);
      }
    });
  },
);
