import type { HandlersFor } from '../../shared/channel.ts';
import type { conversationChannels } from '../../shared/conversations.ts';
import { signedIn } from '../caller.ts';
import type { Conversations } from './conversations.ts';

export function conversationHandlers(conversations: Conversations): HandlersFor<typeof conversationChannels> {
  return {
    'conversations.list': (_, caller) => conversations.list(signedIn(caller)),
    'conversations.create': ({ cluster }, caller) => conversations.create(signedIn(caller), cluster),
    'conversations.open': ({ conversation }, caller) => conversations.open(signedIn(caller), conversation),
    'conversations.rename': ({ conversation, title }, caller) =>
      conversations.rename(signedIn(caller), conversation, title),
    'conversations.delete': ({ conversation }, caller) => conversations.delete(signedIn(caller), conversation),
    'conversations.ask': ({ conversation, text, cluster }, caller) =>
      conversations.ask(signedIn(caller), conversation, text, cluster),
    'conversations.save-draft': ({ conversation, text }, caller) =>
      conversations.saveDraft(signedIn(caller), conversation, text),
    'conversations.draft': ({ conversation }, caller) => conversations.draft(signedIn(caller), conversation),
  };
}
