import type { HandlersFor } from '../../shared/channel.ts';
import type { mcpChannels } from '../../shared/mcp.ts';
import { signedIn } from '../caller.ts';
import type { ExternalServers } from './external.ts';

export function mcpHandlers(servers: ExternalServers): HandlersFor<typeof mcpChannels> {
  return {
    'mcp.servers': (_, caller) => servers.list(signedIn(caller)),
    'mcp.add': (server, caller) => servers.add(signedIn(caller), server),
    'mcp.remove': ({ id }, caller) => servers.remove(signedIn(caller), id),
    'mcp.connect': ({ id, allow }, caller) => servers.connect(signedIn(caller), id, allow),
  };
}
