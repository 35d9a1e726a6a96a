import type { Cluster } from '../../shared/clusters.ts';
import { Square } from '../clusters/square.tsx';
import { stateWords } from '../clusters/state-words.ts';
import { allOf, connectCluster, loadClusters, markCluster, selectCluster, useClusters } from '../clusters/store.ts';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { Shape } from '../elements/shape.tsx';
import { Tag } from '../elements/tag.tsx';
import { Toggle } from '../elements/toggle.tsx';
import { cutMiddle } from '../elements/cut-middle.ts';
import { show, useSession } from '../session/store.ts';

export function ClusterSettings() {
  const clusters = useClusters(allOf);
  const list = useClusters((state) => state.list);
  return (
    <div className="page-column">
      <h1>Clusters</h1>
      {list.failure !== null && (
        <Failure
          failure={list.failure}
          onRetry={() => {
            loadClusters().catch(() => undefined);
          }}
        />
      )}
      {(list.data?.value.problems ?? []).map((problem) => (
        <Failure key={problem.source} failure={problem.failure} />
      ))}
      <div className="card">
        {clusters.map((cluster) => (
          <One key={cluster.id} cluster={cluster} />
        ))}
      </div>
      <p className="meta page-note">
        Production asks for the name to be typed before a change. Read-only refuses every change at the gate.
      </p>
    </div>
  );
}

function One({ cluster }: { cluster: Cluster }) {
  const isLost = useSession((session) => session.connection === 'lost');
  const { shape, word, detail } = stateWords(cluster, isLost);
  const isUntrusted = cluster.state.kind === 'untrusted';
  const mark = (marks: { production?: boolean; readOnly?: boolean }) => {
    markCluster({ cluster: cluster.id, ...marks }).catch(() => undefined);
  };
  return (
    <section className="cluster-row" aria-label={cluster.name}>
      <Square cluster={cluster} size="large" />
      <div className="cluster-row-words">
        <p className="cluster-row-name">
          <strong className="cut">{cluster.name}</strong>
          {cluster.production && <Tag kind="production" />}
          {cluster.demo && <Tag kind="demo" />}
          {cluster.readOnly && <Tag kind="read-only" />}
        </p>
        <p className="meta cut" title={`${cluster.context}\n${cluster.server}\n${cluster.source}`}>
          {cutMiddle(cluster.context, 40)} · {cluster.server}
        </p>
        <p className="cluster-row-state">
          <Shape name={shape} /> {word} <span className="meta">{detail}</span>
          {cluster.weaknesses.map((weakness) => (
            <span key={weakness} className="status status-warning">
              <Shape name="warning" /> {weakness}
            </span>
          ))}
        </p>
      </div>
      <div className="cluster-row-marks">
        <label>
          Production{' '}
          <Toggle
            label={`${cluster.name} is production`}
            on={cluster.production}
            onChange={(production) => mark({ production })}
          />
        </label>
        <label>
          Read-only{' '}
          <Toggle
            label={`${cluster.name} is read-only`}
            on={cluster.readOnly}
            onChange={(readOnly) => mark({ readOnly })}
          />
        </label>
      </div>
      <Button
        size="small"
        onClick={() => {
          if (isUntrusted) {
            selectCluster(cluster.id).catch(() => undefined);
            show('trust');
          } else {
            connectCluster(cluster.id).catch(() => undefined);
          }
        }}
      >
        {isUntrusted ? 'Review' : 'Connect'}
      </Button>
    </section>
  );
}
