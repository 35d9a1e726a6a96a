import { expect, it } from 'vitest';
import { troubleOf } from '../../../../main/changes/trouble.ts';
import type { Json } from '../../../../main/changes/shown.ts';

const pod = (name: string, containerStatuses: Json, rest: object = {}): Json =>
  ({ metadata: { name }, status: { containerStatuses, ...rest } }) as Json;
const running = pod('slow', [{ ready: false, state: { running: {} } }]);
const crashing = pod('crash', [
  { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { reason: 'OOMKilled' } } },
]);
const unplaced = pod('none', [], {
  conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient cpu.' }],
});

it.each<[string, Json[], string | null]>([
  ['a crash, with how it ended', [running, crashing, unplaced], 'crash: CrashLoopBackOff, last ended with OOMKilled.'],
  ['a pod without a place', [running, unplaced], 'none: 0/1 nodes are available: 1 Insufficient cpu.'],
  ['a probe that does not pass', [running], 'slow: running, not ready.'],
  ['an exit', [pod('a', [{ state: { terminated: { reason: 'Error', exitCode: 2 } } }])], 'a: Error, exit code 2.'],
  ['nothing of a pod that is being made', [pod('a', [{ state: { waiting: { reason: 'ContainerCreating' } } }])], null],
  ['nothing of a pod that is done', [pod('a', [{ state: { terminated: { exitCode: 0 } } }])], null],
])('says %s', (_what, pods, expected) => {
  expect(troubleOf(pods)).toBe(expected);
});
