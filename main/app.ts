import { join } from 'node:path';
import type { Account } from '../shared/channel.ts';
import type { Handlers } from '../shared/contract.ts';
import { AppError, type Failure } from '../shared/errors.ts';
import { isLiteral } from '../shared/literals.ts';
import { Changes } from './changes/changes.ts';
import { changeHandlers } from './changes/handlers.ts';
import { Journal } from './changes/journal.ts';
import { Closers } from './closers.ts';
import { Clusters } from './clusters/clusters.ts';
import { Consents } from './clusters/consents.ts';
import { clusterHandlers } from './clusters/handlers.ts';
import { ClusterMarks, marksOf } from './clusters/marks.ts';
import { ClusterProtection } from './clusters/protection.ts';
import { Sessions } from './clusters/session.ts';
import { CommandHistory } from './conversations/command-history.ts';
import { conversationHandlers } from './conversations/handlers.ts';
import { Conversations } from './conversations/conversations.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { Gate } from './gate/gate.ts';
import { learningUpstreams } from './gate/known-credentials.ts';
import { ClusterUpstreams } from './gate/upstream.ts';
import type { Host, StartOptions } from './host.ts';
import { Kubeconfigs } from './kubeconfig/kubeconfig.ts';
import { readRegularFile } from './kubeconfig/read-file.ts';
import { shownArguments } from './kubeconfig/trust.ts';
import type { Contexts } from './kubectl/call.ts';
import { Commands } from './kubectl/commands.ts';
import { commandHandlers } from './kubectl/handlers.ts';
import { FileLog } from './log.ts';
import { ExternalServers } from './mcp/external.ts';
import { mcpHandlers } from './mcp/handlers.ts';
import { ProgramConsents } from './mcp/program-consent.ts';
import { McpSession } from './mcp/session.ts';
import { createPublish } from './publish.ts';
import { selfCheckHandlers } from './self-check/handlers.ts';
import { SelfChecks } from './self-check/self-check.ts';
import { settingHandlers } from './settings/handlers.ts';
import { Settings } from './settings/settings.ts';
import { openStorage } from './storage/database.ts';
import { keptKey } from './storage/kept-key.ts';
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
  const { dataDir, version } = options;
  const now = Date.now;
  const log = new FileLog(dataDir);
  const closers = new Closers();
  closers.add('log', () => log.close());
  try {
    // Secrets that were sent to a cluster come out of no reply, event, log or stored result, whoever repeats them.
    const clean = <T>(value: T): T => log.redactor.clean(value, isLiteral);
    const publish = createPublish(host, log, clean);
    const storage = await openStorage(dataDir);
    closers.add('storage', () => storage.close());
    const { database } = storage;
    for (const notice of storage.notices) log.warn(notice.message, { remedy: notice.remedy });
    const account = localAccount(database, now());

    const consents = new Consents(database, now);
    const kubeconfigs = await Kubeconfigs.open({
      paths: options.kubeconfigs,
      demoPath: options.demoKubeconfig,
      consents: (question) => consents.has(account, question),
    });
    closers.add('kubeconfigs', () => kubeconfigs.close());
    const marks = new ClusterMarks(database);
    const protection = new ClusterProtection(kubeconfigs, marks, account);

    const upstreams = new ClusterUpstreams(kubeconfigs, log.redactor);
    closers.add('connections to clusters', () => upstreams.close());
    const gate = await Gate.start({
      upstreams: learningUpstreams(upstreams, (secret) => log.redactor.register(secret)),
      isReadOnly: (cluster) => protection.isReadOnly(cluster),
      now,
      maskKey: keptKey(dataDir, 'mask'),
      report: (record) => clusters.observe(record),
    });
    closers.add('gate', () => gate.close());

    const mcp = new McpSession({ runtimeBase: join(dataDir, 'run'), version }, gate);
    closers.add('MCP server', () => mcp.close());
    const tellMcp = () => {
      mcp.setClusters(kubeconfigs.list()).catch((error: unknown) => log.error('the MCP server was not told', error));
    };
    tellMcp();
    closers.add('news for the MCP server', kubeconfigs.onChange(tellMcp));
    const externalServers = new ExternalServers(database, version, new ProgramConsents(consents));
    closers.add('external MCP servers', () => externalServers.close());

    const nameOf = (config: Parameters<typeof marksOf>[1]) => marksOf(marks.of(account, config), config).name;
    const sessions = new Sessions(kubeconfigs, gate, mcp, nameOf);
    const clusters = new Clusters({ kubeconfigs, sessions, marks, consents, publish }, account, now);
    closers.add('clusters', () => clusters.close());
    const changes = new Changes({
      gate,
      sessions,
      protection,
      journal: new Journal(database, keptKey(dataDir, 'journal')),
      publish,
    });
    closers.add('changes', () => changes.close());

    const conversations = new Conversations(database, publish, now, clean);
    const contexts: Contexts = {
      all: () => kubeconfigs.list(),
      current: () => kubeconfigs.get(clusters.list().selected ?? '') ?? null,
      select: (cluster) => {
        clusters.select(cluster);
      },
      namespaceOf: (cluster) => clusters.namespaceOf(cluster),
      read: async (source) => (await readRegularFile(source, true)).toString('utf8'),
      shownArguments,
    };
    const history = new CommandHistory(database);
    const commands = new Commands({ sessions, contexts, changes, history, notebook: conversations, publish, version });
    closers.add('commands', () => commands.close());
    const demo = options.demoKubeconfig !== null;
    const hostInfo = { kind: host.kind, version, platform: process.platform, dataDir, demo };
    const settings = new Settings(database, publish, hostInfo, () => account.name);
    const selfChecks = new SelfChecks({ kubeconfigs, sessions, mcp, nameOf }, { version, schema: storage.schema }, now);

    const handlers = {
      ...settingHandlers(settings),
      ...clusterHandlers(clusters),
      ...commandHandlers(commands),
      ...changeHandlers(changes),
      ...conversationHandlers(conversations),
      ...mcpHandlers(externalServers),
      ...selfCheckHandlers(selfChecks),
    } satisfies Handlers;
    const dispatch = createDispatch(
      handlers,
      (channel, error, reference) => {
        if (error instanceof AppError) log.warn(`${channel} failed`, { ...error.failure });
        else log.error(`${channel} failed`, error, { reference });
      },
      clean,
    );
    clusters.start();
    log.info('started', { version, host: host.kind, schema: storage.schema });
    return { dispatch, account, log, notices: storage.notices, close: () => closers.close(log) };
  } catch (error) {
    log.error('the start failed', error);
    await closers.close(log);
    throw error;
  }
}
