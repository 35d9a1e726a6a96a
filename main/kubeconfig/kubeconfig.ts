/**
 * The person's kubeconfigs: which contexts there are, and, for the gate alone, what each of them says.
 *
 * Promises: the files are read and never written; only regular files of at most 1 MiB are opened, so nothing hangs;
 * one bad file, entry or context never hides another; nothing that a kubeconfig names is run, and no file that it names
 * outside its own folder is read, before the person consented to exactly that (trust.ts). What leaves this folder as a
 * `ClusterConfig` holds no credential. After a change of a file the list follows.
 *
 * Decided against @kubernetes/client-node's loader: it opens whatever path it is given (a named pipe hangs it), takes
 * any YAML, drops a context silently, and is not bounded; a parser of known fields is also the list of what can matter.
 * The demo cluster's kubeconfig is our own file, so it asks nothing.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { AppError, type Failure } from '../../shared/errors.ts';
import { contextId } from './context-id.ts';
import { FactFinder } from './facts.ts';
import { loginPath } from './login-path.ts';
import { mergeKubeconfigs, type SourceFile } from './merge.ts';
import { parseKubeconfig, shown } from './parse.ts';
import { readRegularFile, UnreadableFile } from './read-file.ts';
import { questionsOf } from './trust.ts';
import { FileWatch } from './watch.ts';
import type { TrustQuestion } from '../../shared/clusters.ts';
import type { ClusterConfig } from './cluster-config.ts';
import type { Facts, ProgramFact } from './facts.ts';
import type { Material, UserEntry } from './material.ts';

export interface KubeconfigOptions {
  /** In order of precedence, as KUBECONFIG lists them. */
  readonly paths: readonly string[];
  /** The one of `paths` that is the demo cluster's. */
  readonly demoPath: string | null;
  /** Whether the person consented to the question with this id. */
  readonly consents: (question: string) => boolean;
  /** Follow changes of the files; on unless said. */
  readonly watch?: boolean;
  /** PATH in which programs are looked up; the login shell's unless said. */
  readonly searchPath?: () => Promise<string>;
}

export interface KubeconfigProblem {
  readonly source: string;
  readonly failure: Failure;
}

/** One context with its private side. `revision`: of everything it says; another one is another connection. */
export interface Entry {
  readonly config: ClusterConfig;
  readonly material: Material;
  readonly facts: Facts;
  readonly revision: string;
}

interface State {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly KubeconfigProblem[];
  readonly current: string | null;
}

