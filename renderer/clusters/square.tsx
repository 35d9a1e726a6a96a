import type { Cluster } from '../../shared/clusters.ts';
import { shortName } from './short-name.ts';

interface Props {
  readonly cluster: Pick<Cluster, 'name' | 'colour'>;
  /** `dot` beside words, `small` in bars, `large` in the rail. */
  readonly size: 'dot' | 'small' | 'large';
}

/** A cluster's own colour fills only this square. */
export function Square({ cluster, size }: Props) {
  return (
    <span className={`square square-${size} hue-${String(cluster.colour)}`} aria-hidden="true">
      {size !== 'dot' && shortName(cluster.name)}
    </span>
  );
}
