import { z } from 'zod';
import { channel } from './channel.ts';
import { FailureSchema } from './failure.ts';

/** The program that a server of the person's own would run. `id` is a digest of exactly what is consented to. */
export const ProgramQuestion = z.object({
  id: z.string(),
  /** One sentence: what would happen. */
  text: z.string(),
  /** Exact values, in order: command, resolved path, each argument, file hash. Never a secret. */
  details: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type ProgramQuestion = z.infer<typeof ProgramQuestion>;

/** An MCP server of the person's own. No gate stands in front of it: everything it does is marked unguarded. */
export const ExternalServer = z.object({
  id: z.string(),
  name: z.string(),
  transport: z.discriminatedUnion('kind', [
    /** Tried in order; the first that answers serves. */
    z.object({ kind: z.literal('http'), urls: z.array(z.url()).min(1).max(8), headerNames: z.array(z.string()) }),
    z.object({ kind: z.literal('stdio'), command: z.string(), arguments: z.array(z.string()) }),
  ]),
  unguarded: z.literal(true),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('untried') }),
    /** Its program was not run: exactly this one was not allowed yet. */
    z.object({ kind: z.literal('untrusted'), question: ProgramQuestion }),
    z.object({ kind: z.literal('connected'), tools: z.int(), name: z.string(), version: z.string(), at: z.number() }),
    z.object({ kind: z.literal('failed'), failure: FailureSchema, at: z.number() }),
  ]),
});
export type ExternalServer = z.infer<typeof ExternalServer>;

export const mcpChannels = {
  'mcp.servers': channel({ input: z.void(), output: z.array(ExternalServer), access: 'user', changes: false }),
  'mcp.add': channel({
    input: z.object({
      name: z.string().min(1).max(80),
      transport: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('http'),
          urls: z.array(z.url()).min(1).max(8),
          /** Held in memory only until there is a vault. */
          headers: z.record(z.string(), z.string()),
        }),
        z.object({ kind: z.literal('stdio'), command: z.string().min(1), arguments: z.array(z.string()) }),
      ]),
    }),
    output: ExternalServer,
    access: 'user',
    changes: true,
  }),
  'mcp.remove': channel({ input: z.object({ id: z.string() }), output: z.void(), access: 'user', changes: true }),
  /** `allow` consents to the program of exactly this question; one that is not asked (any more) is asked anew. */
  'mcp.connect': channel({
    input: z.object({ id: z.string(), allow: z.string().optional() }),
    output: ExternalServer,
    access: 'user',
    changes: true,
  }),
};
