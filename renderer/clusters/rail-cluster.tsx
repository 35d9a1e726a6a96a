import type { Cluster } from '../../shared/clusters.ts';
import { Shape } from '../elements/shape.tsx';
import { useSession } from '../session/store.ts';
import { Square } from './square.tsx';
import { stateWords } from './state-words.ts';

interface Props {
  readonly cluster: Cluster;
  readonly current: boolean;
  readonly onChoose: () => void;
}

/** A cluster in the rail. The ring is dashed: without measurements there is no score to draw. */
export function RailCluster({ cluster, current, onChoose }: Props) {
  const isLost = useSession((session) => session.connection === 'lost');
  const { shape, word } = stateWords(cluster, isLost);
  const marks = [cluster.production && 'production', cluster.demo && 'demo', cluster.readOnly && 'read-only'];
  const name = [cluster.name, ...marks.filter((mark) => mark !== false), word.toLowerCase(), 'no score yet'].join(', ');
  return (
    <button
      type="button"
      className="rail-cluster"
      aria-label={name}
      aria-current={current ? 'true' : undefined}
      title={name}
      onClick={onChoose}
    >
      <svg className="rail-ring" viewBox="0 0 44 44" width="44" height="44" aria-hidden="true">
        <rect
          x="2"
          y="2"
          width="40"
          height="40"
          rx="10"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray="2.5 3"
        />
      </svg>
      <Square cluster={cluster} size="large" />
      {shape !== 'healthy' && (
        <span className="rail-shape">
          <Shape name={shape} />
        </span>
      )}
    </button>
  );
}
