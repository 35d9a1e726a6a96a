/**
 * Typed commands: kubectl's grammar, run by us. A line is parsed here, routed to a tool of kubernetes-mcp-server or
 * directly through the gate (route.ts), printed as kubectl prints, and filtered by its pipes.
 *
 * Promises: a foreseen failure is a result with kubectl's exit code, not a rejection; every result says which way it
 * came; a command can be cancelled by its run id at any time, also before its reply; what follows (watch, logs -f) goes
 * on as events until it ends, is cancelled or the app closes.
 * Never: starts a program, a shell or kubectl itself; reads a file that a command names; writes to a cluster. Verbs that
 * change something propose a change to main/changes and end with exit code 3.
 * Decided against: running the kubectl binary where there is one. Its answers would not pass the gate.
 */
import type { Account, Caller } from '../../shared/channel.ts';
import type { commandChannels, CommandResult, Completion, ResultBody } from '../../shared/commands.ts';
import type { Input, Publish } from '../../shared/contract.ts';
import type { z } from 'zod';
import { AppError, type Failure } from '../../shared/errors.ts';
import { signedIn } from '../caller.ts';
import type { ClusterAccess, ClusterSessions } from '../clusters/cluster-access.ts';
import type { Contexts, Proposals } from './call.ts';
import { ColumnCache } from './columns.ts';
import { CommandError } from './command-error.ts';
import { complete } from './complete.ts';
import { inKubectlsWords } from './failures.ts';
import { parse } from './grammar.ts';
import type { Invocation } from './invocation.ts';
import type { Outcome } from './outcome.ts';
import { applyPipes, checkPipes } from './pipe.ts';
import { Reader } from './reader.ts';
import { localVerbs, verbs } from './verbs.ts';

/** Every account's lines, in the order they were typed. */
export interface History {
  add(account: Account, line: string, cluster: string | null): void;
  last(account: Account, limit: number): string[];
}

/** Where a command and its result are kept. */
export interface Notebook {
  begin(account: Account, conversation: string, asked: Asked): string;
  finish(item: string, result: CommandResult): void;
}
export interface Asked {
  readonly line: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
}

export interface CommandsParts {
  readonly sessions: ClusterSessions;
  readonly contexts: Contexts;
  readonly changes: Proposals;
  readonly history: History;
  readonly notebook: Notebook;
  readonly publish: Publish;
  readonly version: string;
}

type RunInput = z.output<(typeof commandChannels)['commands.run']['input']>;

/** How long a command may take before its progress is said. */
const quietMs = 1000;

