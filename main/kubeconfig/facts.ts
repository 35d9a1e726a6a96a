import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { filesOf } from './named-files.ts';
import type { ExecEntry, Material } from './material.ts';

/** A program that a kubeconfig wants to run, as it is on this machine now. */
export interface ProgramFact {
  /** Where the command was found; null: nowhere. */
  readonly path: string | null;
  /** The file itself, symbolic links followed. */
  readonly real: string | null;
  /** Of the file's content; null where it cannot be read or is no regular file, and then it cannot be consented to. */
  readonly sha256: string | null;
}

/** What is known of the files that a context names, without having read one of them (a program's hash excepted). */
export interface Facts {
  /** Per path as the kubeconfig names it: what it leads to (null: nothing there), and whether that is in its own folder. */
  readonly files: ReadonlyMap<string, { readonly real: string | null; readonly inside: boolean }>;
  readonly program: ProgramFact | null;
}

/** No program of this kind is larger; hashing one of this size takes under a second. */
const maxProgramBytes = 512 * 1024 * 1024;

/** Gathers facts, and remembers the hash of a program for as long as its inode, size and times stay. */
export class FactFinder {
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #searchPath: () => Promise<string>;

  /** @param searchPath PATH as the person's login shell has it */
  constructor(searchPath: () => Promise<string>) {
    this.#searchPath = searchPath;
  }

  /** @param programs of the same look at the machine: many contexts name the same one */
  async facts(material: Material, programs = new Map<string, Promise<ProgramFact>>()): Promise<Facts> {
    const files = await Promise.all(
      filesOf(material).map(async ({ path, source }) => {
        const real = await realpath(path).catch(() => null);
        return [path, { real, inside: await isInOwnFolder(real ?? path, source) }] as const;
      }),
    );
    const exec = material.user.exec;
    if (exec === null) return { files: new Map(files), program: null };
    const program = programs.get(exec.command) ?? this.program(exec.command);
    programs.set(exec.command, program);
    return { files: new Map(files), program: await program };
  }

  /** What a command is on this machine now: an absolute path, or a name in PATH. */
  async program(command: ExecEntry['command']): Promise<ProgramFact> {
    const path = await this.#find(command);
    if (path === null) return { path: null, real: null, sha256: null };
    const real = await realpath(path).catch(() => null);
    return { path, real, sha256: real === null ? null : await this.#hash(real) };
  }

  async #find(command: string): Promise<string | null> {
    if (isAbsolute(command)) return (await isProgram(command)) ? command : null;
    // A PATH entry that is not absolute depends on where the app was started: it could be anybody's folder.
    const folders = (await this.#searchPath()).split(delimiter).filter(isAbsolute);
    // Windows runs .cmd and .bat only through a shell, which would read the arguments its own way.
    const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
    for (const path of folders.flatMap((folder) => endings.map((ending) => join(folder, command + ending)))) {
      if (await isProgram(path)) return path;
    }
    return null;
  }

  async #hash(real: string): Promise<string | null> {
    const facts = await stat(real, { bigint: true }).catch(() => null);
    if (facts === null || !facts.isFile() || facts.size > maxProgramBytes) return null;
    const version = [real, facts.dev, facts.ino, facts.size, facts.mtimeNs, facts.ctimeNs].join('\0');
    const known = this.#hashes.get(version) ?? sha256OfFile(real);
    this.#hashes.set(version, known);
    return known.catch(() => null);
  }
}

async function isProgram(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * A kubeconfig's own folder is the one it lies in, unless that folder holds everything: the home directory, the
 * temporary directory and what is above them are nobody's own.
 */
async function isInOwnFolder(real: string, source: string): Promise<boolean> {
  const folder = dirname(await realpath(source).catch(() => source));
  const shared = await Promise.all([homedir(), tmpdir()].map((path) => realpath(path).catch(() => path)));
  if (shared.some((path) => isWithin(path, folder))) return false;
  return isWithin(real, folder);
}

/** `path` is `folder` or lies in it. Both absolute. */
function isWithin(path: string, folder: string): boolean {
  const end = folder.endsWith('/') || folder.endsWith('\\') ? '' : process.platform === 'win32' ? '\\' : '/';
  return path === folder || path.startsWith(folder + end);
}
