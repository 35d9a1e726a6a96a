import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Reply } from '../../shared/channel.ts';
import type { ChannelName, EventName, EventOf, Input, Output } from '../../shared/contract.ts';
import { AppError } from '../../shared/errors.ts';
import { startApp, type App } from '../../main/app.ts';
import type { Host, StartOptions } from '../../main/host.ts';

/** One published event, as the host got it. */
export interface Published {
  readonly name: EventName;
  readonly payload: unknown;
  readonly client: string | null;
}

/** The whole application in this process, behind a host that writes down what is published. */
export interface RunningApp {
  readonly app: App;
  readonly dataDir: string;
  /** Names the caller; events for other clients are recorded too. */
  readonly client: string;
  readonly events: readonly Published[];
  /** Over the door, as JSON both ways. Throws AppError with the reply's failure. */
  request<C extends ChannelName>(name: C, input: Input<C>): Promise<Output<C>>;
  /** The reply as it is. */
  ask(name: string, input: unknown): Promise<Reply<unknown>>;
  /** The first event of this name that fits, past or to come. Rejects after `timeoutMs`. */
  event<E extends EventName>(name: E, fits?: (payload: EventOf<E>) => boolean, timeoutMs?: number): Promise<EventOf<E>>;
  /** Ends the app; its data folder goes too, unless it was given. */
  close(): Promise<void>;
}

export async function startTestApp(options: Partial<StartOptions> = {}): Promise<RunningApp> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ai4k8s-app-')));
  const client = randomUUID();
  const events: Published[] = [];
  const listeners = new Set<(published: Published) => void>();
  const host: Host = {
    kind: 'browser',
    openExternal: null,
    publish(name, payload, to) {
      const published = { name, payload: JSON.parse(JSON.stringify(payload)) as unknown, client: to ?? null };
      events.push(published);
      for (const listener of listeners) listener(published);
    },
  };
  const app = await startApp(host, {
    kubeconfigs: [],
    demoKubeconfig: null,
    version: '0.0.0-test',
    ...options,
    dataDir,
  });
  const ask = async (name: string, input: unknown) => {
    const sent = input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown);
    const reply = await app.dispatch(name, sent, { client, account: app.account });
    return JSON.parse(JSON.stringify(reply)) as Reply<unknown>;
  };
  return {
    app,
    dataDir,
    client,
    events,
    ask,
    async request<C extends ChannelName>(name: C, input: Input<C>) {
      const reply = await ask(name, input);
      if (!reply.ok) throw new AppError(reply.failure);
      return reply.value as Output<C>;
    },
    event<E extends EventName>(name: E, fits: (payload: EventOf<E>) => boolean = () => true, timeoutMs = 20_000) {
      const matches = (one: Published) => one.name === name && fits(one.payload as EventOf<E>);
      const past = events.find(matches);
      if (past !== undefined) return Promise.resolve(past.payload as EventOf<E>);
      const { promise, resolve, reject } = Promise.withResolvers<EventOf<E>>();
      const timer = setTimeout(() => reject(new Error(`no ${name} came in ${String(timeoutMs)} ms`)), timeoutMs);
      const listener = (one: Published) => {
        if (matches(one)) resolve(one.payload as EventOf<E>);
      };
      listeners.add(listener);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(listener);
      });
    },
    async close() {
      await app.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
