import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { AppError, type Failure } from '../../shared/errors.ts';
import { startRecordingServer, type RecordingServer } from './credential-servers.ts';
import { asTest, kubeconfigOf, newFolder, openKubeconfigs, type OpenKubeconfigs } from './open-kubeconfigs.ts';

/** A recording API server for the file, and a folder and kubeconfigs for each test. */
export class CredentialBench {
  #server: RecordingServer | null = null;
  #folder: Awaited<ReturnType<typeof newFolder>> | null = null;
  #open: OpenKubeconfigs | null = null;

  /** Call once, at the top of a test file. */
  static prepare(): CredentialBench {
    const bench = new CredentialBench();
    beforeAll(async () => {
      bench.#server = await startRecordingServer();
    });
    afterAll(() => bench.server.close());
    beforeEach(async () => {
      bench.#folder = await newFolder();
      bench.server.seen.length = 0;
      bench.server.refused.clear();
    });
    afterEach(async () => {
      await bench.close();
      await bench.folder.remove();
    });
    return bench;
  }

  get server(): RecordingServer {
    if (this.#server === null) throw new Error('the server is there only during a test');
    return this.#server;
  }

  get folder(): Awaited<ReturnType<typeof newFolder>> {
    if (this.#folder === null) throw new Error('the folder is there only during a test');
    return this.#folder;
  }

  /** The server as a kubeconfig that trusts it describes it. */
  get trusted(): { server: string; 'certificate-authority-data': string } {
    return { server: this.server.url, 'certificate-authority-data': base64(this.server.ca) };
  }

  /** One context named `test`; everything it asks is consented to unless said. Closes what was open. */
  async opened(cluster: object, user: object, consent = true): Promise<OpenKubeconfigs> {
    return this.openedFiles([await this.folder.file('config', kubeconfigOf('test', cluster, user))], consent);
  }

  async openedFiles(
    paths: readonly string[],
    consent = true,
    options: Parameters<typeof openKubeconfigs>[1] = {},
  ): Promise<OpenKubeconfigs> {
    await this.close();
    const open = await openKubeconfigs(paths, options);
    this.#open = open;
    if (consent) for (const { id } of open.kubeconfigs.list()) open.consent(id);
    return open;
  }

  /** The version, as a context's session reads it through the gate. */
  async ask(context = 'test', signal?: AbortSignal): Promise<unknown> {
    if (this.#open === null) throw new Error('no kubeconfig is open');
    const answer = await this.#open.session(context).read({ path: '/version' }, { ...asTest, signal });
    return answer.json();
  }

  /** The Authorization header of every request so far. */
  get bearers(): (string | undefined)[] {
    return this.server.seen.map(({ headers }) => headers.authorization);
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The failure that work ends with; throws where it goes through, or fails for no foreseen reason. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('it went through'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error.failure;
  throw error;
}
