import type { Hop, SelfCheck } from '../../shared/self-check.ts';
import { Shape, type ShapeName } from '../elements/shape.tsx';
import { duration } from '../elements/time.ts';
import { hopNames } from './hop-names.ts';

interface Props {
  readonly cluster: SelfCheck['clusters'][number];
}

const shapes: Record<Hop['outcome'], ShapeName> = { ok: 'healthy', failed: 'critical', 'not-tried': 'unknown' };

/** The way to one cluster. The block above names the hop that fails; later hops were not tried. */
export function Chain({ cluster }: Props) {
  const at = cluster.hops.findIndex((hop) => hop.outcome === 'failed');
  const failing = cluster.hops[at];
  return (
    <>
      {failing !== undefined && (
        <div className="failure" role="alert">
          <Shape name="critical" size={14} />
          <div className="failure-text">
            <p className="check-message">
              {cluster.name} fails at hop {at + 1} of {cluster.hops.length}: {hopNames[failing.name]}
            </p>
            <p>{failing.evidence}</p>
            {failing.remedy !== null && (
              <div className="check-remedy">
                <p className="meta">What to do</p>
                <p>{failing.remedy}</p>
              </div>
            )}
          </div>
        </div>
      )}
      <ol className="card chain" aria-label={`The way to ${cluster.name}`}>
        {cluster.hops.map((hop, index) => (
          <li key={hop.name} data-outcome={hop.outcome}>
            <span className="chain-mark">
              <Shape name={shapes[hop.outcome]} size={14} />
            </span>
            <div>
              <p>
                <strong>{hopNames[hop.name]}</strong> <span className="meta">hop {index + 1}</span>
                <span className="meta chain-ms">{hop.ms === null ? '' : duration(hop.ms)}</span>
              </p>
              <p className="chain-evidence">
                {hop.outcome === 'not-tried' && hop.evidence === ''
                  ? `not tried: hop ${String(at + 1)} failed`
                  : hop.evidence}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
