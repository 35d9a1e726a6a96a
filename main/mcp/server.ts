/**
 * One running kubernetes-mcp-server: started, proved to be ours, ended with us.
 *
 * It holds no credential: its kubeconfig names only the gate, its environment is made anew, and what it may do in a call
 * is the permit that comes with that call. So another process that finds its port finds a server without rights.
 * Before anything is sent to the port, the listening socket is matched to the process we started, where the system
 * tells that (Linux). Everywhere, the first answer has to repeat a nonce that only a reader of our private folder
 * knows, before the first permit is sent (connection.ts). A port that somebody else took in between costs a retry.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import { startGuarded, type GuardedProcess } from './guardian.ts';
import { listenerOwner } from './listener.ts';
import type { RuntimeDir } from './runtime-dir.ts';
import { serverEnvironment, serverToml } from './server-config.ts';
import type { ListForm } from './tool-answer.ts';

/** What others see of it. */
export type RunningServer = Pick<
  McpServer,
  'form' | 'port' | 'pid' | 'nonce' | 'startedAt' | 'url' | 'exited' | 'hasEnded' | 'lastLines' | 'close'
>;

/** It usually listens after 0.1 s; a machine under load may take seconds. */
const startTimeoutMs = 15_000;
const ports = 3;

export class McpServer {
  readonly form: ListForm;
  readonly port: number;
  readonly nonce: string;
  readonly startedAt = Date.now();
  readonly #process: GuardedProcess;
  readonly #runtime: RuntimeDir;
  #ended = false;

  private constructor(form: ListForm, port: number, nonce: string, process: GuardedProcess, runtime: RuntimeDir) {
    this.form = form;
    this.port = port;
    this.nonce = nonce;
    this.#process = process;
    this.#runtime = runtime;
    const end = () => {
      this.#ended = true;
    };
    process.exited.then(end, end);
  }

  /**
   * Gives it when it listens. `kubeconfig` is the path of the synthetic one.
   * Throws AppError 'mcp.server-not-running' with what the server wrote last.
   */
  static async start(
    form: ListForm,
    binary: string,
    kubeconfig: string,
    runtime: RuntimeDir,
    signal?: AbortSignal,
  ): Promise<McpServer> {
    let lastLines: readonly string[] = [];
    for (let attempt = 0; attempt < ports; attempt += 1) {
      signal?.throwIfAborted();
      const port = await freePort();
      const nonce = randomBytes(24).toString('base64url');
      const folder = `server-${port}`;
      await mkdir(join(runtime.path, folder), { mode: 0o700, recursive: true });
      const config = await runtime.write(`${folder}/config.toml`, serverToml({ form, port, kubeconfig, nonce }));
      const home = join(runtime.path, folder);
      const environment = serverEnvironment(home, process.env);
      const child = await startGuarded(binary, ['--config', config], environment, home);
      const server = new McpServer(form, port, nonce, child, runtime);
      await runtime.record(child.pid);
      if (await server.#listens(signal)) return server;
      lastLines = child.lastLines();
      await server.close();
    }
    throw new AppError({
      code: 'mcp.server-not-running',
      message: `kubernetes-mcp-server did not start: ${causeOf(lastLines)}`,
      remedy: 'Run the self-check; if it stays, restart the app.',
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}/mcp`);
  }

  /** Settles when the process has ended, however. Never rejects. */
  get exited(): Promise<number | null> {
    return this.#process.exited;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  lastLines(): readonly string[] {
    return this.#process.lastLines();
  }

  async close(): Promise<void> {
    this.#process.kill();
    await this.#process.exited;
    await this.#runtime.remove(`child-${this.pid}.json`);
    await this.#runtime.remove(`server-${this.port}`);
  }

  /** False where it ended, stayed silent, or somebody else holds the port. */
  async #listens(signal?: AbortSignal): Promise<boolean> {
    const until = Date.now() + startTimeoutMs;
    while (!this.#ended && Date.now() < until) {
      if (signal?.aborted === true) {
        await this.close();
        signal.throwIfAborted();
      }
      const owner = await listenerOwner(this.port, this.pid);
      if (owner === 'other') return false;
      if (owner !== 'nobody' && (await isHealthy(this.port))) return true;
      await delay(10);
    }
    return false;
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
      redirect: 'error',
      signal: AbortSignal.timeout(1000),
    });
    return response.status === 200;
  } catch {
    // Not yet: the loop that asks knows when to stop.
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a listening TCP socket has a port');
  return address.port;
}

/** The server's own `Error: …`, else its last line. */
function causeOf(lines: readonly string[]): string {
  const said = lines.find((line) => line.startsWith('Error: ')) ?? lines.at(-1);
  return said?.replace(/^Error: /, '') ?? 'it ended without a word.';
}
