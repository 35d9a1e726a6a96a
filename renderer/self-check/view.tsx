import { Copy, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import type { SelfCheck } from '../../shared/self-check.ts';
import { allOf, selectedOf, useClusters } from '../clusters/store.ts';
import { Square } from '../clusters/square.tsx';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { Progress } from '../elements/progress.tsx';
import { Shape } from '../elements/shape.tsx';
import { clockSeconds, duration } from '../elements/time.ts';
import { copyText } from '../session/store.ts';
import { Chain } from './chain.tsx';
import { hopNames } from './hop-names.ts';
import { reportOf } from './report.ts';
import { runSelfCheck, showChain, useSelfCheck } from './store.ts';

/** Versions, and per cluster the way to it, hop by hop. */
export function SelfCheckView() {
  const { check, startedAt, tookMs, cluster } = useSelfCheck();
  const selected = useClusters(selectedOf);
  useEffect(() => {
    if (useSelfCheck.getState().check.data === null) runSelfCheck().catch(() => undefined);
  }, []);
  const result = check.data?.value ?? null;
  const firstFailing = result?.clusters.find((one) => one.hops.some((hop) => hop.outcome === 'failed'));
  const shown =
    result?.clusters.find((one) => one.cluster === cluster) ??
    firstFailing ??
    result?.clusters.find((one) => one.cluster === selected?.id) ??
    result?.clusters[0] ??
    null;
  return (
    <div className="check">
      <div className="page-column">
        <header className="check-head">
          <h1>Self-check</h1>
          {check.busy && <Progress text="Checking" since={startedAt} />}
          <Button
            disabled={result === null}
            onClick={() => {
              if (result !== null) copyText(reportOf(result)).catch(() => undefined);
            }}
          >
            <Copy size={14} aria-hidden="true" /> Copy report
          </Button>
          <Button
            look="primary"
            disabled={check.busy}
            onClick={() => {
              runSelfCheck().catch(() => undefined);
            }}
          >
            <RefreshCw size={14} aria-hidden="true" /> Check again
          </Button>
        </header>
        {check.failure !== null && <Failure failure={check.failure} />}
        {shown !== null && <Chain key={shown.cluster} cluster={shown} />}
        {result !== null && (
          <p className="meta check-at">
            checked {clockSeconds(result.at)}
            {tookMs !== null && ` in ${duration(tookMs)}`}
          </p>
        )}
      </div>
      {result !== null && <Side check={result} shown={shown?.cluster ?? null} />}
    </div>
  );
}

function Side({ check, shown }: { check: SelfCheck; shown: string | null }) {
  const known = useClusters(allOf);
  return (
    <aside className="check-side" aria-label="Clusters checked and versions">
      <h2>Clusters checked</h2>
      <ul>
        {check.clusters.map((one) => {
          const failing = one.hops.find((hop) => hop.outcome === 'failed');
          const cluster = known.find((other) => other.id === one.cluster);
          return (
            <li key={one.cluster}>
              <button
                type="button"
                aria-current={one.cluster === shown ? 'true' : undefined}
                onClick={() => showChain(one.cluster)}
              >
                <Shape name={failing === undefined ? 'healthy' : 'critical'} />
                {cluster !== undefined && <Square cluster={cluster} size="dot" />}
                <span className="cut">{one.name}</span>
                <span className="meta">
                  {failing === undefined ? (one.version ?? 'all hops pass') : `fails at ${hopNames[failing.name]}`}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <h2>Versions</h2>
      <dl>
        {check.versions.map(({ part, version, detail }) => (
          <div key={part} title={detail}>
            <dt>{part}</dt>
            <dd>{version}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
