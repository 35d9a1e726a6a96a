import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuntimeDir } from '../../../../main/mcp/runtime-dir.ts';

let base: string;
beforeEach(async () => {
  base = join(await mkdtemp(join(tmpdir(), 'ai4k8s-run-')), 'run');
});
afterEach(() => rm(join(base, '..'), { recursive: true, force: true }));

/** A folder as a run leaves it behind that was ended by force, with a child that lives on. */
async function leftBehind(started: (recorded: string) => string) {
  const child = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const mine = await RuntimeDir.open(base);
  await mine.record(child.pid ?? 0);
  const record = join(mine.path, `child-${child.pid}.json`);
  const recorded = JSON.parse(await readFile(record, 'utf8')) as { started: string };
  const folder = join(base, '999999-dead');
  await mkdir(folder);
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: 999_999, started: '1' }));
  const text = JSON.stringify({ pid: child.pid, started: started(recorded.started) });
  await writeFile(join(folder, `child-${child.pid}.json`), text);
  await mine.close();
  return child;
}

describe('the private folder of a run', () => {
  it.runIf(process.platform !== 'win32')('and its files are for this user alone', async () => {
    const dir = await RuntimeDir.open(base);
    const file = await dir.write('kubeconfig', 'x');
    expect((await stat(dir.path)).mode & 0o777).toBe(0o700);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('replaces a file whole and leaves no part behind', async () => {
    const dir = await RuntimeDir.open(base);
    await dir.write('kubeconfig', 'old');
    const file = await dir.write('kubeconfig', 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await readdir(dir.path)).sort()).toEqual(['kubeconfig', 'owner.json']);
  });

  it('is gone after close, and the next run sweeps what a killed one left', async () => {
    const child = await leftBehind((started) => started);
    const exited = once(child, 'exit');
    const dir = await RuntimeDir.open(base);
    expect((await exited)[1]).toBe('SIGKILL');
    expect(await readdir(base)).toHaveLength(1);
    await dir.close();
    expect(await readdir(base)).toHaveLength(0);
  });

  it('is swept without killing a process that only has the same number as the recorded one', async () => {
    const child = await leftBehind((started) => `${started}0`);
    await RuntimeDir.open(base);
    const echo = once(child.stdout, 'data');
    child.stdin.write('still here');
    expect(String((await echo)[0])).toBe('still here');
    child.kill('SIGKILL');
  });

  it('is left alone while the app that owns it runs', async () => {
    const first = await RuntimeDir.open(base);
    const second = await RuntimeDir.open(base);
    expect((await readdir(base)).length).toBe(2);
    await first.close();
    await second.close();
  });
});
