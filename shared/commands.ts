import { z } from 'zod';
import { channel } from './channel.ts';
import { FailureSchema } from './failure.ts';

/** An object in a cluster, as far as a row or a card has to name it. */
export const ObjectRef = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof Cell>;

export const Column = z.object({
  /** As kubectl heads it: upper case. */
  name: z.string(),
  /** 'age' cells hold text, and `Row.createdAt` the instant. */
  type: z.enum(['string', 'integer', 'number', 'boolean', 'age']),
  /** 0 shows by default; more only with `-o wide`. */
  priority: z.int(),
  description: z.string(),
});
export type Column = z.infer<typeof Column>;

export const Row = z.object({
  cells: z.array(Cell),
  object: ObjectRef.nullable(),
  /** Epoch ms, where the server said it. */
  createdAt: z.number().nullable(),
});
export type Row = z.infer<typeof Row>;

export const Table = z.object({
  /** Plural resource with group: `deployments.apps`, or '' where the rows are no resources. */
  resource: z.string(),
  columns: z.array(Column),
  rows: z.array(Row),
  /** The command asked for this order (`--sort-by`): a view shows it before any of its own. */
  sorted: z.boolean(),
});
export type Table = z.infer<typeof Table>;

export const LogLine = z.object({
  /** Epoch ms; null where the way to the cluster does not say. */
  at: z.number().nullable(),
  /** `pod/container`, where several are merged. */
  from: z.string().nullable(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const ResultBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tables'), tables: z.array(Table) }),
  z.object({
    kind: z.literal('document'),
    language: z.enum(['yaml', 'json']),
    text: z.string(),
    object: ObjectRef.nullable(),
  }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('logs'), lines: z.array(LogLine), truncated: z.boolean() }),
  /** The command asks for a change: its card is in `changes.get`. */
  z.object({ kind: z.literal('change'), change: z.string() }),
  z.object({ kind: z.literal('nothing') }),
]);
export type ResultBody = z.infer<typeof ResultBody>;

/** Which way a result came. `local`: nothing was asked of the cluster. */
export const Route = z.object({
  way: z.enum(['mcp', 'direct', 'local']),
  /**
   * MCP tool names, or `GET /api/v1/pods`-like requests; at most a few. The first is the one that brought the body; those
   * that only led to it (a deployment's pods, a table's columns) stand behind it.
   */
  steps: z.array(z.string()),
  ms: z.number(),
  /** The server left something out, and what: 'only namespace shop was read'. */
  narrowed: z.string().nullable(),
});
export type Route = z.infer<typeof Route>;

export const CommandResult = z.object({
  run: z.uuid(),
  line: z.string(),
  cluster: z.string().nullable(),
  namespace: z.string().nullable(),
  at: z.number(),
  /** As kubectl would exit. 3: a change waits for approval. */
  exitCode: z.int(),
  body: ResultBody,
  /** What kubectl would write to stderr: warnings, 'No resources found in default namespace.'. */
  notes: z.array(z.string()),
  route: Route,
  failure: FailureSchema.nullable(),
  /**
   * More comes as `commands.output`, whatever the body's kind, until one says `ended` or the run is cancelled. Events can
   * overtake this reply, the one that says `ended` too.
   */
  following: z.boolean(),
  /** Of a change: kubectl's own lines once it is done. Null for everything else. */
  doneText: z.string().nullable(),
});
export type CommandResult = z.infer<typeof CommandResult>;

export const Completion = z.object({ text: z.string(), label: z.string(), detail: z.string() });

export const commandChannels = {
  /** The caller mints `run`, so it can cancel, and hear events, before the reply is there. */
  'commands.run': channel({
    input: z.object({
      run: z.uuid(),
      line: z.string().min(1).max(100_000),
      cluster: z.string().nullable(),
      namespace: z.string().nullable(),
      /** Kept in this conversation; null keeps it nowhere. */
      conversation: z.string().nullable(),
      /** 'terminal': the body is kubectl's own text on stdout. */
      form: z.enum(['view', 'terminal']),
    }),
    output: CommandResult,
    access: 'user',
    changes: true,
  }),
  'commands.cancel': channel({ input: z.object({ run: z.uuid() }), output: z.void(), access: 'user', changes: false }),
  'commands.complete': channel({
    input: z.object({
      line: z.string().max(100_000),
      cursor: z.int().min(0),
      cluster: z.string().nullable(),
      namespace: z.string().nullable(),
    }),
    /** `from` to `cursor` is what a candidate's `text` replaces. */
    output: z.object({ from: z.int(), candidates: z.array(Completion) }),
    access: 'user',
    changes: false,
  }),
  'commands.history': channel({
    input: z.object({ limit: z.int().positive().max(1000) }),
    output: z.object({ lines: z.array(z.string()) }),
    access: 'user',
    changes: false,
  }),
};
export const commandEvents = {
  /** What a follow or watch adds after the reply (`following`), or ends with. */
  'commands.output': z.object({
    run: z.uuid(),
    lines: z.array(LogLine),
    tables: z.array(Table),
    ended: z.boolean(),
    failure: FailureSchema.nullable(),
  }),
  /** Said for anything over a second. */
  'commands.progress': z.object({ run: z.uuid(), text: z.string() }),
};
