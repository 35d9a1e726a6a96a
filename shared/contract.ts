import type { z } from 'zod';
import { changeChannels, changeEvents } from './changes.ts';
import type { HandlersFor } from './channel.ts';
import { clusterChannels, clusterEvents } from './clusters.ts';
import { commandChannels, commandEvents } from './commands.ts';
import { conversationChannels, conversationEvents } from './conversations.ts';
import { mcpChannels } from './mcp.ts';
import { selfCheckChannels } from './self-check.ts';
import { settingChannels, settingEvents } from './settings.ts';

/** Everything the renderer can ask. */
export const channels = {
  ...settingChannels,
  ...clusterChannels,
  ...commandChannels,
  ...changeChannels,
  ...conversationChannels,
  ...mcpChannels,
  ...selfCheckChannels,
};
/** Everything the application can announce. */
export const events = {
  ...settingEvents,
  ...clusterEvents,
  ...commandEvents,
  ...changeEvents,
  ...conversationEvents,
};

export type ChannelName = keyof typeof channels;
export type EventName = keyof typeof events;
export type Input<C extends ChannelName> = z.input<(typeof channels)[C]['input']>;
export type Output<C extends ChannelName> = z.output<(typeof channels)[C]['output']>;
export type EventOf<E extends EventName> = z.output<(typeof events)[E]>;
export type Handlers = HandlersFor<typeof channels>;
/** The one mouth: to every client, or to one. */
export type Publish = <E extends EventName>(name: E, payload: EventOf<E>, client?: string) => void;