export class Kubeconfigs {
  readonly #paths: readonly string[];
  readonly #demoPath: string | null;
  readonly #consents: (question: string) => boolean;
  readonly #finder: FactFinder;
  readonly #listeners = new Set<() => void>();
  #watch: FileWatch | null = null;
  #state: State = { entries: new Map(), problems: [], current: null };
  #loading: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: KubeconfigOptions) {
    this.#paths = [...new Set(options.paths.map((path) => resolve(path)))];
    this.#demoPath = options.demoPath === null ? null : resolve(options.demoPath);
    this.#consents = options.consents;
    this.#finder = new FactFinder(options.searchPath ?? loginPath);
  }

  static async open(options: KubeconfigOptions): Promise<Kubeconfigs> {
    const kubeconfigs = new Kubeconfigs(options);
    await kubeconfigs.reload();
    if (options.watch !== false) {
      kubeconfigs.#watch = new FileWatch(kubeconfigs.#paths, () => {
        // What cannot be read is a problem of the list; the promise is for who waits for it.
        kubeconfigs.reload().catch(() => undefined);
      });
      await kubeconfigs.#watch.ready;
    }
    return kubeconfigs;
  }

  /** Every context that can be used, in the order of the files. */
  list(): readonly ClusterConfig[] {
    return [...this.#state.entries.values()].map((entry) => entry.config);
  }

  get(id: string): ClusterConfig | undefined {
    return this.#state.entries.get(id)?.config;
  }

  /** What could not be read, per file. */
  problems(): readonly KubeconfigProblem[] {
    return this.#paths.length === 0 ? [{ source: '', failure: failureOf('', noPath) }] : this.#state.problems;
  }

  /** Id of the context that the kubeconfigs have in use; null where they name none, or one that cannot be used. */
  current(): string | null {
    return this.#state.current;
  }

  /** The questions of a context that are not consented to (yet). */
  pending(id: string): readonly TrustQuestion[] {
    return (this.get(id)?.questions ?? []).filter((question) => !this.#consents(question.id));
  }

  /** Throws AppError 'cluster.untrusted' while a question of the context is open. */
  assertTrusted(id: string): void {
    const open = this.pending(id).length;
    if (open === 0) return;
    const name = shown(this.get(id)?.context ?? id);
    throw new AppError({
      code: 'cluster.untrusted',
      message: `The kubeconfig of ${name} asks for ${open === 1 ? 'something that needs' : `${String(open)} things that need`} your consent first.`,
      remedy: 'Look at what it asks for in the Trust check, and allow it if you know it.',
      cluster: name,
    });
  }

  /** What a context signs in with, as a person would say. Throws AppError 'cluster.unknown'. */
  credentialOf(id: string): string {
    return credentialOf(this.#entry(id).material.user);
  }

  /** The private side of a context, for the gate. Throws AppError 'cluster.unknown'. */
  material(id: string): Entry {
    return this.#entry(id);
  }

  /**
   * Looks at the programs and files of a context as they are now and asks anew where they changed.
   * Throws AppError 'cluster.unknown'.
   */
  async recheck(id: string): Promise<ClusterConfig> {
    const before = this.#entry(id);
    const entry = await this.#prepare(before.material);
    if (JSON.stringify(entry.config) !== JSON.stringify(before.config) && this.#state.entries.get(id) === before) {
      this.#state = { ...this.#state, entries: new Map(this.#state.entries).set(id, entry) };
      this.#announce();
    }
    return entry.config;
  }

  /** Reads every file again. Concurrent calls run one after the other, so the last state read is the last state seen. */
  reload(): Promise<void> {
    const load = () => this.#load();
    this.#loading = this.#loading.then(load, load);
    return this.#loading;
  }

  /** Tells of every change of the list; returns the end of it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#watch?.close();
    await this.#loading;
  }

  async #load(): Promise<void> {
    if (this.#closed) return;
    const read = await Promise.all(this.#paths.map((source) => this.#read(source)));
    const files = read.flatMap(({ file }) => file ?? []);
    const { materials, currentContext, faults } = mergeKubeconfigs(files);
    const programs = new Map<string, Promise<ProgramFact>>();
    const prepared = await Promise.all(materials.map((material) => this.#prepare(material, programs)));
    const problems = [
      ...read.flatMap((one) => one.problems),
      ...faults.map(({ source, text }) => ({ source, failure: faulty(source, text) })),
    ];
    const state: State = {
      entries: new Map(prepared.map((entry) => [entry.config.id, entry])),
      problems,
      current: prepared.find((entry) => entry.config.context === currentContext)?.config.id ?? null,
    };
    const changed = signature(state) !== signature(this.#state);
    this.#state = state;
    if (changed) this.#announce();
  }

  async #read(source: string): Promise<{ file: SourceFile | null; problems: readonly KubeconfigProblem[] }> {
    try {
      const parsed = parseKubeconfig((await readRegularFile(source, true)).toString('utf8'));
      const problems = parsed.faults.map((text) => ({ source, failure: faulty(source, text) }));
      return { file: { source, parsed }, problems };
    } catch (error) {
      return { file: null, problems: [{ source, failure: failureOf(source, error) }] };
    }
  }

  async #prepare(material: Material, programs?: Map<string, Promise<ProgramFact>>): Promise<Entry> {
    const demo = material.source === this.#demoPath;
    const facts = await this.#finder.facts(material, programs);
    const questions = demo ? [] : questionsOf(material, facts);
    const consented = questions.every((question) => this.#consents(question.id));
    const { cluster, user } = material;
    const config: ClusterConfig = {
      id: contextId(material.context, material.source),
      context: material.context,
      source: material.source,
      server: cluster.address,
      user: user.name,
      namespace: material.namespace ?? 'default',
      identity: { server: cluster.address, caSha256: await caSha256(material, consented) },
      questions,
      demo,
    };
    const revision = createHash('sha256')
      .update(JSON.stringify([material, config.identity]))
      .digest('hex');
    return { config, material, facts, revision };
  }

  #entry(id: string): Entry {
    const entry = this.#state.entries.get(id);
    if (entry === undefined) {
      throw new AppError({
        code: 'cluster.unknown',
        message: 'This cluster is not in the kubeconfig any more.',
        remedy: 'Choose another cluster, or put the context back into the kubeconfig.',
      });
    }
    return entry;
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function credentialOf({ exec, authProvider, tokenFile, token, username, certFile, certData }: UserEntry): string {
  if (exec !== null) return `the credentials that the program ${shown(exec.command)} gave`;
  if (authProvider !== null) return `the ${shown(authProvider.name)} sign-in`;
  if (tokenFile !== null) return `the token in ${shown(tokenFile)}`;
  if (token !== null) return 'the token';
  if (username !== null) return 'the password';
  return certFile !== null || certData !== null ? 'the client certificate' : 'a request without credentials';
}

function signature(state: State): string {
  const entries = [...state.entries.values()].map((entry) => [entry.revision, entry.config]);
  return JSON.stringify([entries, state.problems, state.current]);
}

/** SHA-256 of the CA bundle in PEM; null: the system's roots. A file is read only where that is allowed. */
async function caSha256({ cluster }: Material, consented: boolean): Promise<string | null> {
  if (cluster.caData !== null) return sha256(Buffer.from(cluster.caData, 'base64'));
  if (cluster.caFile === null || !consented) return null;
  const bundle = await readRegularFile(cluster.caFile, true).catch(() => null);
  return bundle === null ? null : sha256(bundle);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function faulty(source: string, text: string): Failure {
  return {
    code: 'kubeconfig.invalid',
    message: `${text}`,
    remedy: `Correct ${source}; its other contexts can be used.`,
  };
}

const noPath = new UnreadableFile('missing', 'is not there');

function failureOf(source: string, error: unknown): Failure {
  if (error instanceof AppError) return { ...error.failure, remedy: `Correct ${source}, or choose another file.` };
  if (error instanceof UnreadableFile && error.reason === 'missing') {
    return {
      code: 'kubeconfig.missing',
      message: source === '' ? 'There is no kubeconfig.' : `There is no kubeconfig at ${source}.`,
      remedy: 'Name one with --kubeconfig or KUBECONFIG, or look around in the demo cluster: npm start -- --demo',
    };
  }
  if (error instanceof UnreadableFile) {
    return {
      code: 'kubeconfig.invalid',
      message: `The kubeconfig ${source} ${error.message}.`,
      remedy: 'Name a file of at most 1 MiB that you may read.',
    };
  }
  return {
    code: 'unexpected',
    message: `Reading the kubeconfig ${source} went wrong inside the app.`,
    remedy: 'Check the file; if it is right, report this.',
  };
}
