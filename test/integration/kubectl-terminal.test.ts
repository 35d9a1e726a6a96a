// The terminal host on a real cluster: what --run prints and how it ends, and what --approve runs.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { realCluster, realKubectl } from '../support/real-cluster.ts';

const { kubeconfig } = realCluster;
const program = realKubectl();
const root = new URL('../..', import.meta.url).pathname;
const namespace = `t-terminal-${randomUUID().slice(0, 8)}`;

describe.skipIf(kubeconfig === null || program === null)('commands in a terminal', { timeout: 120_000 }, () => {
  let dataDir: string;
  const kubectl = (...args: string[]) => execute(program ?? '', args, kubeconfig ?? '');
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-run-'));
    await kubectl('create', 'namespace', namespace);
    await kubectl('create', 'deployment', 'idle', '--image=localhost/none:1', '--replicas=0', '-n', namespace);
    await kubectl('create', 'configmap', 'first', '--from-literal=a=1', '-n', namespace);
    await kubectl('create', 'configmap', 'second', '-n', namespace);
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await rm(dataDir, { recursive: true, force: true });
  });
  const launch = join(root, 'main', 'hosts', 'launch.js');
  const run = (line: string, ...more: string[]) =>
    execute(process.execPath, [launch, '--data-dir', dataDir, '--run', line, ...more], kubeconfig ?? '');
  const digestIn = (text: string) => /--approve ([0-9a-f]{64})/.exec(text)?.[1] ?? '';
  const replicas = async () =>
    (await kubectl('get', 'deploy', 'idle', '-n', namespace, '-o', 'jsonpath={.spec.replicas}')).stdout;

  it('print what kubectl prints, and end as it ends', async () => {
    const line = `get cm first -n ${namespace} -o yaml`;
    expect(await run(`kubectl ${line}`)).toEqual(await kubectl(...line.split(' ')));
    const missing = await run('kubectl get pod nope');
    expect([missing.code, missing.stderr.split('\n')[0]]).toEqual([
      1,
      'Error from server (NotFound): pods "nope" not found',
    ]);
  });

  it('end a failure with what helps, where that says more than the failure', async () => {
    const last = async (line: string) => (await run(line)).stderr.trimEnd().split('\n').at(-1);
    expect(await last('kubectl get podz')).toBe('Did you mean pods?');
    expect(await last('kubectl get pods --tokens')).toBe('Did you mean --token?');
    expect(await last('kubectl get pods --chunk-size=x')).toBe("See 'kubectl get --help' for usage.");
  });

  it('preview what has no namespace without naming one', async () => {
    const [title] = (await run(`kubectl delete ns ${namespace}`)).stdout.split('\n');
    expect(title).toMatch(new RegExp(`^Delete namespace/${namespace} on [^,]+$`));
    const [inside] = (await run(`kubectl delete cm first -n ${namespace}`)).stdout.split('\n');
    expect(inside).toMatch(new RegExp(`, namespace ${namespace}$`));
  });

  it.each([
    [`delete cm third --force --grace-period=0 -o name`, 'configmap/third\n'],
    [`scale deploy/idle --replicas=0 -o name`, 'deployment.apps/idle\n'],
    [`scale deploy/idle --replicas=0`, 'deployment.apps/idle scaled\n'],
  ])('print of an approved %s what that command prints', async (line, stdout) => {
    await kubectl('create', 'configmap', 'third', '-n', namespace);
    const command = `kubectl ${line} -n ${namespace}`;
    const preview = await run(command);
    expect(preview.stderr.startsWith('Warning: Immediate deletion')).toBe(line.includes('--force'));
    expect(await run(command, '--approve', digestIn(preview.stdout))).toMatchObject({ code: 0, stdout });
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

  it('go on with a watch until they are interrupted, and let no second one into their data folder', async () => {
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
    const second = await run('kubectl get pods');
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toMatch(
      /already runs with the data folder .* Type the command there, or end that app first\./,
    );
    const ended = new Promise((end) => child.once('exit', end));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });

  it('say that there is no kubeconfig', async () => {
    const args = [launch, '--data-dir', dataDir, '--run', 'kubectl get pods'];
    const ran = await execute(process.execPath, args, join(dataDir, 'none'), { HOME: dataDir });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/kubeconfig/);
  });
});
