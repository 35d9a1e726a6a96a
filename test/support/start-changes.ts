import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../shared/channel.ts';
import type { Change, JournalEntry } from '../../shared/changes.ts';
import { AppError } from '../../shared/errors.ts';
import { Changes } from '../../main/changes/changes.ts';
import { Journal } from '../../main/changes/journal.ts';
import { Sessions } from '../../main/clusters/session.ts';
import type { ClusterAccess, DraftWrite } from '../../main/clusters/cluster-access.ts';
import { Gate } from '../../main/gate/gate.ts';
import { ClusterUpstreams } from '../../main/gate/upstream.ts';
import { Kubeconfigs } from '../../main/kubeconfig/kubeconfig.ts';
import { McpSession } from '../../main/mcp/session.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { keptKey } from '../../main/storage/kept-key.ts';

export function draft(
  method: DraftWrite['method'],
  path: string,
  body: unknown,
  type = 'application/json',
): DraftWrite {
  return { method, path, query: '', contentType: type, body: JSON.stringify(body) };
}
export function merge(path: string, body: unknown): DraftWrite {
  return draft('PATCH', path, body, 'application/merge-patch+json');
}
export function remove(path: string): DraftWrite {
  return draft('DELETE', path, { propagationPolicy: 'Background' });
}

/** Changes on one cluster, with everything below them, and marks that a test can set. */
export interface RunningChanges {
  readonly changes: Changes;
  readonly cluster: ClusterAccess;
  readonly storage: Storage;
  readonly caller: Caller;
  readonly marks: { production: boolean; readOnly: boolean };
  /** Epoch ms added to the clock of Changes. */
  readonly clock: { ahead: number };
  propose(title: string, writes: readonly DraftWrite[]): Promise<Change>;
  /** Approves what was shown and waits for the end. */
  approve(change: Change): Promise<Change>;
  /** Proposes and approves. */
  perform(title: string, ...writes: DraftWrite[]): Promise<Change>;
  newest(): JournalEntry;
  /** The object at a path, as it is; null where it is not. */
  object(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startChanges(kubeconfig: string): Promise<RunningChanges> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-changes-'));
  const storage = await openStorage(dataDir);
  const kubeconfigs = await Kubeconfigs.open({ paths: [kubeconfig], demoPath: null, consents: () => true });
  const upstreams = new ClusterUpstreams(kubeconfigs);
  const marks = { production: false, readOnly: false };
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const gate = await Gate.start({ upstreams, isReadOnly: () => marks.readOnly, now });
  const mcp = new McpSession({ runtimeBase: join(dataDir, 'run'), version: '0.0.0-test' }, gate);
  const sessions = new Sessions(kubeconfigs, gate, mcp, (config) => config.context);
  const listeners = new Set<(change: Change) => void>();
  const changes = new Changes(
    {
      gate,
      sessions,
      protection: { isProduction: () => marks.production, isReadOnly: () => marks.readOnly },
      journal: new Journal(storage.database, keptKey(dataDir, 'journal')),
      publish: (name, payload) => {
        if (name === 'changes.changed') for (const listener of listeners) listener(payload as Change);
      },
    },
    { now, verifyMs: 30_000 },
  );
  const id = kubeconfigs.list()[0]?.id ?? '';
  const cluster = sessions.open(id);
  const caller: Caller = { client: 'window', account: { id: 'me', role: 'admin' } };
  const ended = (of: Change) => {
    const { promise, resolve } = Promise.withResolvers<Change>();
    const listener = (change: Change) => {
      if (change.id !== of.id || ['running', 'verifying'].includes(change.state.kind)) return;
      listeners.delete(listener);
      resolve(change);
    };
    listeners.add(listener);
    return promise;
  };
  const propose = (title: string, writes: readonly DraftWrite[]) =>
    changes.propose({
      cluster,
      title,
      namespace: null,
      origin: { kind: 'command', text: title },
      writes,
      purpose: { account: caller.account, client: caller.client, call: randomUUID(), origin: 'command' },
    });
  const approve = (change: Change) => {
    const end = ended(change);
    changes.approve(change.id, change.digest, change.typeToApprove, caller);
    return end;
  };
  return {
    changes,
    cluster,
    storage,
    caller,
    marks,
    clock,
    propose,
    approve,
    perform: async (title, ...writes) => approve(await propose(title, writes)),
    newest() {
      const entry = changes.journal(null, 1, caller).entries[0];
      if (entry === undefined) throw new Error('the journal is empty');
      return entry;
    },
    async object(path) {
      const purpose = { account: null, client: null, call: 'test', origin: 'self-check' } as const;
      try {
        return (await cluster.read({ path }, { purpose })).json();
      } catch (error) {
        if (error instanceof AppError && error.failure.code === 'cluster.not-found') return null;
        throw error;
      }
    },
    async close() {
      await changes.close();
      await mcp.close();
      await gate.close();
      await upstreams.close();
      await kubeconfigs.close();
      storage.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