/** Owns the commands that run. */
export class Commands {
  readonly #parts: CommandsParts;
  readonly #now: () => number;
  readonly #columns = new ColumnCache();
  readonly #running = new Map<string, AbortController>();
  readonly #follows = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(parts: CommandsParts, now: () => number = Date.now) {
    this.#parts = parts;
    this.#now = now;
  }

  /** Runs one line. Rejects only for what no one foresaw. */
  async run(input: RunInput, caller: Caller): Promise<CommandResult> {
    const account = signedIn(caller);
    const asked = { line: input.line, cluster: input.cluster, namespace: input.namespace };
    this.#parts.history.add(account, input.line, input.cluster);
    const item = input.conversation === null ? null : this.#parts.notebook.begin(account, input.conversation, asked);
    const controller = new AbortController();
    this.#running.set(input.run, controller);
    let isFollowing = false;
    try {
      const { result, follow } = await this.#perform(input, caller, controller.signal);
      if (item !== null) this.#parts.notebook.finish(item, result);
      if (follow === null || controller.signal.aborted) return result;
      isFollowing = true;
      this.#follow(input.run, follow, caller.client, controller);
      return { ...result, following: true };
    } finally {
      if (!isFollowing) this.#running.delete(input.run);
    }
  }

  /** Ends a run, or what follows it; unknown runs are no error, for they may just have ended. */
  cancel(run: string): void {
    this.#running.get(run)?.abort();
  }

  history(limit: number, caller: Caller): { lines: string[] } {
    return { lines: this.#parts.history.last(signedIn(caller), limit) };
  }

  async complete(
    input: Input<'commands.complete'>,
    caller: Caller,
  ): Promise<{ from: number; candidates: z.input<typeof Completion>[] }> {
    return complete(input, {
      contexts: this.#parts.contexts,
      open: (context) => {
        const cluster = this.#clusterOf(context, input.cluster);
        const purpose = {
          account: caller.account,
          client: caller.client,
          call: 'complete',
          origin: 'command',
        } as const;
        const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(3000)]);
        return {
          reader: new Reader(cluster, { purpose, signal }),
          namespace: input.namespace ?? cluster.config.namespace,
        };
      },
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const controller of this.#running.values()) controller.abort();
    await Promise.allSettled(this.#follows);
  }

  async #perform(
    input: RunInput,
    caller: Caller,
    cancelled: AbortSignal,
  ): Promise<{ result: CommandResult; follow: Outcome['follow'] }> {
    const at = this.#now();
    const started = performance.now();
    const signal = AbortSignal.any([cancelled, this.#closing.signal]);
    let reader: Reader | null = null;
    let cluster = input.cluster;
    let namespace = input.namespace;
    const progress = (text: string): void => {
      if (!signal.aborted) this.#parts.publish('commands.progress', { run: input.run, text }, caller.client);
    };
    const route = (): CommandResult['route'] =>
      reader?.route(performance.now() - started) ?? {
        way: 'local',
        steps: [],
        ms: performance.now() - started,
        narrowed: null,
      };
    const say = setTimeout(() => progress(waitingFor(reader?.latestStep)), quietMs);
    try {
      const invocation = parse(input.line);
      checkPipes(invocation.pipes);
      const outcome = await this.#dispatch(invocation, input, caller, signal, progress, (opened, inNamespace) => {
        reader = opened;
        cluster = opened.cluster.config.id;
        namespace = inNamespace;
      });
      if (outcome.follow !== null && invocation.pipes.length > 0) {
        throw new CommandError(
          'command.unsupported',
          'error: what follows cannot be piped here',
          'Leave the pipe out, or the -f or -w.',
        );
      }
      const shown = shape(outcome, invocation, input.form);
      const result: CommandResult = {
        run: input.run,
        line: input.line,
        cluster,
        namespace,
        at,
        ...shown,
        route: route(),
        following: false,
        doneText: outcome.body.kind === 'change' ? outcome.text() : null,
      };
      return { result, follow: outcome.follow };
    } catch (error) {
      const ended = {
        run: input.run,
        line: input.line,
        cluster,
        namespace,
        at,
        route: route(),
        body: { kind: 'nothing' } as const,
        following: false,
        doneText: null,
      };
      if (signal.aborted && cancelled.aborted) {
        return { result: { ...ended, exitCode: 130, notes: ['Cancelled.'], failure: null }, follow: null };
      }
      const failure = failureOf(error);
      if (failure === null) throw error;
      return { result: { ...ended, ...failure, notes: input.form === 'terminal' ? failure.notes : [] }, follow: null };
    } finally {
      clearTimeout(say);
    }
  }

  async #dispatch(
    invocation: Invocation,
    input: RunInput,
    caller: Caller,
    signal: AbortSignal,
    progress: (text: string) => void,
    opened: (reader: Reader, namespace: string) => void,
  ): Promise<Outcome> {
    const open = (): { reader: Reader; namespace: string } => {
      const cluster = this.#clusterOf(invocation.context, input.cluster);
      const purpose = { account: caller.account, client: caller.client, call: input.run, origin: 'command' } as const;
      const reader = new Reader(cluster, { purpose, signal });
      // The namespace in use belongs to the cluster in use, not to one named by --context.
      const inUse = cluster.config.id === input.cluster ? input.namespace : null;
      const namespace = invocation.namespace ?? inUse ?? cluster.config.namespace;
      opened(reader, namespace);
      return { reader, namespace };
    };
    const local = localVerbs.get(invocation.verb);
    if (local !== undefined) {
      const { contexts, version } = this.#parts;
      return local({ invocation, form: input.form, contexts, version, open, caller });
    }
    const verb = verbs.get(invocation.verb);
    if (verb === undefined) throw new Error(`the grammar has ${invocation.verb}, and no verb runs it`);
    return verb({
      invocation,
      ...open(),
      form: input.form,
      columns: this.#columns,
      changes: this.#parts.changes,
      now: this.#now,
      progress,
    });
  }

  #clusterOf(context: string | undefined, cluster: string | null): ClusterAccess {
    if (context !== undefined) {
      try {
        return this.#parts.sessions.byContext(context);
      } catch (error) {
        if (!(error instanceof AppError) || error.failure.code !== 'cluster.unknown') throw error;
        throw new CommandError(
          'cluster.unknown',
          `Error in configuration: context was not found for specified context: ${context}`,
          'kubectl config get-contexts lists the contexts.',
          { cause: error },
        );
      }
    }
    const id = cluster ?? this.#parts.contexts.current()?.id;
    if (id !== undefined) return this.#parts.sessions.open(id);
    throw new CommandError(
      'cluster.unknown',
      'error: no cluster is chosen',
      'Choose a cluster, or name one with --context.',
    );
  }

  #follow(run: string, follow: NonNullable<Outcome['follow']>, client: string, controller: AbortController): void {
    const { publish } = this.#parts;
    const signal = AbortSignal.any([controller.signal, this.#closing.signal]);
    const going = follow((more) => {
      if (!signal.aborted)
        publish(
          'commands.output',
          { run, lines: [...more.lines], tables: [...more.tables], ended: false, failure: null },
          client,
        );
    }, signal)
      .then(
        () => null,
        (error: unknown) => (signal.aborted ? null : (failureOf(error)?.failure ?? unexpected(error))),
      )
      .then((failure) => {
        this.#running.delete(run);
        this.#follows.delete(going);
        publish('commands.output', { run, lines: [], tables: [], ended: true, failure }, client);
      });
    this.#follows.add(going);
  }
}

