import type { Hop } from '../../shared/self-check.ts';

/** The hops as they are said on screen. */
export const hopNames: Record<Hop['name'], string> = {
  process: 'Process',
  port: 'Port',
  endpoint: 'Endpoint',
  protocol: 'Protocol',
  gate: 'Gate',
  'api-server': 'API server',
  credentials: 'Credentials',
  rights: 'Rights (RBAC)',
};
