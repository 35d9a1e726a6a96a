import type { Account } from '../shared/channel.ts';
import { channels, type ChannelName, type Handlers } from '../shared/contract.ts';
import { AppError, type Failure } from '../shared/errors.ts';
import { Closers } from './closers.ts';
import { conversationHandlers } from './conversations/handlers.ts';
import { Conversations } from './conversations/conversations.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import type { Host, StartOptions } from './host.ts';
import { FileLog } from './log.ts';
import { createPublish } from './publish.ts';
import { settingHandlers } from './settings/handlers.ts';
import { Settings } from './settings/settings.ts';
import { openStorage } from './storage/database.ts';
import { localAccount } from './storage/local-account.ts';

export interface App {
  readonly dispatch: Dispatch;
  /** Whoever reached the window of this machine's user is this account. */
  readonly account: Account;
  readonly log: FileLog;
  /** What the host has to say at the start: a database that was set aside. */
  readonly notices: readonly Failure[];
  /** Closes every service, the last opened first. Idempotent. */
  close(): Promise<void>;
}

/**
 * Builds every service, top to bottom, and gives the door to them. Knows no host.
 * Throws AppError 'storage.*'; what was opened until then is closed again.
 */
export async function startApp(host: Host, options: StartOptions): Promise<App> {
  const log = new FileLog(options.dataDir);
  const closers = new Closers();
  closers.add('log', () => log.close());
  try {
    const publish = createPublish(host, log);
    const storage = await openStorage(options.dataDir);
    closers.add('storage', () => storage.close());
    for (const notice of storage.notices) log.warn(notice.message, { remedy: notice.remedy });
    const account = localAccount(storage.database, Date.now());

    const hostInfo = {
      kind: host.kind,
      version: options.version,
      platform: process.platform,
      dataDir: options.dataDir,
      demo: options.demoKubeconfig !== null,
    };
    const settings = new Settings(storage.database, publish, hostInfo, () => account.name);
    const conversations = new Conversations(storage.database, publish);

    const there = { ...settingHandlers(settings), ...conversationHandlers(conversations) };
    const handlers = { ...notYet(Object.keys(there)), ...there } as Handlers;
    const dispatch = createDispatch(handlers, (channel, error, reference) => {
      if (error instanceof AppError) log.warn(`${channel} failed`, { ...error.failure });
      else log.error(`${channel} failed`, error, { reference });
    });
    log.info('started', { version: options.version, host: host.kind, schema: storage.schema });
    return { dispatch, account, log, notices: storage.notices, close: () => closers.close(log) };
  } catch (error) {
    log.error('the start failed', error);
    await closers.close(log);
    throw error;
  }
}

function notYet(there: readonly string[]): Partial<Handlers> {
  const missing = (Object.keys(channels) as ChannelName[]).filter((name) => !there.includes(name));
  return Object.fromEntries(
    missing.map((name) => [
      name,
      () => {
        throw new AppError({ code: 'command.unsupported', message: `${name} is not there yet.`, remedy: 'Wait.' });
      },
    ]),
  );
}
