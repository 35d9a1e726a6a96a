import { parseQuantity } from '../../../shared/quantity.ts';
import type { Manifest } from '../kinds.ts';
import type { Cell } from './cells.ts';

interface Usage {
  cpu: string;
  memory: string;
}

interface Metrics extends Manifest {
  window: string;
  usage?: Usage;
  containers?: { usage: Usage }[];
}

/** NodeMetrics and PodMetrics: the sum over containers, in the units in which it was measured. */
export function metricsCells(object: Manifest): Cell[] {
  const metrics = object as Metrics;
  const usages = metrics.usage ? [metrics.usage] : (metrics.containers ?? []).map((container) => container.usage);
  const cpuCores = usages.reduce((sum, usage) => sum + parseQuantity(usage.cpu), 0);
  const memoryBytes = usages.reduce((sum, usage) => sum + parseQuantity(usage.memory), 0);
  const cpu = Math.round(cpuCores * 1e9);
  return [
    metrics.metadata.name,
    cpu === 0 ? '0' : `${String(cpu)}n`,
    `${String(Math.round(memoryBytes / 1024))}Ki`,
    metrics.window,
  ];
}
