import { watch, type FSWatcher } from 'chokidar';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** An editor or a tool writes in several steps; one change is told when they are over. */
const quietMs = 100;

/**
 * Tells of every change of some files, also where one is replaced by a rename, goes and comes again, or is not there
 * yet, and where that happens to its folder. So it is not the file that is watched but what is above its folder: a
 * watched file that is replaced is a watched file that is gone.
 */
export class FileWatch {
  /** Resolves when changes are noticed from then on. */
  readonly ready: Promise<void>;
  readonly #watcher: FSWatcher;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param paths absolute */
  constructor(paths: readonly string[], changed: () => void) {
    this.#changed = changed;
    const ways = paths.map(wayTo);
    // Only the files and the folders on the way to them: a home directory is listed, and not walked.
    const onTheWay = new Set(ways.flat());
    this.#watcher = watch([...new Set(ways.flatMap((way) => way.at(-1) ?? []))], {
      ignoreInitial: true,
      ignored: (path) => !onTheWay.has(path),
    });
    this.#watcher.on('all', (_event, path) => {
      if (onTheWay.has(path)) this.#tell();
    });
    this.ready = new Promise((resolve) => {
      if (paths.length === 0) resolve();
      this.#watcher.once('ready', resolve);
      // A folder that may not be watched is no reason to end: its kubeconfig is read at the start all the same.
      this.#watcher.on('error', () => resolve());
    });
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

/** A file, its folder, and every folder above that up to the first that is there; the folder's own folder at least. */
function wayTo(path: string): string[] {
  const way = [path, dirname(path)];
  for (let folder = dirname(dirname(path)); ; folder = dirname(folder)) {
    way.push(folder);
    if (existsSync(folder) || folder === dirname(folder)) return way;
  }
}
