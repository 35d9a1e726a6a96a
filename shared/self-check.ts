import { z } from 'zod';
import { channel } from './channel.ts';

/** One hop of the way from the app to a cluster. Later hops than the first that failed are 'not-tried'. */
export const Hop = z.object({
  name: z.enum(['process', 'port', 'endpoint', 'protocol', 'gate', 'api-server', 'credentials', 'rights']),
  outcome: z.enum(['ok', 'failed', 'not-tried']),
  /** What was seen: 'answered 401 in 12 ms'. */
  evidence: z.string(),
  remedy: z.string().nullable(),
  ms: z.number().nullable(),
});
export type Hop = z.infer<typeof Hop>;

export const SelfCheck = z.object({
  at: z.number(),
  versions: z.array(z.object({ part: z.string(), version: z.string(), detail: z.string() })),
  clusters: z.array(
    z.object({
      cluster: z.string(),
      name: z.string(),
      /** Null where the cluster did not answer. */
      version: z.string().nullable(),
      hops: z.array(Hop),
    }),
  ),
});
export type SelfCheck = z.infer<typeof SelfCheck>;

export const selfCheckChannels = {
  /** One cluster, or all; at most a few seconds each, in parallel. */
  'self-check.run': channel({
    input: z.object({ cluster: z.string().nullable() }),
    output: SelfCheck,
    access: 'user',
    changes: false,
  }),
};
