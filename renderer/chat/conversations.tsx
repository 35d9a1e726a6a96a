import { Plus, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Conversation } from '../../shared/conversations.ts';
import { allOf, useClusters } from '../clusters/store.ts';
import { Square } from '../clusters/square.tsx';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { clock, dayName } from '../elements/time.ts';
import { useSession } from '../session/store.ts';
import { deleteConversation, dismissDeletionFailure, undoDeletion } from './deletions.ts';
import { openConversation, renameConversation, startConversation, useChat } from './store.ts';

/** The conversations, newest first, by day. F2 renames, Delete deletes the focused one. */
export function Conversations() {
  const remote = useChat((chat) => chat.conversations);
  const [finding, setFinding] = useState<string | null>(null);
  const waiting = useChat((chat) => chat.deletions.waiting);
  const all = (remote.data?.value ?? [])
    .filter(({ id }) => !waiting.some(({ conversation }) => conversation.id === id))
    .sort((one, other) => other.updatedAt - one.updatedAt);
  const words = (finding ?? '').toLowerCase();
  const shown = all.filter((conversation) => conversation.title.toLowerCase().includes(words));
  const now = Date.now();
  return (
    <aside className="conversations" aria-label="Conversations">
      <div className="pane-head">
        <h2>Conversations</h2>
        <IconButton
          icon={Search}
          label="Find a conversation"
          aria-pressed={finding !== null}
          onClick={() => setFinding(finding === null ? '' : null)}
        />
        <IconButton
          icon={Plus}
          label="New conversation"
          onClick={() => {
            startConversation().catch(() => undefined);
          }}
        />
      </div>
      {finding !== null && (
        <input
          className="input conversations-find"
          aria-label="Find by title"
          placeholder="Find by title"
          value={finding}
          autoFocus
          onChange={(event) => setFinding(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setFinding(null);
          }}
        />
      )}
      {all.length === 0 && (
        <p className="conversations-none">None yet. Each question or command begins one; they stay on this machine.</p>
      )}
      {finding !== null && all.length > 0 && shown.length === 0 && (
        <p className="conversations-none">No title holds “{finding}”.</p>
      )}
      <ul className="conversations-list">
        {shown.map((conversation, index) => {
          const day = dayName(conversation.updatedAt, now);
          const before = shown[index - 1];
          const isFirstOfDay = before === undefined || dayName(before.updatedAt, now) !== day;
          return (
            <li key={conversation.id}>
              {isFirstOfDay && <h3 className="conversations-day">{day}</h3>}
              <Entry conversation={conversation} />
            </li>
          );
        })}
      </ul>
      <Deleted />
    </aside>
  );
}

/** What was just deleted, each to be taken back, and why a deletion failed. */
function Deleted() {
  const { waiting, failure } = useChat((chat) => chat.deletions);
  return (
    <div className="conversations-deleted" role="status">
      {failure !== null && (
        <Failure failure={failure}>
          <Button look="quiet" onClick={dismissDeletionFailure}>
            Close
          </Button>
        </Failure>
      )}
      {waiting.map(({ conversation }) => (
        <p key={conversation.id} className="conversation-deleted">
          <span className="cut" title={conversation.title}>
            Deleted. {conversation.title}
          </span>
          <Button
            size="small"
            aria-label={`Undo deleting ${conversation.title}`}
            onClick={() => {
              undoDeletion(conversation.id).catch(() => undefined);
            }}
          >
            Undo
          </Button>
        </p>
      ))}
    </div>
  );
}

function Entry({ conversation }: { conversation: Conversation }) {
  const open = useChat((chat) => chat.open === conversation.id);
  const cluster = useClusters((state) => allOf(state).find((other) => other.id === conversation.cluster));
  const [title, setTitle] = useState<string | null>(null);
  const rename = () => {
    const next = (title ?? '').trim();
    setTitle(null);
    if (next !== '' && next !== conversation.title) renameConversation(conversation.id, next).catch(() => undefined);
  };
  const remove = () => {
    deleteConversation(conversation).catch(() => undefined);
  };
  if (title !== null) {
    return (
      <input
        className="input conversation-rename"
        aria-label="Title"
        value={title}
        autoFocus
        onChange={(event) => setTitle(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === 'Enter') rename();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setTitle(null);
        }}
      />
    );
  }
  return (
    <div className="conversation" data-open={open}>
      <button
        type="button"
        className="conversation-open"
        aria-current={open ? 'true' : undefined}
        title={`${conversation.title}\nF2 renames, Delete deletes`}
        onClick={() => {
          useSession.setState({ drawerOpen: false });
          openConversation(conversation.id).catch(() => undefined);
        }}
        onDoubleClick={() => setTitle(conversation.title)}
        onKeyDown={(event) => {
          if (event.key === 'F2') setTitle(conversation.title);
          if (event.key === 'Delete') remove();
        }}
      >
        <span className="conversation-title cut">{conversation.title}</span>
        <span className="conversation-meta">
          {cluster !== undefined && <Square cluster={cluster} size="dot" />}
          <span className="cut">{cluster?.name ?? 'no cluster'}</span>
          <span className="conversation-time">{clock(conversation.updatedAt)}</span>
        </span>
      </button>
      <IconButton
        className="conversation-delete"
        icon={Trash2}
        label={`Delete ${conversation.title}`}
        onClick={remove}
      />
    </div>
  );
}
