/**
 * The third host: one command in a terminal, through the whole application. `npm start -- --run 'kubectl get pods'`
 * prints what kubectl would print and ends with its exit code.
 *
 * Promises: stdout holds kubectl's text and nothing else, stderr what kubectl would say there, and below a
 * failure what helps. A change is never run by
 * itself: its preview and digest are printed and the exit code is 3. `--approve DIGEST` previews the same command again
 * and runs it only where nothing has moved, that is, where the digest is the same; the effect is waited for.
 * Never: approve on a cluster marked as production. There a person types its name, and that is done in the window.
 */
import { randomUUID } from 'node:crypto';
import type { Change } from '../../../shared/changes.ts';
import type { Reply } from '../../../shared/channel.ts';
import type { CommandResult } from '../../../shared/commands.ts';
import type { ChannelName, Input, Output } from '../../../shared/contract.ts';
import { correctIt } from '../../../shared/command-line.ts';
import { AppError } from '../../../shared/errors.ts';
import { startApp } from '../../app.ts';
import type { StartOptions } from '../../host.ts';
import { Events } from './events.ts';
import { Following } from './following.ts';
import { previewText } from './preview-text.ts';

export interface RunOptions {
  readonly line: string;
  /** Null: the cluster in use. */
  readonly context: string | null;
  /** Digest of the change to run. */
  readonly approve: string | null;
}

export interface Terminal {
  out(text: string): void;
  say(line: string): void;
  /** Told how to end what was started, before it runs. */
  onClose(close: () => Promise<void>): void;
}

/** Runs one command and gives the exit code. Throws AppError where the app cannot start. */
export async function runCommand(options: StartOptions, wanted: RunOptions, terminal: Terminal): Promise<number> {
  if (options.kubeconfigs.length === 0) {
    terminal.say('error: there is no kubeconfig: KUBECONFIG names none and ~/.kube/config is not there');
    terminal.say('Set KUBECONFIG, give --kubeconfig PATH, or try --demo.');
    return 1;
  }
  const client = randomUUID();
  const events = new Events();
  const app = await startApp({ kind: 'run', openExternal: null, publish: events.publish }, options);
  terminal.onClose(() => app.close());
  const request = async <C extends ChannelName>(name: C, input: Input<C>): Promise<Output<C>> => {
    const reply = (await app.dispatch(name, input, { client, account: app.account })) as Reply<Output<C>>;
    if (!reply.ok) throw new AppError(reply.failure);
    return reply.value;
  };
  try {
    const cluster = await clusterOf(wanted.context, request);
    const run = randomUUID();
    const following = new Following(events, run, terminal);
    const result = await request('commands.run', {
      run,
      line: wanted.line,
      cluster,
      namespace: null,
      conversation: null,
      form: 'terminal',
    });
    print(result, terminal);
    if (result.body.kind === 'change') {
      const change = await request('changes.get', { change: result.body.change });
      return await decide(change, result.doneText ?? '', wanted.approve, { request, events, terminal });
    }
    if (wanted.approve !== null) {
      terminal.say('error: this command changes nothing, so there is nothing to approve');
      return 1;
    }
    if (result.following) return await following.end(result);
    return result.exitCode;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    terminal.say(`error: ${error.failure.message}`);
    terminal.say(error.failure.remedy);
    return 1;
  }
}

type Request = <C extends ChannelName>(name: C, input: Input<C>) => Promise<Output<C>>;

async function clusterOf(context: string | null, request: Request): Promise<string | null> {
  const { clusters, selected, problems } = await request('clusters.list', undefined);
  if (context !== null) {
    const found = clusters.find((cluster) => cluster.context === context);
    if (found !== undefined) return found.id;
    throw new AppError({
      code: 'cluster.unknown',
      message: `context "${context}" does not exist`,
      remedy: `Contexts: ${clusters.map((cluster) => cluster.context).join(', ') || 'none'}.`,
    });
  }
  const [problem] = problems;
  if (selected === null && problem !== undefined) throw new AppError(problem.failure);
  return selected;
}

function print({ body, notes, failure }: CommandResult, terminal: Terminal): void {
  // As kubectl: warnings go before the answer, what failed after it.
  const failed = failure === null ? -1 : notes.findIndex((note) => note.includes(failure.message));
  const before = failed < 0 ? notes : notes.slice(0, failed);
  for (const note of before) terminal.say(note);
  if (body.kind === 'text') terminal.out(body.text);
  for (const note of notes.slice(before.length)) terminal.say(note);
  if (failure === null) return;
  if (failed < 0) terminal.say(`error: ${failure.message}`);
  if (isNews(failure.remedy, notes)) terminal.say(failure.remedy);
}

/** Whether a remedy says more than what was printed. */
function isNews(remedy: string, notes: readonly string[]): boolean {
  return remedy !== '' && remedy !== correctIt && !notes.some((note) => note.includes(remedy));
}

interface Parts {
  readonly request: Request;
  readonly events: Events;
  readonly terminal: Terminal;
}

/**
 * What becomes of a change: shown, or run where the digest is the one that was approved. `doneText` is printed once it is
 * done.
 */
async function decide(
  change: Change,
  doneText: string,
  approve: string | null,
  { request, events, terminal }: Parts,
): Promise<number> {
  if (approve === null) {
    terminal.out(previewText(change));
    return 3;
  }
  if (approve !== change.digest) {
    await request('changes.cancel', { change: change.id });
    terminal.say('error: nothing was changed: what would be written is not what was approved');
    terminal.say('The object, the cluster or the command has moved since. This is the change now:');
    terminal.say(previewText(change));
    return 1;
  }
  if (change.typeToApprove !== null) {
    await request('changes.cancel', { change: change.id });
    terminal.say(`error: nothing was changed: ${change.clusterName} is marked as production`);
    terminal.say('Approve it in the window, where its name is typed.');
    return 1;
  }
  const ended = events.until('changes.changed', ({ id, state }) => id === change.id && isOver(state));
  await request('changes.approve', { change: change.id, digest: approve, typedName: null });
  const { state } = await ended;
  if (state.kind === 'failed') {
    terminal.say(`error: ${state.failure.message}`);
    terminal.say(`${state.failure.remedy} ${state.written} of ${change.writes.length} requests were written.`);
    return 1;
  }
  if (state.kind === 'void') {
    terminal.say(`error: nothing was changed: ${state.because}`);
    return 1;
  }
  terminal.out(doneText);
  if (state.kind !== 'unverified') return 0;
  terminal.say(`error: it was written, but the effect did not come: ${state.text}`);
  return 1;
}

function isOver({ kind }: Change['state']): boolean {
  return ['verified', 'unverified', 'failed', 'void', 'cancelled'].includes(kind);
}
