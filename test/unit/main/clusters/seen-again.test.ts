import { expect, test } from 'vitest';
import { seenAgain } from '../../../../main/clusters/seen-again.ts';

const reachable = { kind: 'reachable', version: 'v1.36.3', at: 1000 } as const;
const good = { code: null, status: 200 };

test('a good request says anew when a reachable cluster was seen, at most every 15 seconds', () => {
  expect(seenAgain(reachable, good, 15_999)).toBeNull();
  expect(seenAgain(reachable, good, 16_000)).toEqual({ ...reachable, at: 16_000 });
});

test('a failed request does not, and nothing else becomes reachable by it', () => {
  expect(seenAgain(reachable, { code: 'cluster.unreachable', status: 502 }, 60_000)).toBeNull();
  expect(seenAgain(reachable, { code: null, status: 503 }, 60_000)).toBeNull();
  expect(seenAgain({ kind: 'connecting', since: 0 }, good, 60_000)).toBeNull();
  expect(seenAgain(undefined, good, 60_000)).toBeNull();
});
