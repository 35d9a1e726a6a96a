import { Picker } from '../elements/picker.tsx';
import { Shape } from '../elements/shape.tsx';
import { Tag } from '../elements/tag.tsx';
import { show, useSession } from '../session/store.ts';
import { Square } from './square.tsx';
import { stateWords } from './state-words.ts';
import { allOf, problemsOf, selectCluster, selectedOf, useClusters } from './store.ts';

/** Which cluster is in use; choosing one that needs consent opens its questions. */
export function ClusterPicker() {
  const clusters = useClusters(allOf);
  const selected = useClusters(selectedOf);
  const problems = useClusters(problemsOf);
  const isLost = useSession((session) => session.connection === 'lost');
  return (
    <Picker
      label="Cluster"
      find="Find by name, context or server"
      value={selected?.id ?? null}
      choices={clusters.map((cluster) => {
        const { shape, word } = stateWords(cluster, isLost);
        return {
          value: cluster.id,
          label: cluster.name,
          keywords: [cluster.context, cluster.server, cluster.group ?? ''],
          content: (
            <>
              <Square cluster={cluster} size="dot" />
              <span className="cut">{cluster.name}</span>
              {cluster.production && <Tag kind="production" />}
              {cluster.demo && <Tag kind="demo" />}
              {cluster.readOnly && <Tag kind="read-only" />}
              <span className="picker-detail meta">
                <Shape name={shape} size={10} /> {word}
              </span>
            </>
          ),
        };
      })}
      onChoose={(id) => {
        const chosen = clusters.find((cluster) => cluster.id === id);
        if (chosen?.state.kind === 'untrusted') show('trust');
        selectCluster(id).catch(() => undefined);
      }}
      foot={problems.map(({ source, failure }) => (
        <p key={source} className="picker-foot picker-problem">
          <Shape name="warning" />
          <span>
            {failure.message} {failure.remedy}
          </span>
        </p>
      ))}
    >
      {selected === null ? (
        <span className="meta">No cluster</span>
      ) : (
        <>
          <Square cluster={selected} size="small" />
          <strong className="cut">{selected.name}</strong>
          {selected.production && <Tag kind="production" />}
          {selected.demo && <Tag kind="demo" />}
          {selected.readOnly && <Tag kind="read-only" />}
        </>
      )}
    </Picker>
  );
}
