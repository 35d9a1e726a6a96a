import { ScrollText, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { JournalEntry } from '../../shared/changes.ts';
import { Square } from '../clusters/square.tsx';
import { allOf, useClusters } from '../clusters/store.ts';
import { Badge } from '../elements/badge.tsx';
import { Button } from '../elements/button.tsx';
import { Empty } from '../elements/empty.tsx';
import { Failure } from '../elements/failure.tsx';
import { Shape, type ShapeName } from '../elements/shape.tsx';
import { clock, clockSeconds, dayName } from '../elements/time.ts';
import { shortDigest } from './approval.ts';
import { ObjectDiff } from './object-diff.tsx';
import { loadJournal, undoChange, useChanges } from './store.ts';

const none: readonly JournalEntry[] = [];

/** Every write that passed, newest first; an entry opens in place. Ctrl Z undoes the focused one, through a card. */
export function JournalList() {
  const journal = useChanges((state) => state.journal);
  const [words, setWords] = useState('');
  const [open, setOpen] = useState<number | null>(null);
  const { entries, total, chain } = journal.data?.value ?? { entries: none, total: 0, chain: null };
  const shown = entries.filter((entry) => textOf(entry).includes(words.toLowerCase()));
  const now = Date.now();
  return (
    <aside className="journal" aria-label="Journal">
      <div className="pane-head">
        <h2>Journal</h2>
        <span className="meta">
          {String(total)} {total === 1 ? 'entry' : 'entries'}
        </span>
        {chain !== null && total > 0 && (
          <span className="journal-chain">
            <Badge kind={chain === 'intact' ? 'healthy' : 'critical'}>chain {chain}</Badge>
          </span>
        )}
      </div>
      <input
        className="input journal-find"
        aria-label="Object, person, cluster"
        placeholder="Object, person, cluster"
        data-filter
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {journal.failure !== null && (
        <Failure
          failure={journal.failure}
          onRetry={() => {
            loadJournal().catch(() => undefined);
          }}
        />
      )}
      {journal.data !== null && total === 0 && (
        <Empty
          icon={ScrollText}
          title="No change has run yet"
          text="Each approved change is kept here with its before and after."
        />
      )}
      {words !== '' && entries.length > 0 && shown.length === 0 && (
        <p className="journal-none">No entry holds “{words}”.</p>
      )}
      <ol className="journal-list">
        {shown.map((entry, index) => {
          const day = dayName(entry.at, now);
          const before = shown[index - 1];
          return (
            <li key={entry.seq}>
              {(before === undefined || dayName(before.at, now) !== day) && <h3 className="journal-day">{day}</h3>}
              <Entry
                entry={entry}
                open={open === entry.seq}
                onToggle={() => setOpen(open === entry.seq ? null : entry.seq)}
              />
            </li>
          );
        })}
      </ol>
      {entries.length < total && (
        <Button
          className="journal-more"
          onClick={() => {
            loadJournal(true).catch(() => undefined);
          }}
        >
          Load more
        </Button>
      )}
    </aside>
  );
}

function textOf(entry: JournalEntry): string {
  const objects = entry.objects.map(({ object }) => `${object.kind} ${object.namespace ?? ''} ${object.name}`);
  return [entry.title, entry.clusterName, entry.account, entry.origin, ...objects].join('\n').toLowerCase();
}

const outcomes: Record<JournalEntry['outcome'], { shape: ShapeName; word: string }> = {
  verified: { shape: 'healthy', word: 'Verified' },
  unverified: { shape: 'warning', word: 'Not verified' },
  failed: { shape: 'critical', word: 'Failed' },
  running: { shape: 'pending', word: 'Running' },
};

function Entry({ entry, open, onToggle }: { entry: JournalEntry; open: boolean; onToggle: () => void }) {
  const cluster = useClusters((state) => allOf(state).find((other) => other.id === entry.cluster));
  const refused = useChanges((state) => state.refused[`journal-${String(entry.seq)}`]);
  const { shape, word } = outcomes[entry.outcome];
  const undo = () => {
    undoChange(entry).catch(() => undefined);
  };
  return (
    <div
      className="journal-entry"
      data-open={open}
      onKeyDown={(event) => {
        if (event.key === 'z' && (event.ctrlKey || event.metaKey) && entry.undo.possible) {
          event.preventDefault();
          undo();
        }
      }}
    >
      <div className="journal-row">
        <button type="button" className="journal-open" aria-expanded={open} onClick={onToggle}>
          <time className="meta">{clock(entry.at)}</time>
          <span className="journal-what">
            <span className="cut">{entry.title}</span>
            <span className="meta cut">
              {cluster !== undefined && <Square cluster={cluster} size="dot" />} {entry.clusterName} · {entry.account},{' '}
              {entry.origin}
            </span>
          </span>
        </button>
        <span className="journal-outcome">
          <span className={`status status-${shape}`}>
            <Shape name={shape} /> {word}
          </span>
          {entry.undo.possible ? (
            <button type="button" className="link journal-undo" onClick={undo} aria-label={`Undo ${entry.title}`}>
              <Undo2 size={12} aria-hidden="true" /> Undo
            </button>
          ) : (
            <span className="meta" title={entry.undo.text}>
              no undo
            </span>
          )}
        </span>
      </div>
      {refused !== undefined && <Failure failure={refused} />}
      {open && (
        <div className="journal-more-of">
          {entry.objects.map((changed) => (
            <ObjectDiff key={`${changed.object.kind}/${changed.object.name}`} changed={changed} />
          ))}
          <dl className="facts">
            <dt>Ran</dt>
            <dd>{clockSeconds(entry.at)}</dd>
            <dt>Outcome</dt>
            <dd>{entry.text}</dd>
            <dt>Undo</dt>
            <dd>{entry.undo.text}</dd>
            <dt>Digest</dt>
            <dd className="mono" title={entry.digest}>
              {shortDigest(entry.digest)}
            </dd>
          </dl>
        </div>
      )}
    </div>
  );
}
