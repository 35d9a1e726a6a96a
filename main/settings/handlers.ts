import type { HandlersFor } from '../../shared/channel.ts';
import type { settingChannels } from '../../shared/settings.ts';
import { signedIn } from '../caller.ts';
import type { Settings } from './settings.ts';

export function settingHandlers(settings: Settings): HandlersFor<typeof settingChannels> {
  return {
    'settings.get': (_, caller) => settings.get(signedIn(caller)),
    'settings.set': (change, caller) => settings.set(signedIn(caller), change),
    'settings.host': (_, caller) => settings.host(caller),
  };
}
