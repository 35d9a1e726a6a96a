import type { HandlersFor } from '../../shared/channel.ts';
import type { commandChannels } from '../../shared/commands.ts';
import type { Commands } from './commands.ts';

export function commandHandlers(commands: Commands): HandlersFor<typeof commandChannels> {
  return {
    'commands.run': (input, caller) => commands.run(input, caller),
    'commands.cancel': ({ run }) => commands.cancel(run),
    'commands.complete': (input, caller) => commands.complete(input, caller),
    'commands.history': ({ limit }, caller) => commands.history(limit, caller),
  };
}
