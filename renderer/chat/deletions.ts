import type { Conversation } from '../../shared/conversations.ts';
import { failureOf, request } from '../api.ts';
import { openConversation, startConversation, useChat, type Deletion, type Deletions } from './store.ts';

/*
 * Conversations that a person deleted and may still take back.
 *
 * Promises: the request to delete goes out when the time is over, or when the window goes away before; what it failed with is
 * shown, and the conversation is back in the list then.
 * Never: deletes anything that is on screen as kept.
 */

/** How long a deletion can be taken back. */
export const undoMs = 10_000;

const set = (change: (known: Deletions) => Partial<Deletions>): void =>
  useChat.setState(({ deletions }) => ({ deletions: { ...deletions, ...change(deletions) } }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();

function take(conversation: string): Deletion | undefined {
  clearTimeout(timers.get(conversation));
  timers.delete(conversation);
  const { waiting } = useChat.getState().deletions;
  set(() => ({ waiting: waiting.filter((deletion) => deletion.conversation.id !== conversation) }));
  return waiting.find((deletion) => deletion.conversation.id === conversation);
}

/** Takes a conversation out of sight; it is deleted when it was not taken back in time. */
export async function deleteConversation(conversation: Conversation): Promise<void> {
  if (timers.has(conversation.id)) return;
  const wasOpen = useChat.getState().open === conversation.id;
  set(({ waiting }) => ({ waiting: [...waiting, { conversation, wasOpen }], failure: null }));
  timers.set(
    conversation.id,
    setTimeout(() => {
      finish(conversation.id).catch(() => undefined);
    }, undoMs),
  );
  if (wasOpen) await startConversation();
}

export async function undoDeletion(conversation: string): Promise<void> {
  const deletion = take(conversation);
  if (deletion?.wasOpen === true) await openConversation(conversation);
}

export const dismissDeletionFailure = (): void => set(() => ({ failure: null }));

async function finish(conversation: string): Promise<void> {
  try {
    const gone = request('conversations.delete', { conversation });
    timers.delete(conversation);
    await gone;
    useChat.setState(({ conversations }) => ({
      conversations:
        conversations.data === null
          ? conversations
          : {
              ...conversations,
              data: {
                ...conversations.data,
                value: conversations.data.value.filter((other) => other.id !== conversation),
              },
            },
    }));
  } catch (error) {
    set(() => ({ failure: failureOf(error) }));
  }
  take(conversation);
}

/** Sends what still waits when the window goes away. */
export function followDeletions(): void {
  window.addEventListener('pagehide', () => {
    for (const { conversation } of useChat.getState().deletions.waiting) finish(conversation.id).catch(() => undefined);
  });
}
