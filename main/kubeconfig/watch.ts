import { watch, type FSWatcher } from 'chokidar';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An editor or a tool writes in several steps; one change is told when they are over. */
const quietMs = 100;

/**
 * Tells of every change of some files, also where one is replaced by a rename, goes and comes again, or is not there
 * yet. Folders are watched, not files: a watched file that is replaced is a watched file that is gone.
 */
export class FileWatch {
  /** Resolves when changes are noticed from then on. */
  readonly ready: Promise<void>;
  readonly #watcher: FSWatcher;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(paths: readonly string[], changed: () => void) {
    this.#changed = changed;
    const wanted = new Set(paths);
    const folders = new Set(paths.flatMap((path) => chain(dirname(path))));
    this.#watcher = watch([...folders], {
      ignoreInitial: true,
      // Only the wanted files and the folders on the way to them: a home directory is not walked.
      ignored: (path) => !wanted.has(path) && !folders.has(path),
      depth: 0,
    });
    this.#watcher.on('all', (_event, path) => {
      if (wanted.has(path)) this.#tell();
    });
    // With nothing to watch it never says that it is ready.
    this.ready =
      paths.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#watcher.once('ready', resolve));
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#watcher.close();
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, quietMs);
  }
}

/** A folder and, while it is not there, the folders above it: it is noticed when it comes. */
function chain(folder: string): string[] {
  if (existsSync(folder) || basename(folder) === '') return [folder];
  return [folder, ...chain(dirname(folder))];
}
