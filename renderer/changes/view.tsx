import { GitPullRequestArrow } from 'lucide-react';
import { useEffect } from 'react';
import type { Change } from '../../shared/changes.ts';
import { Square } from '../clusters/square.tsx';
import { allOf, useClusters } from '../clusters/store.ts';
import { Empty } from '../elements/empty.tsx';
import { clockSeconds } from '../elements/time.ts';
import { ChangeCard } from './card.tsx';
import { JournalList } from './journal.tsx';
import { chooseChange, currentOf, loadJournal, pendingOf, useChanges } from './store.ts';

/** What waits for approval, and the journal of what passed. */
export function ChangesView() {
  const known = useChanges((state) => state.known);
  const replaced = useChanges((state) => state.replaced);
  const chosen = useChanges((state) => state.chosen);
  const pending = pendingOf({ known });
  const shown = chosen === null ? (pending[0]?.id ?? null) : currentOf({ replaced }, chosen);
  useEffect(() => {
    chooseChange(null);
    loadJournal().catch(() => undefined);
  }, []);
  return (
    <main className="changes">
      <div className="changes-cards">
        {pending.some((change) => change.id !== shown) && (
          <ul className="changes-pending" aria-label="Waiting for approval">
            {pending.map((change) => (
              <li key={change.id}>
                <Waiting change={change} current={change.id === shown} />
              </li>
            ))}
          </ul>
        )}
        {shown === null ? (
          <Empty
            icon={GitPullRequestArrow}
            title="No change waits for approval"
            text="A command that changes a cluster, like kubectl scale or kubectl delete, shows its card here and in its conversation first."
          />
        ) : (
          <ChangeCard id={shown} />
        )}
      </div>
      <JournalList />
    </main>
  );
}

function Waiting({ change, current }: { change: Change; current: boolean }) {
  const cluster = useClusters((state) => allOf(state).find((other) => other.id === change.cluster));
  return (
    <button
      type="button"
      className="changes-waiting"
      aria-current={current ? 'true' : undefined}
      onClick={() => chooseChange(change.id)}
    >
      {cluster !== undefined && <Square cluster={cluster} size="dot" />}
      <span className="cut">{change.title}</span>
      <span className="meta">{clockSeconds(change.previewedAt)}</span>
    </button>
  );
}
