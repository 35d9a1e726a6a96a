import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A folder of this run alone, mode 0700, for the server's kubeconfig and configuration, with a record of each child.
 * What an earlier run left behind is swept when this one opens: its folder removed, and a child that still lives killed,
 * if it is the very process that was recorded (pid and start time).
 */
export class RuntimeDir {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(base: string): Promise<RuntimeDir> {
    await mkdir(base, { recursive: true, mode: 0o700 });
    await sweep(base);
    const path = join(base, `${process.pid}-${randomBytes(6).toString('hex')}`);
    await mkdir(path, { mode: 0o700 });
    await writeFile(join(path, 'owner.json'), JSON.stringify(await identityOf(process.pid)), { mode: 0o600 });
    return new RuntimeDir(path);
  }

  /** Replaces a file whole, mode 0600: a reader sees the old text or the new one. Gives its path. */
  async write(name: string, text: string): Promise<string> {
    const file = join(this.path, name);
    const next = `${file}.${randomBytes(4).toString('hex')}`;
    await writeFile(next, text, { mode: 0o600, flag: 'wx' });
    await rename(next, file);
    return file;
  }

  /** Remembers a child, so that a later run can end it if this one cannot. */
  async record(pid: number): Promise<void> {
    await this.write(`child-${pid}.json`, JSON.stringify(await identityOf(pid)));
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.path, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

interface ProcessIdentity {
  readonly pid: number;
  /** As the system says it; null where it does not: then nothing is killed. */
  readonly started: string | null;
}

async function sweep(base: string): Promise<void> {
  for (const entry of await readdir(base)) {
    const folder = join(base, entry);
    // The name alone tells the owner of a folder that another run is just making.
    const owner = (await readIdentity(join(folder, 'owner.json'))) ?? {
      pid: Number.parseInt(entry, 10),
      started: null,
    };
    if (await isAlive(owner)) continue;
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((name) => name.startsWith('child-'))) {
      const child = await readIdentity(join(folder, file));
      if (child?.started != null && (await isAlive(child))) process.kill(child.pid, 'SIGKILL');
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function readIdentity(file: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

async function isAlive(recorded: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(recorded.pid, 0);
  } catch {
    // Not there, or somebody else's: not ours in either case.
    return false;
  }
  return recorded.started === null || (await identityOf(recorded.pid)).started === recorded.started;
}

async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, started: await startTime(pid).catch(() => null) };
}

async function startTime(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Field 22; the second field may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  }
  if (process.platform === 'win32') return null;
  const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'lstart=', '-p', String(pid)]);
  return stdout.trim() || null;
}
