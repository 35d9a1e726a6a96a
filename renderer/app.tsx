import { useEffect } from 'react';
import { KeyList } from './actions/key-list.tsx';
import { Palette } from './actions/palette.tsx';
import { listenForShortcuts } from './actions/shortcuts.ts';
import { useActions } from './actions/store.ts';
import { ChangesView } from './changes/view.tsx';
import { ChatView } from './chat/view.tsx';
import { selectedOf, useClusters } from './clusters/store.ts';
import { NoCluster } from './clusters/no-cluster.tsx';
import { TrustView } from './clusters/trust.tsx';
import { Rail } from './rail.tsx';
import { SelfCheckView } from './self-check/view.tsx';
import { Ended } from './session/ended.tsx';
import { Lost } from './session/lost.tsx';
import { useSession, type View } from './session/store.ts';
import { SettingsView } from './settings/view.tsx';
import { TopBar } from './top-bar.tsx';

/** The window: stripe, rail, top bar and the view. */
export function App() {
  const connection = useSession((session) => session.connection);
  const view = useSession((session) => session.view);
  const toast = useSession((session) => session.toast);
  const shown = useActions((state) => state.shown);
  const stripe = useClusters((state) => {
    const cluster = selectedOf(state);
    if (cluster === null) return 'none';
    return cluster.production ? 'production' : cluster.demo ? 'demo' : 'none';
  });
  useEffect(listenForShortcuts, []);
  if (connection === 'ended') return <Ended />;
  return (
    <div className="window" data-stripe={stripe}>
      <Rail />
      <div className="window-main">
        <TopBar />
        {connection === 'lost' ? <Lost /> : <NoCluster />}
        <div className="window-view">
          <CurrentView view={view} />
        </div>
      </div>
      <div className="toast" role="status">
        {toast}
      </div>
      {shown === 'palette' && <Palette />}
      {shown === 'keys' && <KeyList />}
    </div>
  );
}

function CurrentView({ view }: { view: View }) {
  switch (view) {
    case 'chat':
      return <ChatView />;
    case 'changes':
      return <ChangesView />;
    case 'settings':
      return <SettingsView />;
    case 'self-check':
      return (
        <SettingsView>
          <SelfCheckView />
        </SettingsView>
      );
    case 'trust':
      return <TrustView />;
    default:
      return view satisfies never;
  }
}
