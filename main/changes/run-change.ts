import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../shared/changes.ts';
import { AppError, type Failure } from '../../shared/errors.ts';
import type { CallOptions, ClusterAccess } from '../clusters/cluster-access.ts';
import type { Purpose, RecordedWrite } from '../gate/permits.ts';
import type { Execution, GateAccess } from '../gate/request.ts';
import type { Ended } from './journal.ts';
import { selects } from './selector.ts';
import { at } from './shown.ts';
import { troubleOf } from './trouble.ts';
import { verdictOf, watchedPath, type Verdict } from './verdict.ts';

interface Approved {
  readonly gate: GateAccess;
  readonly cluster: ClusterAccess;
  readonly recorded: readonly RecordedWrite[];
  readonly change: Change;
  readonly purpose: Purpose;
}

interface Patience {
  readonly now: () => number;
  readonly verifyMs: number;
  /** The app closes: the effect is not waited for any more. */
  readonly signal: AbortSignal;
  /** A while after that: what still runs is cut, and what has not left stays. */
  readonly stop: AbortSignal;
}

type Done = Ended['writes'];
export type Outcome =
  | { readonly outcome: 'verified' | 'unverified'; readonly text: string; readonly writes: Done }
  | { readonly outcome: 'failed'; readonly text: string; readonly writes: Done; readonly failure: Failure };

/** Runs an approved change through the gate, then looks at the objects until the effect is there. Never throws. */
export async function runChange(
  approved: Approved,
  patience: Patience,
  seen: (text: string) => void,
): Promise<Outcome> {
  const { done, failure: said } = await execute(approved, patience.stop);
  const failure = said?.code === 'change.moved' ? movedFailure(approved.change, done.length, said) : said;
  const writes = done.map((one, index) => doneWrite(approved.recorded[index] as RecordedWrite, one));
  if (failure !== null) {
    const text = `${failure.message} ${String(done.length)} of ${String(approved.recorded.length)} writes are known to have run.`;
    return { outcome: 'failed', text, writes, failure };
  }
  const purpose: Purpose = { ...approved.purpose, origin: 'change' };
  const call = { purpose, signal: patience.signal };
  const end = await verify(writes, approved.cluster, call, patience, seen);
  const cause = end.outcome === 'unverified' ? await causeOf(writes, approved.cluster, call) : null;
  return { ...end, text: cause === null ? end.text : `${end.text} ${cause}`, writes };
}

async function execute({ gate, cluster, recorded, change, purpose }: Approved, stop: AbortSignal): Promise<Execution> {
  const { id, identity } = cluster.config;
  const spec = { kind: 'change', cluster: id, identity, writes: recorded } as const;
  const grant = gate.grant({ ...spec, purpose: { ...purpose, call: change.id, origin: 'change' } });
  try {
    return await gate.execute(id, grant.token, stop);
  } catch (error) {
    return { done: [], failure: error instanceof AppError ? error.failure : brokenOff(cluster.name) };
  } finally {
    grant.revoke();
  }
}

function doneWrite(write: RecordedWrite, one: Execution['done'][number]): Done[number] {
  const { method, path, target, before } = write;
  const isStatus = at(one.answer, 'kind') === 'Status' && at(one.answer, 'apiVersion') === 'v1';
  const after = method === 'DELETE' ? null : isStatus ? write.after : one.answer;
  return { method, path, target, before, after, status: one.status, auditId: one.auditId };
}

async function verify(
  writes: Done,
  cluster: ClusterAccess,
  call: CallOptions,
  patience: Patience,
  seen: (text: string) => void,
): Promise<{ outcome: 'verified' | 'unverified'; text: string }> {
  const deadline = patience.now() + patience.verifyMs;
  let shownText = '';
  for (let wait = 150; ; wait = Math.min(wait * 1.5, 2000)) {
    const verdicts = await Promise.all(writes.map((write) => look(write, cluster, call)));
    const text = wordOf(verdicts);
    if (verdicts.every((verdict) => verdict.kind === 'done')) return { outcome: 'verified', text };
    if (verdicts.some((verdict) => verdict.kind === 'failed')) return { outcome: 'unverified', text };
    if (patience.signal.aborted) return { outcome: 'unverified', text: `${text} The app was closed while waiting.` };
    if (patience.now() >= deadline) {
      return {
        outcome: 'unverified',
        text: `${text} Not there after ${String(Math.round(patience.verifyMs / 1000))} s.`,
      };
    }
    if (text !== shownText) seen(text);
    shownText = text;
    await delay(wait, undefined, { signal: patience.signal }).catch(() => undefined);
  }
}

async function look(write: Done[number], cluster: ClusterAccess, call: CallOptions): Promise<Verdict> {
  try {
    const answer = await cluster.read({ path: watchedPath(write) }, call);
    return verdictOf(write, answer.json());
  } catch (error) {
    if (!(error instanceof AppError)) return { kind: 'waiting', text: 'The object could not be read.' };
    if (error.failure.code === 'cluster.not-found') return verdictOf(write, null);
    return { kind: 'waiting', text: error.failure.message };
  }
}

/** What keeps the pods of the first workload among the writes from getting ready; null where nothing says. */
async function causeOf(writes: Done, cluster: ClusterAccess, call: CallOptions): Promise<string | null> {
  const write = writes.find((one) => one.method !== 'DELETE' && one.target.group === 'apps');
  if (write === undefined || call.signal?.aborted === true) return null;
  try {
    const workload = (await cluster.read({ path: watchedPath(write) }, call)).json();
    const path = `/api/v1/namespaces/${encodeURIComponent(write.target.namespace ?? '')}/pods`;
    const pods = at((await cluster.read({ path, query: 'limit=500' }, call)).json(), 'items');
    const selector = at(workload, 'spec', 'selector');
    const own = Array.isArray(pods) ? pods.filter((pod) => selects(selector, at(pod, 'metadata', 'labels'))) : [];
    return troubleOf(own);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function movedFailure(change: Change, index: number, said: Failure): Failure {
  const object = change.objects[index]?.object;
  if (object === undefined) return said;
  const name = `${object.kind.toLowerCase()}/${object.name}`;
  const message = `${name} on ${change.clusterName} changed after the preview. Nothing was written to it.`;
  return {
    code: 'change.moved',
    message,
    remedy: 'Preview again, and look at what is different.',
    cluster: change.clusterName,
  };
}

function wordOf(verdicts: readonly Verdict[]): string {
  const open = verdicts.filter((verdict) => verdict.kind !== 'done');
  const [first] = open.length > 0 ? open : verdicts;
  if (verdicts.length <= 1 || first === undefined) return first?.text ?? 'Nothing was written.';
  const done = verdicts.length - open.length;
  return open.length === 0
    ? `All ${String(done)} objects: ${first.text}`
    : `${String(done)} of ${String(verdicts.length)} objects done. ${first.text}`;
}

function brokenOff(cluster: string): Failure {
  return {
    code: 'unexpected',
    message: `The run on ${cluster} broke off inside the app; whether the write arrived is not known.`,
    remedy: 'Look at the object before trying again.',
    cluster,
  };
}
