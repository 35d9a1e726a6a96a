import type { Cluster } from '../../shared/clusters.ts';
import type { ShapeName } from '../elements/shape.tsx';
import { clock } from '../elements/time.ts';

interface StateWords {
  readonly shape: ShapeName;
  readonly word: string;
  readonly detail: string;
}

/** How a cluster's state is drawn and said. `isLost`: the app does not answer, so it is the last one known. */
export function stateWords(cluster: Cluster, isLost: boolean): StateWords {
  const now = knownWords(cluster);
  if (!isLost) return now;
  return { shape: 'unknown', word: 'Not known', detail: `last: ${now.word.toLowerCase()}, ${now.detail}` };
}

function knownWords(cluster: Cluster): StateWords {
  const { state } = cluster;
  switch (state.kind) {
    case 'untried':
      return { shape: 'unknown', word: 'Not connected yet', detail: 'nothing was asked of it' };
    case 'untrusted':
      return {
        shape: 'warning',
        word: 'Needs consent',
        detail: `${String(state.questions.length)} ${state.questions.length === 1 ? 'question' : 'questions'}`,
      };
    case 'connecting':
      return { shape: 'pending', word: 'Connecting', detail: `since ${clock(state.since)}` };
    case 'reachable':
      return { shape: 'healthy', word: 'Reachable', detail: `${state.version}, seen ${clock(state.at)}` };
    case 'unreachable':
      return { shape: 'unreachable', word: 'Unreachable', detail: `since ${clock(state.at)}` };
    default:
      return state satisfies never;
  }
}
