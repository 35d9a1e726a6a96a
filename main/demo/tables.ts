/**
 * Table answers: columns as recorded from a real API server, cells computed as its printers compute them.
 *
 * Promises: for each kind that a real server prints, the same cells from the same object at the same time (compared in
 * test/integration/demo-tables.test.ts); for any other kind NAME and AGE; for custom kinds their printer columns.
 * Must never: read a clock or the store. An object, its list path and `now` are all there is.
 */
import type { Manifest } from './kinds.ts';
import { recordedColumns } from './recordings.ts';
import type { ColumnDefinition } from './recordings.ts';
import { age } from './tables/cells.ts';
import type { Cell, Printer, Row } from './tables/cells.ts';
import { clusterPrinters } from './tables/cluster.ts';
import { ageColumn, customCell } from './tables/custom.ts';
import type { PrinterColumn } from './tables/custom.ts';
import { metricsCells } from './tables/metrics.ts';
import { networkPrinters } from './tables/network.ts';
import { podCells, podConditions } from './tables/pod.ts';
import { policyPrinters } from './tables/policy.ts';
import { storagePrinters } from './tables/storage.ts';
import { workloadPrinters } from './tables/workloads.ts';

const printers: Record<string, Printer> = {
  ...workloadPrinters,
  ...networkPrinters,
  ...storagePrinters,
  ...clusterPrinters,
  ...policyPrinters,
  'api/v1/pods': podCells,
  'apis/metrics.k8s.io/v1beta1/pods': metricsCells,
  'apis/metrics.k8s.io/v1beta1/nodes': metricsCells,
};

/**
 * Columns of a resource's Table. `path`: its list path without namespace and leading slash, such as `api/v1/pods`;
 * `custom`: a custom kind's additionalPrinterColumns (empty or undefined: NAME and AGE).
 */
export function tableColumns(path: string, custom?: PrinterColumn[]): (ColumnDefinition & { description: string })[] {
  const recorded = recordedColumns(path);
  if (recorded) return recorded.map((column) => ({ ...column, description: '' }));
  const own = custom && custom.length > 0 ? custom : [ageColumn];
  return [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    ...own.map(({ name, type, format = '', description = '', priority = 0 }) => {
      return { name, type, format, description, priority };
    }),
  ];
}

/** One object's row. Its cells match tableColumns of the same path. */
export function tableRow(path: string, object: Manifest, now: number, custom?: PrinterColumn[]): Row {
  if (path === 'api/v1/pods') {
    const conditions = podConditions(object);
    return { cells: podCells(object, now), ...(conditions ? { conditions } : {}) };
  }
  const printer = Object.hasOwn(printers, path) ? printers[path] : undefined;
  if (printer) return { cells: printer(object, now) };
  const columns = recordedColumns(path);
  if (columns) return { cells: columns.map((column) => genericCell(column, object, now)) };
  const own = custom && custom.length > 0 ? custom : [ageColumn];
  return { cells: [object.metadata.name, ...own.map((column) => customCell(object, column, now))] };
}

function genericCell(column: ColumnDefinition, object: Manifest, now: number): Cell {
  if (column.format === 'name') return object.metadata.name;
  if (column.name === 'Age') return age(object, now);
  if (column.name === 'Created At') return object.metadata.creationTimestamp ?? null;
  return '';
}
