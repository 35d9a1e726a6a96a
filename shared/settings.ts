import { z } from 'zod';
import { channel } from './channel.ts';

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Conversations pane shown. */
  conversationsShown: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

/** What the host can do; what it cannot is not drawn. */
export const HostInfo = z.object({
  kind: z.enum(['browser', 'electron', 'run']),
  version: z.string(),
  platform: z.string(),
  dataDir: z.string(),
  /** The app was started with --demo. */
  demo: z.boolean(),
  account: z.object({ id: z.string(), name: z.string(), role: z.enum(['user', 'admin']) }).nullable(),
});
export type HostInfo = z.infer<typeof HostInfo>;

export const settingChannels = {
  'settings.get': channel({ input: z.void(), output: Settings, access: 'user', changes: false }),
  'settings.set': channel({ input: Settings.partial(), output: Settings, access: 'user', changes: true }),
  'settings.host': channel({ input: z.void(), output: HostInfo, access: 'anyone', changes: false }),
};
export const settingEvents = { 'settings.changed': Settings };
