import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextId } from '../../../../main/kubeconfig/context-id.ts';
import { findKubeconfigs } from '../../../../main/kubeconfig/find.ts';
import { askShell, joinPaths } from '../../../../main/kubeconfig/login-path.ts';
import { newFolder } from '../../../support/open-kubeconfigs.ts';

describe('which kubeconfigs apply', () => {
  test('the flag, else KUBECONFIG, else the one at home', () => {
    const environment = { KUBECONFIG: ['/a', '', '/b'].join(delimiter) };
    expect(findKubeconfigs('/flag', environment, '/home/x')).toEqual(['/flag']);
    expect(findKubeconfigs(null, environment, '/home/x')).toEqual(['/a', '/b']);
    expect(findKubeconfigs(null, { KUBECONFIG: '' }, '/home/x')).toEqual([join('/home/x', '.kube', 'config')]);
    expect(findKubeconfigs(null, {}, '/home/x')).toEqual([join('/home/x', '.kube', 'config')]);
  });
});

describe('the id of a context', () => {
  test('is safe in a URL, the same each time, and different for another file or name', () => {
    const names = ['arn:aws:eks:eu:1:cluster/shop', '日本語', '..', 'a/b', 'a b', 'a-b', '', 'x'.repeat(5000), 'Ä'];
    const ids = names.flatMap((name) => [contextId(name, '/one'), contextId(name, '/two')]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(contextId('a/b', '/one')).toBe(contextId('a/b', '/one'));
    expect(Math.max(...ids.map(({ length }) => length))).toBeLessThanOrEqual(43);
  });
});

describe.skipIf(process.platform === 'win32')('PATH of the login shell', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => folder.remove());

  async function shell(script: string): Promise<string> {
    const path = join(folder.path, 'shell');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  test('is what the shell has after its start-up files, whatever those print', async () => {
    const noisy = await shell('echo "Welcome! PATH=/wrong"; PATH=/opt/tools:$PATH; export PATH; exec /bin/sh -c "$3"');
    expect(await askShell(noisy, 5000)).toBe(`/opt/tools:${process.env['PATH'] ?? ''}`);
  });

  test('is empty where the shell hangs, fails or is not there, and does not keep anybody waiting', async () => {
    const at = performance.now();
    expect(await askShell(await shell('exec sleep 60'), 200)).toBe('');
    expect(performance.now() - at).toBeLessThan(3000);
    expect(await askShell(await shell('exit 3'), 5000)).toBe('');
    expect(await askShell(join(folder.path, 'none'), 5000)).toBe('');
    expect(await askShell(null, 5000)).toBe('');
  });

  test('goes before the app’s own, and each entry counts once', () => {
    expect(joinPaths(`/a${delimiter}/b`, `/b${delimiter}${delimiter}/c`)).toBe(['/a', '/b', '/c'].join(delimiter));
  });
});
