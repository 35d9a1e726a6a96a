import type { HandlersFor } from '../../shared/channel.ts';
import type { selfCheckChannels } from '../../shared/self-check.ts';
import type { SelfChecks } from './self-check.ts';

export function selfCheckHandlers(checks: SelfChecks): HandlersFor<typeof selfCheckChannels> {
  return { 'self-check.run': ({ cluster }, caller) => checks.run(cluster, caller) };
}
