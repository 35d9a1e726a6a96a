import type { Cluster } from '../../shared/clusters.ts';
import { Picker } from '../elements/picker.tsx';
import { namespaceWords } from './namespace-words.ts';
import { loadNamespaces, useClusters, chooseNamespace } from './store.ts';

interface Props {
  readonly cluster: Cluster;
}

/** The namespace in use. One that may not be listed can be typed. */
export function NamespacePicker({ cluster }: Props) {
  const remote = useClusters((state) => state.namespaces[cluster.id]);
  const known = remote?.data?.value.namespaces ?? [];
  const names = known.includes(cluster.namespace) ? known : [cluster.namespace, ...known];
  return (
    <Picker
      label="Namespace"
      find="Find or type a name"
      value={cluster.namespace}
      choices={names.map((name) => ({ value: name, label: name }))}
      onOpen={() => {
        loadNamespaces(cluster.id).catch(() => undefined);
      }}
      onChoose={(namespace) => {
        chooseNamespace(cluster.id, namespace).catch(() => undefined);
      }}
      own={(typed) => `Use ${typed}`}
      foot={
        <p className="picker-foot meta" role="status">
          {remote !== undefined && namespaceWords(remote, Date.now())}
        </p>
      }
    >
      <span className="top-bar-word">namespace</span>
      <strong className="cut">{cluster.namespace}</strong>
    </Picker>
  );
}
