/*
 * Kubeconfigs that somebody else wrote. Whatever they say: no program of theirs runs, no file that they name leaves, no
 * address that they name is asked, and each is answered in words, in at most 200 ms of work.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { loginPath } from '../../main/kubeconfig/login-path.ts';
import { startRecordingServer, type RecordingServer } from '../support/credential-servers.ts';
import { exec, hostileKubeconfigs, secret, simple, type Place } from '../support/hostile-kubeconfigs.ts';
import { makePipe, writeEvil } from '../support/planted.ts';
import { asTest, kubeconfigOf, newFolder, openKubeconfigs, type OpenKubeconfigs } from '../support/open-kubeconfigs.ts';

let server: RecordingServer;
let folder: Awaited<ReturnType<typeof newFolder>>;
let place: Place;

beforeAll(async () => {
  server = await startRecordingServer();
  // The first use of a library is slower than every later one, and is not the file's doing.
  await loginPath();
  const warm = await newFolder();
  const open = await openKubeconfigs([
    await warm.file('config', kubeconfigOf('x', { server: server.url }, { token: 't' })),
  ]);
  await errorOf(open, 'x');
  await open.close();
  await warm.remove();
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await newFolder();
  place = {
    own: join(folder.path, 'own'),
    other: join(folder.path, 'other'),
    canary: join(folder.path, 'canary'),
    server: server.url,
  };
  await mkdir(place.own);
  await mkdir(place.other);
  await writeFile(join(place.other, 'secret'), secret);
  await writeEvil(join(place.other, 'evil'), place.canary);
  makePipe(join(place.other, 'pipe'));
  server.seen.length = 0;
});
afterEach(() => folder.remove());

describe.skipIf(process.platform === 'win32')('a kubeconfig from a stranger', () => {
  test.each(hostileKubeconfigs)('$what', async (row) => {
    await row.prepare?.(place);
    const path = join(place.own, 'config');
    await writeFile(path, row.text(place));
    const opened = stopwatch();
    const open = await openKubeconfigs([path]);
    opened();
    try {
      const configs = open.kubeconfigs.list();
      const said = open.kubeconfigs.problems().map(({ failure }) => failure.message);
      const asked = configs.flatMap(({ questions }) => questions.map(({ kind }) => kind));
      if (row.asks !== undefined) expect(asked).toEqual(row.asks);
      else expect(asked).toEqual([]);

      for (const { id } of configs) {
        const asking = stopwatch();
        const error = await errorOf(open, open.kubeconfigs.get(id)?.context ?? '');
        asking();
        expect(error).toBeInstanceOf(AppError);
        const { failure } = error as AppError;
        said.push(failure.message);
        if (row.asks !== undefined) expect(failure.code).toBe('cluster.untrusted');
      }
      if (row.asks === undefined) expect(said.join(' ')).toMatch(row.says ?? /./);
      const words = JSON.stringify([said, configs, open.kubeconfigs.problems()]);
      expect(words).not.toContain(secret);
    } finally {
      await open.close();
    }
    expect(existsSync(place.canary)).toBe(false);
    expect(server.seen).toEqual([]);
  });

  test('the home directory is not a folder of its own: what lies in it is asked about', async () => {
    const home = process.env['HOME'];
    process.env['HOME'] = place.own;
    try {
      await mkdir(join(place.own, '.ssh'));
      await writeFile(join(place.own, '.ssh', 'id_rsa'), secret);
      await writeFile(join(place.own, 'config'), simple({}, { tokenFile: '.ssh/id_rsa' }, place));
      const open = await openKubeconfigs([join(place.own, 'config')]);
      expect(open.kubeconfigs.list()[0]?.questions.map(({ kind }) => kind)).toEqual(['file-outside']);
      await open.close();
    } finally {
      process.env['HOME'] = home;
    }
  });

  test('a second file does not get the credentials of the first by naming them', async () => {
    await writeFile(join(place.own, 'mine'), JSON.stringify({ users: [{ name: 'admin', user: { token: secret } }] }));
    const theirs = {
      clusters: [
        {
          name: 'c',
          cluster: { server: place.server, 'certificate-authority-data': Buffer.from(server.ca).toString('base64') },
        },
      ],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'admin' } }],
    };
    await writeFile(join(place.other, 'theirs'), JSON.stringify(theirs));
    const open = await openKubeconfigs([join(place.own, 'mine'), join(place.other, 'theirs')]);
    expect(await errorOf(open, 'x')).toMatchObject({ failure: { code: 'cluster.untrusted' } });
    await open.close();
    expect(server.seen).toEqual([]);
  });

  test('a consented plugin of an unsupported version is told before it runs', async () => {
    const path = join(place.own, 'config');
    await writeFile(
      path,
      simple({}, exec(`${place.other}/evil`, { apiVersion: 'client.authentication.k8s.io/v1alpha1' }), place),
    );
    const open = await openKubeconfigs([path]);
    for (const { id } of open.kubeconfigs.list()) open.consent(id);
    await expect(open.session('x').read({ path: '/version' }, asTest)).rejects.toThrow(/not v1 or v1beta1/);
    await open.close();
    expect(existsSync(place.canary)).toBe(false);
  });

  test('a kubeconfig that is a pipe, a folder or a device is told and not waited for', async () => {
    const pipe = join(place.own, 'pipe');
    makePipe(pipe);
    const opened = stopwatch();
    const open = await openKubeconfigs([pipe, place.own, '/dev/zero', join(place.own, 'missing')]);
    opened();
    expect(open.kubeconfigs.problems().map(({ failure }) => failure.code)).toEqual([
      'kubeconfig.invalid',
      'kubeconfig.invalid',
      'kubeconfig.invalid',
      'kubeconfig.missing',
    ]);
    await open.close();
  });
});

/**
 * Checks how long something took: at most 200 ms of this process's own time, which other work of the machine does not
 * lengthen, and no waiting for something that never comes.
 */
function stopwatch(): () => void {
  const [at, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(200);
    expect(performance.now() - at).toBeLessThan(2000);
  };
}

/** What asking a context ends with; null where it is answered. */
async function errorOf(open: OpenKubeconfigs, context: string): Promise<unknown> {
  try {
    await open.session(context).read({ path: '/version' }, asTest);
    return null;
  } catch (error) {
    return error;
  }
}
