import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PluginCredentials } from '../../main/gate/upstream-exec.ts';
import { Redactor } from '../../main/redact.ts';
import { base64, CredentialBench, failureOf } from '../support/credential-bench.ts';
import { kubeconfigOf } from '../support/open-kubeconfigs.ts';

const bench = CredentialBench.prepare();

/** A program that prints `credential`, and appends a line to `runs` each time. */
async function plugin(name: string, script: string): Promise<string> {
  const path = await bench.folder.file(name, `#!/bin/sh\necho run >> ${bench.folder.path}/runs\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
const printing = (status: object, version = 'v1') =>
  `echo '${JSON.stringify({ apiVersion: `client.authentication.k8s.io/${version}`, kind: 'ExecCredential', status })}'`;
const exec = (command: string, more: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', ...more },
});
async function runs(): Promise<number> {
  return (await readFile(join(bench.folder.path, 'runs'), 'utf8').catch(() => '')).split('\n').length - 1;
}

describe('exec plugins', () => {
  test.each(['v1', 'v1beta1'])(
    'what a plugin of %s prints reaches the API server, and is asked for once',
    async (version) => {
      const command = await plugin('login', printing({ token: 'from-plugin' }, version));
      await bench.opened(bench.trusted, exec(command, { apiVersion: `client.authentication.k8s.io/${version}` }));
      await Promise.all([bench.ask(), bench.ask(), bench.ask()]);
      expect(bench.bearers).toEqual(Array(3).fill('Bearer from-plugin'));
      expect(await runs()).toBe(1);
    },
  );

  test('it does not run before consent, and consent is for exactly this content', async () => {
    const command = await plugin('login', printing({ token: 'a' }));
    const { kubeconfigs, consent } = await bench.opened(bench.trusted, exec(command), false);
    const id = kubeconfigs.list()[0]?.id ?? '';
    expect((await failureOf(bench.ask())).code).toBe('cluster.untrusted');
    expect(await runs()).toBe(0);
    consent(id);
    await plugin('login', printing({ token: 'b' }));
    expect((await failureOf(bench.ask())).code).toBe('cluster.untrusted');
    expect(await runs()).toBe(0);
    consent(id);
    await bench.ask();
    expect(bench.bearers).toEqual(['Bearer b']);
  });

  test('a link that leads elsewhere since the consent is another question', async () => {
    const good = await plugin('good', printing({ token: 'good' }));
    const evil = await plugin('evil', printing({ token: 'evil' }));
    const link = join(bench.folder.path, 'login');
    await symlink(good, link);
    const { kubeconfigs, consent } = await bench.opened(bench.trusted, exec('./login'), false);
    consent(kubeconfigs.list()[0]?.id ?? '');
    await rm(link);
    await symlink(evil, link);
    expect((await failureOf(bench.ask())).code).toBe('cluster.untrusted');
    expect(await runs()).toBe(0);
  });

  test('it gets its arguments word for word, its variables, and what to sign in to; nothing of ours', async () => {
    process.env['AI4K8S_SECRET_OF_THE_APP'] = 'x';
    const script = `printf '%s\\n' "$@" > ${bench.folder.path}/args; env > ${bench.folder.path}/env\n${printing({ token: 't' })}`;
    const command = await plugin('login', script);
    const args = ['get', '$(touch canary)', 'a b', '; rm -rf /', '--region=x'];
    await bench.opened(
      bench.trusted,
      exec(command, { args, env: [{ name: 'PROFILE', value: 'p q' }], provideClusterInfo: true }),
    );
    await bench.ask();
    delete process.env['AI4K8S_SECRET_OF_THE_APP'];
    expect((await readFile(join(bench.folder.path, 'args'), 'utf8')).trimEnd().split('\n')).toEqual(args);
    const environment = await readFile(join(bench.folder.path, 'env'), 'utf8');
    expect(environment).toContain('PROFILE=p q\n');
    expect(environment).toMatch(/^HOME=/m);
    expect(environment).not.toContain('AI4K8S_SECRET_OF_THE_APP');
    const info = /^KUBERNETES_EXEC_INFO=(.*)$/m.exec(environment)?.[1] ?? '';
    expect(JSON.parse(info)).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: { server: bench.server.url, 'certificate-authority-data': base64(bench.server.ca) },
      },
    });
  });

  test('a client certificate that it prints is shown to the API server', async () => {
    const { certificate, key } = await bench.server.client('plugged');
    const command = await plugin(
      'login',
      printing({ clientCertificateData: certificate, clientKeyData: key }).replaceAll('\\n', '\\\\n'),
    );
    await bench.opened(bench.trusted, exec(command));
    await bench.ask();
    expect(bench.server.seen[0]?.certificateOf).toBe('plugged');
  });

  test('what has expired is asked for again', async () => {
    const command = await plugin('login', printing({ token: 't', expirationTimestamp: '2020-01-01T00:00:00Z' }));
    const { kubeconfigs } = await bench.opened(bench.trusted, exec(command));
    const { id } = kubeconfigs.list()[0] ?? { id: '' };
    const entry = kubeconfigs.material(id).material.user.exec;
    if (entry === null) throw new Error('the kubeconfig has a plugin');
    const limits = { timeoutMs: 5000, outputBytes: 65_536, pauseMs: 0 };
    const source = new PluginCredentials(kubeconfigs, id, entry, new Redactor(), limits);
    const { signal } = new AbortController();
    await source.authenticate(signal);
    await source.authenticate(signal);
    expect(await runs()).toBe(2);
  });

  test('a missing program is told with what the kubeconfig says about it, its escapes made visible', async () => {
    await bench.opened(bench.trusted, exec('no-such-plugin', { installHint: 'curl \u001b[2J evil' }));
    const failure = await failureOf(bench.ask());
    expect(failure).toMatchObject({ code: 'cluster.credentials', cluster: 'test' });
    expect(failure.message).toContain('no-such-plugin');
    expect(failure.remedy).toContain('⟦U+001B⟧[2J');
    expect(failure.remedy).not.toContain('\u001b');
  });

  test('a program that fails is told with its exit code and its last words', async () => {
    const command = await plugin('login', 'echo "run: aws sso login" >&2; exit 7');
    await bench.opened(bench.trusted, exec(command));
    const failure = await failureOf(bench.ask());
    expect(failure.message).toContain('exit code 7: run: aws sso login');
    await failureOf(bench.ask());
    expect(await runs()).toBe(1);
  });

  test('an argument that no program can get is told, not thrown', async () => {
    await bench.opened(bench.trusted, exec(await plugin('login', 'true'), { args: ['a\0b'] }));
    expect((await failureOf(bench.ask())).code).toBe('cluster.credentials');
    expect(await runs()).toBe(0);
  });

  test.each([
    ['nothing', 'true'],
    ['no JSON', 'echo hello'],
    ['another version', printing({ token: 't' }, 'v1beta1')],
    ['neither token nor certificate', printing({})],
    ['a certificate without its key', printing({ clientCertificateData: 'x' })],
    ['a token with a line break in it', printing({ token: 'a\\nx-evil: 1' })],
    ['more than credentials', 'yes | head -c 200000'],
  ])('a program that prints %s is told, and nothing is sent', async (_what, script) => {
    await bench.opened(bench.trusted, exec(await plugin('login', script)));
    expect((await failureOf(bench.ask())).code).toBe('cluster.credentials');
    expect(bench.server.seen).toEqual([]);
  });

  const hangs = () => plugin('login', `sleep 600 & echo $! >> ${bench.folder.path}/children; wait`);
  const children = async () =>
    (await readFile(join(bench.folder.path, 'children'), 'utf8').catch(() => '')).trim().split('\n').map(Number);

  test('a program that hangs is stopped, with what it started', async () => {
    const { kubeconfigs } = await bench.opened(bench.trusted, exec(await hangs()));
    const { id } = kubeconfigs.list()[0] ?? { id: '' };
    const entry = kubeconfigs.material(id).material.user.exec;
    if (entry === null) throw new Error('the kubeconfig has a plugin');
    const limits = { timeoutMs: 500, outputBytes: 65_536, pauseMs: 0 };
    const source = new PluginCredentials(kubeconfigs, id, entry, new Redactor(), limits);
    const failure = await failureOf(source.authenticate(new AbortController().signal));
    expect(failure.message).toContain('gave no answer in 0.5 s');
    const [child = 0] = await children();
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test('a program that hangs holds up no other cluster, can be left alone, and ends with the app', async () => {
    const hanging = await bench.folder.file('hanging', kubeconfigOf('hanging', bench.trusted, exec(await hangs())));
    const other = { clusters: [{ name: 'd', cluster: bench.trusted }], users: [{ name: 'v', user: { token: 't' } }] };
    const contexts = [{ name: 'healthy', context: { cluster: 'd', user: 'v' } }];
    await bench.openedFiles([hanging, await bench.folder.file('healthy', JSON.stringify({ ...other, contexts }))]);
    const controller = new AbortController();
    const stuck = bench.ask('hanging', controller.signal);
    stuck.catch(() => undefined);
    await expect.poll(() => children().then(([pid]) => pid)).toBeGreaterThan(1);
    const at = performance.now();
    await bench.ask('healthy');
    expect(performance.now() - at).toBeLessThan(500);
    controller.abort();
    await expect(stuck).rejects.toThrow(/abort/i);
    await bench.close();
    const [child = 0] = await children();
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test('its program is found in the PATH that is given, absolute entries only', async () => {
    await mkdir(join(bench.folder.path, 'bin'));
    await writeFile(join(bench.folder.path, 'bin', 'login-tool'), `#!/bin/sh\n${printing({ token: 'found' })}\n`, {
      mode: 0o755,
    });
    const path = await bench.folder.file('config', kubeconfigOf('test', bench.trusted, exec('login-tool')));
    const searchPath = () => Promise.resolve(`.:bin:${bench.folder.path}/bin`);
    const { kubeconfigs } = await bench.openedFiles([path], true, { searchPath });
    const config = kubeconfigs.list()[0];
    expect(config?.questions[0]?.details[0]).toEqual({
      label: 'Program',
      value: `${bench.folder.path}/bin/login-tool`,
    });
    await bench.ask();
    expect(bench.server.seen[0]?.headers.authorization).toBe('Bearer found');
  });
});

/** A killed process whose parent is gone stays as a zombie where nobody collects it. */
async function isAlive(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  return line !== null && !/\) Z /.test(line);
}
