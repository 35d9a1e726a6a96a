import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kubeconfigOf, newFolder, openKubeconfigs, type OpenKubeconfigs } from '../support/open-kubeconfigs.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let open: OpenKubeconfigs | null = null;

beforeEach(async () => {
  folder = await newFolder();
});
afterEach(async () => {
  await open?.close();
  open = null;
  await folder.remove();
});

const of = (context: string) => kubeconfigOf(context, { server: 'https://127.0.0.1:1' }, { token: 't' });

async function watched(
  ...paths: string[]
): Promise<{ contexts: () => string[]; until: (...names: string[]) => Promise<void> }> {
  open = await openKubeconfigs(paths, { watch: true });
  const { kubeconfigs } = open;
  const contexts = () => kubeconfigs.list().map(({ context }) => context);
  const until = (...names: string[]) =>
    new Promise<void>((resolve, reject) => {
      const isSo = () => JSON.stringify(contexts()) === JSON.stringify(names);
      const timer = setTimeout(() => reject(new Error(`the list is ${contexts().join(', ')}`)), 5000);
      const stop = kubeconfigs.onChange(() => check());
      const check = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        stop();
        resolve();
      };
      check();
    });
  return { contexts, until };
}

describe('the list of contexts follows its files', () => {
  test('through a change, a replacement by rename, a deletion and a new beginning', async () => {
    const path = await folder.file('config', of('one'));
    const { contexts, until } = await watched(path);
    expect(contexts()).toEqual(['one']);
    await writeFile(path, of('two'));
    await until('two');
    for (const name of ['three', 'four']) {
      await rename(await folder.file('config.new', of(name)), path);
      await until(name);
    }
    await rm(path);
    await until();
    expect(open?.kubeconfigs.problems()[0]?.failure.code).toBe('kubeconfig.missing');
    await writeFile(path, of('five'));
    await until('five');
    expect(open?.kubeconfigs.problems()).toEqual([]);
    await writeFile(path, of('six'));
    await until('six');
  });

  test('where a file, and the folders that it is in, are not there yet', async () => {
    const path = join(folder.path, 'home', '.kube', 'config');
    const { contexts, until } = await watched(path);
    expect(contexts()).toEqual([]);
    await mkdir(join(folder.path, 'home', '.kube'), { recursive: true });
    await writeFile(path, of('first'));
    await until('first');
    await writeFile(path, of('second'));
    await until('second');
    await rm(join(folder.path, 'home', '.kube'), { recursive: true });
    await until();
    await mkdir(join(folder.path, 'home', '.kube'));
    await writeFile(path, of('third'));
    await until('third');
  });

  test('where the file is a link, and what it leads to changes', async () => {
    const target = await folder.file('real-config', of('one'));
    await mkdir(join(folder.path, 'linked'));
    const path = join(folder.path, 'linked', 'config');
    await symlink(target, path);
    const { until } = await watched(path);
    await writeFile(target, of('two'));
    await until('two');
    await rename(await folder.file('real-config.new', of('three')), target);
    await until('three');
  });

  test('and a state that cannot be read is told, and left again', async () => {
    const path = await folder.file('config', of('one'));
    const { until } = await watched(path, await folder.file('other', of('other')));
    await writeFile(path, 'a: [');
    await until('other');
    expect(open?.kubeconfigs.problems()[0]?.failure.code).toBe('kubeconfig.invalid');
    await writeFile(path, of('two'));
    await until('two', 'other');
  });

  test('and the connection is made anew with what is written then', async () => {
    const path = await folder.file('config', of('one'));
    const { until } = await watched(path);
    const id = open?.kubeconfigs.list()[0]?.id ?? '';
    const before = open?.upstreams.get(id);
    await writeFile(path, of('one').replace('"t"', '"u"'));
    const changed = new Promise<void>((resolve) => open?.kubeconfigs.onChange(resolve));
    await changed;
    await until('one');
    expect(open?.upstreams.get(id)).not.toBe(before);
    expect(await open?.upstreams.get(id).credentials()).toEqual({ authorization: 'Bearer u' });
  });
});
