import type { ClusterState } from '../../shared/clusters.ts';
import type { RequestRecord } from '../gate/permits.ts';

/** A good request moves the time at which a cluster was seen at most this often: everybody is told of it. */
const everyMs = 15_000;

/** The state of a reachable cluster that answered once more; null where nothing is worth telling. */
export function seenAgain(
  state: ClusterState | undefined,
  { code, status }: Pick<RequestRecord, 'code' | 'status'>,
  now: number,
): ClusterState | null {
  const isGood = code === null && status < 500;
  return isGood && state?.kind === 'reachable' && now - state.at >= everyMs ? { ...state, at: now } : null;
}
