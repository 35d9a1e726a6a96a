import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChannelName, Input, Output } from '../../../shared/contract.ts';
import type { Reply } from '../../../shared/channel.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The app as `npm start` starts it in the browser host, with a data folder of its own. */
export class AppProcess {
  readonly origin: string;
  /** As it was printed; its ticket is used up unless it was left for a page. */
  readonly link: string;
  /** The header token of the one session, which every page of the worker shares. */
  readonly token: string;
  readonly dataDir: string;
  readonly #stop: () => Promise<void>;

  private constructor(link: string, token: string, dataDir: string, stop: () => Promise<void>) {
    this.origin = new URL(link).origin;
    this.link = link;
    this.token = token;
    this.dataDir = dataDir;
    this.#stop = stop;
  }

  /** With `exchange` the link's ticket becomes the token; without it is left for a page. */
  static async start(flags: readonly string[], dataDir?: string, exchange = true): Promise<AppProcess> {
    const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'ai4k8s-e2e-')));
    const args = ['--browser', '--no-open', '--data-dir', dir, ...flags];
    const child = spawn(process.execPath, [join(root, 'main', 'hosts', 'launch.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const ended = once(child, 'exit');
    const link = Promise.withResolvers<string>();
    createInterface(child.stdout).on('line', (line) => {
      said += `${line}\n`;
      const ready = /ready at (\S+)/.exec(line);
      if (ready?.[1] !== undefined) link.resolve(ready[1]);
    });
    child.once('exit', () => link.reject(new Error(`The app did not start.\n${said}`)));
    const url = new URL(await link.promise);
    const stop = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    if (!exchange) return new AppProcess(url.href, '', dir, stop);
    const ticket = new URLSearchParams(url.hash.slice(1)).get('ticket');
    const response = await fetch(`${url.origin}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url.origin },
      body: JSON.stringify({ ticket }),
    });
    const { token } = (await response.json()) as { token: string };
    return new AppProcess(url.href, token, dir, stop);
  }

  /** Over the same door as the window. Throws with the failure's words. */
  async request<C extends ChannelName>(name: C, input: Input<C>): Promise<Output<C>> {
    const response = await fetch(`${this.origin}/request/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.origin, authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ input }),
    });
    const reply = (await response.json()) as Reply<Output<C>>;
    if (!reply.ok) throw new Error(`${name}: ${reply.failure.message} ${reply.failure.remedy}`);
    return reply.value;
  }

  /** What kubectl would print on stdout. */
  async kubectl(line: string): Promise<string> {
    const { clusters, selected } = await this.request('clusters.list', undefined);
    const cluster = clusters.find((one) => one.id === selected) ?? null;
    const result = await this.request('commands.run', {
      run: crypto.randomUUID(),
      line: `kubectl ${line}`,
      cluster: cluster?.id ?? null,
      namespace: cluster?.namespace ?? null,
      conversation: null,
      form: 'terminal',
    });
    if (result.failure !== null) throw new Error(`${line}: ${result.failure.message}`);
    return result.body.kind === 'text' ? result.body.text : '';
  }

  /** Ends the process and leaves its data. */
  async stop(): Promise<void> {
    await this.#stop();
  }

  async close(): Promise<void> {
    await this.#stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
