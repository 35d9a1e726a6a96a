import { z } from 'zod';
import { channel } from './channel.ts';
import { ObjectRef } from './commands.ts';
import { FailureSchema } from './failure.ts';

export const ChangedObject = z.object({
  object: ObjectRef,
  action: z.enum(['create', 'update', 'delete', 'act']),
  /** YAML without managedFields, status and generation; Secrets masked. Null: the object is not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Why there is no preview of it, where there is none. */
  notPreviewed: z.string().nullable(),
});
export type ChangedObject = z.infer<typeof ChangedObject>;

export const Effect = z.object({
  kind: z.enum(['pods', 'service', 'budget', 'autoscaler', 'owner', 'unknown']),
  severity: z.enum(['note', 'warning', 'critical']),
  text: z.string(),
});
export type Effect = z.infer<typeof Effect>;

export const ChangeState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('previewed') }),
  z.object({ kind: z.literal('running'), since: z.number() }),
  z.object({ kind: z.literal('verifying'), since: z.number(), seen: z.string() }),
  z.object({ kind: z.literal('verified'), at: z.number(), text: z.string() }),
  /** It ran, but the effect did not come in time. */
  z.object({ kind: z.literal('unverified'), at: z.number(), text: z.string() }),
  z.object({ kind: z.literal('failed'), at: z.number(), failure: FailureSchema, written: z.int() }),
  z.object({ kind: z.literal('cancelled'), at: z.number() }),
  /** Can no longer be approved: time is up, or cluster, account or object moved. */
  z.object({ kind: z.literal('void'), at: z.number(), because: z.string() }),
]);
export type ChangeState = z.infer<typeof ChangeState>;

export const Change = z.object({
  id: z.string(),
  title: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  production: z.boolean(),
  namespace: z.string().nullable(),
  origin: z.object({ kind: z.enum(['command', 'assistant', 'editor', 'recommendation', 'undo']), text: z.string() }),
  previewedAt: z.number(),
  expiresAt: z.number(),
  objects: z.array(ChangedObject),
  effects: z.array(Effect),
  /** The server's Warning headers. */
  warnings: z.array(z.string()),
  /** What a dry run cannot know about these writes. */
  limits: z.array(z.string()),
  undo: z.object({ possible: z.boolean(), text: z.string() }),
  /** Of cluster identity and every write as previewed; an approval names it. */
  digest: z.string(),
  /** `PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale`, in order. */
  writes: z.array(z.string()),
  /** On production: the name that has to be typed. */
  typeToApprove: z.string().nullable(),
  state: ChangeState,
});
export type Change = z.infer<typeof Change>;

export const JournalEntry = z.object({
  seq: z.int(),
  at: z.number(),
  change: z.string(),
  title: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string().nullable(),
  account: z.string(),
  origin: z.string(),
  digest: z.string(),
  objects: z.array(ChangedObject),
  outcome: z.enum(['verified', 'unverified', 'failed', 'running']),
  text: z.string(),
  undo: z.object({ possible: z.boolean(), text: z.string() }),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

const ofChange = z.object({ change: z.string() });

export const changeChannels = {
  'changes.get': channel({ input: ofChange, output: Change, access: 'user', changes: false }),
  'changes.pending': channel({ input: z.void(), output: z.array(Change), access: 'user', changes: false }),
  /** Only a gesture in our window calls this. */
  'changes.approve': channel({
    input: ofChange.extend({ digest: z.string(), typedName: z.string().nullable() }),
    output: Change,
    access: 'user',
    changes: true,
  }),
  'changes.cancel': channel({ input: ofChange, output: Change, access: 'user', changes: true }),
  'changes.preview-again': channel({ input: ofChange, output: Change, access: 'user', changes: true }),
  'changes.journal': channel({
    input: z.object({ before: z.int().nullable(), limit: z.int().positive().max(500) }),
    output: z.object({ entries: z.array(JournalEntry), total: z.int(), chain: z.enum(['intact', 'broken']) }),
    access: 'user',
    changes: false,
  }),
  /** Builds the inverse of a journalled change; it waits for approval like any other. */
  'changes.undo': channel({ input: z.object({ seq: z.int() }), output: Change, access: 'user', changes: true }),
};
export const changeEvents = { 'changes.changed': Change };