type Shown = Pick<CommandResult, 'body' | 'notes' | 'exitCode' | 'failure'>;

/** The outcome as the asker wants it: a body to draw, or kubectl's text; piped, it is always text. */
function shape(outcome: Outcome, invocation: Invocation, form: 'view' | 'terminal'): Shown {
  const failure = outcome.failures[0]?.failure ?? null;
  const errors = outcome.failures.map(({ stderr }) => stderr);
  // A view draws the failure itself; further ones are said as notes.
  const notes = [...outcome.notes, ...(form === 'terminal' ? errors : errors.slice(1))];
  if (invocation.pipes.length > 0) {
    const { text, exitCode } = applyPipes(invocation.pipes, outcome.text());
    return { body: { kind: 'text', text }, notes, exitCode, failure };
  }
  const asText: ResultBody =
    form === 'terminal' && outcome.body.kind !== 'change' && outcome.follow === null
      ? { kind: 'text', text: outcome.text() }
      : outcome.body;
  return { body: asText, notes, exitCode: outcome.exitCode, failure };
}

function failureOf(error: unknown): Pick<CommandResult, 'failure' | 'exitCode' | 'notes'> | null {
  const said = inKubectlsWords(error);
  if (!(said instanceof CommandError)) return null;
  return { failure: said.failure, exitCode: said.exitCode, notes: [said.stderr] };
}

function unexpected(error: unknown): Failure {
  return {
    code: 'unexpected',
    message: `The output broke off: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Run the command again.',
  };
}

function waitingFor(step: string | undefined): string {
  return step === undefined ? 'Still working.' : `Waiting for ${step}.`;
}
