import { PanelLeft, Search } from 'lucide-react';
import { openPalette } from './actions/store.ts';
import { ClusterPicker } from './clusters/cluster-picker.tsx';
import { NamespacePicker } from './clusters/namespace-picker.tsx';
import { stateWords } from './clusters/state-words.ts';
import { selectedOf, useClusters } from './clusters/store.ts';
import { IconButton } from './elements/icon-button.tsx';
import { Keys } from './elements/keys.tsx';
import { Shape } from './elements/shape.tsx';
import { toggleConversations, useSession } from './session/store.ts';

/** Where am I, and is it production: answered here in every view. */
export function TopBar() {
  const cluster = useClusters(selectedOf);
  const view = useSession((session) => session.view);
  const isLost = useSession((session) => session.connection === 'lost');
  const state = cluster === null ? null : stateWords(cluster, isLost);
  return (
    <header className="top-bar">
      {view === 'chat' && (
        <IconButton
          className="top-bar-drawer"
          icon={PanelLeft}
          label="Conversations"
          onClick={() => {
            toggleConversations().catch(() => undefined);
          }}
        />
      )}
      <ClusterPicker />
      {cluster !== null && state !== null && (
        <>
          <span className="top-bar-slash" aria-hidden="true">
            /
          </span>
          <NamespacePicker cluster={cluster} />
          <span className="top-bar-state" title={state.detail}>
            <Shape name={state.shape} /> {state.word} <span className="meta cut">{state.detail}</span>
          </span>
          {cluster.weaknesses.map((weakness) => (
            <span key={weakness} className="top-bar-weakness">
              <Shape name="warning" /> {weakness}
            </span>
          ))}
        </>
      )}
      <span className="top-bar-space" />
      <button type="button" className="top-bar-search" aria-label="Search or run an action" onClick={openPalette}>
        <Search size={14} aria-hidden="true" />
        <span>Search or run an action</span>
        <Keys keys="Ctrl K" />
      </button>
    </header>
  );
}
