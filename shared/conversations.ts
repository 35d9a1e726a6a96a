import { z } from 'zod';
import { channel } from './channel.ts';
import { CommandResult } from './commands.ts';
import { FailureSchema } from './failure.ts';

export const Conversation = z.object({
  id: z.string(),
  title: z.string(),
  cluster: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Conversation = z.infer<typeof Conversation>;

/** One exchange. A command whose `result` is null was asked but not finished: the app ended first. */
export const ConversationItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    id: z.string(),
    at: z.number(),
    line: z.string(),
    cluster: z.string().nullable(),
    namespace: z.string().nullable(),
    result: CommandResult.nullable(),
  }),
  z.object({
    kind: z.literal('question'),
    id: z.string(),
    at: z.number(),
    text: z.string(),
    cluster: z.string().nullable(),
    failure: FailureSchema.nullable(),
  }),
]);
export type ConversationItem = z.infer<typeof ConversationItem>;

const one = z.object({ conversation: z.string() });

export const conversationChannels = {
  'conversations.list': channel({
    input: z.void(),
    output: z.array(Conversation),
    access: 'user',
    changes: false,
  }),
  'conversations.create': channel({
    input: z.object({ cluster: z.string().nullable() }),
    output: Conversation,
    access: 'user',
    changes: true,
  }),
  'conversations.open': channel({
    input: one,
    output: z.object({ conversation: Conversation, items: z.array(ConversationItem) }),
    access: 'user',
    changes: false,
  }),
  'conversations.rename': channel({
    input: one.extend({ title: z.string().min(1).max(200) }),
    output: Conversation,
    access: 'user',
    changes: true,
  }),
  'conversations.delete': channel({ input: one, output: z.void(), access: 'user', changes: true }),
  /** A question in plain language. Kept; answered by the assistant where there is one. */
  'conversations.ask': channel({
    input: one.extend({ text: z.string().min(1).max(100_000), cluster: z.string().nullable() }),
    output: ConversationItem,
    access: 'user',
    changes: true,
  }),
  /** What is typed and not sent, kept with every pause. `conversation` null: before any is open. */
  'conversations.save-draft': channel({
    input: z.object({ conversation: z.string().nullable(), text: z.string().max(100_000) }),
    output: z.void(),
    access: 'user',
    changes: true,
  }),
  'conversations.draft': channel({
    input: z.object({ conversation: z.string().nullable() }),
    output: z.object({ text: z.string() }),
    access: 'user',
    changes: false,
  }),
};
export const conversationEvents = { 'conversations.changed': z.array(Conversation) };
