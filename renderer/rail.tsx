import { GitPullRequestArrow, MessageSquare, SlidersHorizontal, type LucideIcon } from 'lucide-react';
import { pendingOf, useChanges } from './changes/store.ts';
import { RailCluster } from './clusters/rail-cluster.tsx';
import { allOf, selectCluster, useClusters } from './clusters/store.ts';
import { show, useSession, type View } from './session/store.ts';

/** Clusters above, views below. Only views that exist are drawn. */
export function Rail() {
  const clusters = useClusters(allOf);
  const selected = useClusters((state) => state.list.data?.value.selected ?? null);
  const waiting = useChanges((state) => pendingOf(state).length);
  return (
    <nav className="rail" aria-label="Clusters and views">
      <div className="rail-clusters">
        {clusters.map((cluster) => (
          <RailCluster
            key={cluster.id}
            cluster={cluster}
            current={cluster.id === selected}
            onChoose={() => {
              if (cluster.state.kind === 'untrusted') show('trust');
              selectCluster(cluster.id).catch(() => undefined);
            }}
          />
        ))}
      </div>
      {clusters.length > 0 && <hr className="rail-rule" />}
      <RailView view="chat" label="Chat" icon={MessageSquare} />
      <RailView view="changes" label="Changes" icon={GitPullRequestArrow} waiting={waiting} />
      <div className="rail-space" />
      <RailView view="settings" label="Settings" icon={SlidersHorizontal} />
    </nav>
  );
}

function RailView({
  view,
  label,
  icon: Icon,
  waiting = 0,
}: {
  view: View;
  label: string;
  icon: LucideIcon;
  waiting?: number;
}) {
  const current = useSession(
    (session) => session.view === view || (view === 'settings' && session.view === 'self-check'),
  );
  return (
    <button
      type="button"
      className="rail-view"
      aria-current={current ? 'page' : undefined}
      aria-label={waiting > 0 ? `${label}, ${String(waiting)} waiting for approval` : label}
      onClick={() => show(view)}
    >
      <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
      {label}
      {waiting > 0 && <span className="rail-count">{waiting}</span>}
    </button>
  );
}
