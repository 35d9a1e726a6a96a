import type { ShapeName } from './shape.tsx';

/** How a status reads: the shape beside its word, and its place when the worst comes first (0 is worst). */
export interface Status {
  readonly shape: ShapeName;
  readonly rank: number;
  readonly word: string;
}

const critical =
  /^(?:Init:)?(?:.*(?:BackOff|Error|Err)[A-Za-z]*|OOMKilled|Failed|Evicted|Lost|Unschedulable|DeadlineExceeded|InvalidImageName|NodeLost|NodeAffinity|ContainerCannotRun|StartError|Signal:\d+|ExitCode:\d+|NotReady.*|Unhealthy|False)$/;
const warning = /^(?:Warning|Unknown|Terminating|Released|.*SchedulingDisabled|Suspended|Degraded)$/;
const pending =
  /^(?:Pending|ContainerCreating|PodInitializing|Init:\d+\/\d+|SchedulingGated|Progressing|Waiting|Creating)$/;
const completed = /^(?:Completed|Complete|Succeeded|Retain|Delete)$/;
const healthy = /^(?:Running|Ready|Active|Bound|Available|Healthy|True|Approved,Issued|Established)$/;

const ranks: Readonly<Record<ShapeName, number>> = {
  critical: 0,
  warning: 1,
  unreachable: 2,
  unknown: 2,
  pending: 3,
  note: 4,
  completed: 5,
  healthy: 6,
};

function shapeOf(text: string): ShapeName | null {
  const counts = /^(\d+)\/(\d+)$/.exec(text);
  if (counts !== null) return Number(counts[1]) < Number(counts[2]) ? 'warning' : 'healthy';
  if (critical.test(text)) return 'critical';
  if (warning.test(text)) return 'warning';
  if (pending.test(text)) return 'pending';
  if (completed.test(text)) return 'completed';
  if (healthy.test(text)) return 'healthy';
  return null;
}

/**
 * Reads a status as kubectl prints it. `ready` is the cell `1/2`, where the table has one: what runs without being ready is a
 * warning, because its word alone would look healthy.
 */
export function statusOf(text: string, ready: string | null): Status {
  const shape = shapeOf(text);
  const counts = ready === null ? null : /^(\d+)\/(\d+)$/.exec(ready);
  if (text === 'Running' && counts !== null && Number(counts[1]) < Number(counts[2])) {
    return { shape: 'warning', rank: ranks.warning, word: 'Running, not ready' };
  }
  if (shape === null) return { shape: 'note', rank: ranks.note, word: text };
  return { shape, rank: ranks[shape], word: text };
}
