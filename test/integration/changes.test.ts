import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../main/changes/shown.ts';
import { realCluster, realKubectl } from '../support/real-cluster.ts';
import { draft, merge, remove, startChanges, type RunningChanges } from '../support/start-changes.ts';

const namespace = `t-changes-${String(process.pid)}`;
const core = `/api/v1/namespaces/${namespace}`;
const apps = `/apis/apps/v1/namespaces/${namespace}`;
const meta = (name: string, rest: object = {}) => ({ name, namespace, ...rest });
const run = promisify(execFile);

describe.skipIf(realCluster.kubeconfig === null)(`changes on a real cluster ${realCluster.because ?? ''}`, () => {
  let app: RunningChanges;
  const kubectl = async (...args: string[]) =>
    (await run(realKubectl() ?? 'kubectl', ['--kubeconfig', realCluster.kubeconfig ?? '', '-n', namespace, ...args]))
      .stdout;

  beforeAll(async () => {
    app = await startChanges(realCluster.kubeconfig ?? '');
    await kubectl('create', 'namespace', namespace);
    await kubectl(
      'create',
      'deployment',
      'web',
      '--image=localhost/box:1',
      '--replicas=2',
      '--',
      'sleep',
      '2147483647',
    );
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await app.close();
  });

  it('previews a scale without scaling, runs it when approved, sees it through and takes it back', async () => {
    const change = await app.propose('Scale deployment/web to 1', [
      merge(`${apps}/deployments/web/scale`, { spec: { replicas: 1 } }),
    ]);
    expect(change.objects).toMatchObject([{ action: 'update', object: { kind: 'Deployment', name: 'web' } }]);
    expect(change.objects[0]?.before).toContain('replicas: 2');
    expect(change.objects[0]?.after).toContain('replicas: 1');
    expect(change.effects.map((effect) => effect.text)).toContain('1 pod of 2 stops.');
    expect(at(await app.object(`${apps}/deployments/web`), 'spec', 'replicas')).toBe(2);

    const ended = await app.approve(change);
    expect(ended.state).toMatchObject({ kind: 'verified', text: '1 of 1 pods ready.' });
    expect(at(await app.object(`${apps}/deployments/web`), 'spec', 'replicas')).toBe(1);
    expect(app.newest()).toMatchObject({ outcome: 'verified', undo: { possible: true }, digest: change.digest });

    const undo = await app.changes.undo(app.newest().seq, app.caller);
    expect(undo.origin.kind).toBe('undo');
    expect((await app.approve(undo)).state.kind).toBe('verified');
    expect(at(await app.object(`${apps}/deployments/web`), 'spec', 'replicas')).toBe(2);
    const first = app.changes.journal(null, 2, app.caller).entries[1]?.seq ?? 0;
    await expect(app.changes.undo(first, app.caller)).rejects.toMatchObject({ failure: { code: 'change.moved' } });
  });

  it('gives the same wish on the same state the same digest, and another after the state moved', async () => {
    const wish = merge(`${apps}/deployments/web/scale`, { spec: { replicas: 1 } });
    const [one, two] = [await app.propose('a', [wish]), await app.propose('b', [wish])];
    expect(one.digest).toBe(two.digest);
    await kubectl('scale', 'deployment/web', '--replicas=3');
    expect((await app.propose('c', [wish])).digest).not.toBe(one.digest);
    await kubectl('scale', 'deployment/web', '--replicas=2');
  });

  it('writes nothing where somebody changed what was shown after the preview', async () => {
    await kubectl('create', 'configmap', 'moved', '--from-literal=a=1');
    const change = await app.propose('Set a', [merge(`${core}/configmaps/moved`, { data: { a: '2' } })]);
    await kubectl('patch', 'configmap', 'moved', '-p', '{"data":{"b":"theirs"}}');
    expect((await app.approve(change)).state).toMatchObject({
      kind: 'failed',
      written: 0,
      failure: { code: 'change.moved' },
    });
    expect(at(await app.object(`${core}/configmaps/moved`), 'data')).toEqual({ a: '1', b: 'theirs' });
  });

  it('voids what waits on an object that another change has just changed', async () => {
    await kubectl('create', 'configmap', 'shared', '--from-literal=a=1');
    const wish = (a: string) => app.propose(`Set a to ${a}`, [merge(`${core}/configmaps/shared`, { data: { a } })]);
    const [first, second] = [await wish('2'), await wish('3')];
    expect((await app.approve(first)).state.kind).toBe('verified');
    expect(app.changes.get(second.id, app.caller).state).toMatchObject({
      kind: 'void',
      because: 'Another change of shared ran: Set a to 2.',
    });
  });

  it('does not touch another object that took the name since the preview', async () => {
    await kubectl('create', 'configmap', 'twin', '--from-literal=a=1');
    const change = await app.propose('Delete it', [remove(`${core}/configmaps/twin`)]);
    await kubectl('delete', 'configmap', 'twin');
    await kubectl('create', 'configmap', 'twin', '--from-literal=a=1');
    expect((await app.approve(change)).state.kind).toBe('failed');
    expect(await app.object(`${core}/configmaps/twin`)).not.toBeNull();
  });

  it('goes on where only status moved since the preview', async () => {
    const change = await app.propose('Annotate', [
      merge(`${apps}/deployments/web`, { metadata: { annotations: { note: 'x' } } }),
    ]);
    const pod = (await kubectl('get', 'pod', '-l', 'app=web', '-o', 'name')).split('\n')[0] ?? '';
    await kubectl('delete', pod, '--grace-period=0', '--force', '--wait=true');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    expect((await app.approve(change)).state.kind).toBe('verified');
  });

  it('runs nothing a second time, nor after cancel, nor after its time, nor with another digest', async () => {
    const wish = () => app.propose('x', [merge(`${core}/configmaps/once`, { data: { n: String(Math.random()) } })]);
    await kubectl('create', 'configmap', 'once', '--from-literal=n=0');
    const once = await wish();
    await app.approve(once);
    expect(() => app.changes.approve(once.id, once.digest, null, app.caller)).toThrow(/can no longer be approved/);
    const cancelled = await wish();
    app.changes.cancel(cancelled.id, app.caller);
    expect(() => app.changes.approve(cancelled.id, cancelled.digest, null, app.caller)).toThrow(/cancelled/);
    const other = await wish();
    expect(() => app.changes.approve(other.id, once.digest, null, app.caller)).toThrow(/another change/);
    const late = await wish();
    app.clock.ahead = 11 * 60_000;
    expect(() => app.changes.approve(late.id, late.digest, null, app.caller)).toThrow(/time is up/);
    app.clock.ahead = 0;
    const stranger = { client: 'window', account: { id: 'somebody else', role: 'admin' as const } };
    const mine = await wish();
    expect(() => app.changes.approve(mine.id, mine.digest, null, stranger)).toThrow(/not known here/);
  });

  it('runs once for fifty approvals at the same time', async () => {
    await kubectl('create', 'configmap', 'raced', '--from-literal=n=0');
    const change = await app.propose('race', [merge(`${core}/configmaps/raced`, { data: { n: '1' } })]);
    const tries = Array.from({ length: 50 }, async () => app.approve(change));
    const settled = await Promise.race([Promise.allSettled(tries), tries[0]]);
    expect(settled).toMatchObject({ state: { kind: 'verified' } });
    const events = await kubectl('get', 'configmap', 'raced', '-o', 'jsonpath={.data.n}');
    expect(events).toBe('1');
    expect(
      app.changes.journal(null, 100, app.caller).entries.filter((entry) => entry.change === change.id),
    ).toHaveLength(1);
  });

  it('asks for the typed name on production, and for nothing at all on a read-only cluster', async () => {
    app.marks.production = true;
    const change = await app.propose('x', [merge(`${core}/configmaps/once`, { data: { p: '1' } })]);
    expect(change.typeToApprove).toBe(app.cluster.name);
    expect(() => app.changes.approve(change.id, change.digest, null, app.caller)).toThrow(/production/);
    expect((await app.approve(change)).state.kind).toBe('verified');
    app.marks.production = false;
    app.marks.readOnly = true;
    await expect(app.propose('x', [remove(`${core}/configmaps/once`)])).rejects.toMatchObject({
      failure: { code: 'change.read-only' },
    });
    app.marks.readOnly = false;
  });

  it('stops at the first write that fails, and says how far it came', async () => {
    await kubectl('create', 'configmap', 'first', '--from-literal=a=1');
    await kubectl('create', 'configmap', 'second', '--from-literal=a=1');
    const change = await app.propose('both', [
      merge(`${core}/configmaps/first`, { data: { a: '2' } }),
      merge(`${core}/configmaps/second`, { data: { a: '2' } }),
    ]);
    await kubectl('patch', 'configmap', 'second', '-p', '{"data":{"a":"3"}}');
    expect((await app.approve(change)).state).toMatchObject({ kind: 'failed', written: 1 });
    expect(app.newest().text).toContain('1 of 2 writes are known to have run.');
    expect(at(await app.object(`${core}/configmaps/second`), 'data', 'a')).toBe('3');
  });

  it('keeps no value of a Secret in the journal', async () => {
    const value = Buffer.from('canary-of-a-secret').toString('base64');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: meta('hush'), data: { password: value } };
    const created = await app.perform('Create a Secret', draft('POST', `${core}/secrets`, secret));
    expect(created.state.kind).toBe('verified');
    await app.perform('Delete it', remove(`${core}/secrets/hush`));
    const kept = app.storage.database.prepare('SELECT group_concat(entry) FROM journal').pluck().get() as string;
    expect(kept).not.toContain(value);
    expect(kept).not.toContain('canary-of-a-secret');
    expect(app.newest().undo.possible).toBe(false);
  });
});
