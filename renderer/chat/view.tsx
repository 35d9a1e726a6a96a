import type { ConversationItem } from '../../shared/conversations.ts';
import { Failure } from '../elements/failure.tsx';
import { copyText, useSession } from '../session/store.ts';
import { Composer } from './composer.tsx';
import { Conversations } from './conversations.tsx';
import { Item } from './item.tsx';
import { Welcome } from './welcome.tsx';
import { openConversation, useChat } from './store.ts';
import { useLatestInView } from './use-latest-in-view.ts';

const noItems: readonly ConversationItem[] = [];

/** The conversation, its list at the left and the composer below. */
export function ChatView() {
  const items = useChat((chat) => chat.items.data?.value ?? noItems);
  const failure = useChat((chat) => chat.items.failure);
  const open = useChat((chat) => chat.open);
  const shown = useSession((session) => session.settings.conversationsShown);
  const drawer = useSession((session) => session.drawerOpen);
  const column = useLatestInView(items.length, open);

  return (
    <div className="chat" data-conversations={shown} data-drawer={drawer}>
      <Conversations />
      {drawer && (
        <button
          type="button"
          className="chat-curtain"
          aria-label="Close conversations"
          onClick={() => useSession.setState({ drawerOpen: false })}
        />
      )}
      <main className="chat-main">
        <section className="chat-scroller" aria-label="Conversation" tabIndex={0}>
          <div className="chat-column" ref={column} role="log" aria-live="polite" aria-relevant="additions">
            {failure !== null && (
              <Failure
                failure={failure}
                onCopy={(text) => {
                  copyText(text).catch(() => undefined);
                }}
                {...(open !== null && {
                  onRetry: () => {
                    openConversation(open).catch(() => undefined);
                  },
                })}
              />
            )}
            {items.length === 0 && failure === null && <Welcome />}
            {items.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </div>
        </section>
        <Composer />
      </main>
    </div>
  );
}
