import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../shared/errors.ts';
import { catalogueOf, type CatalogueTool } from './catalogue.ts';
import { disabledTools } from './server-config.ts';
import type { RunningServer } from './server.ts';
import { bundledFetch, withPermit } from './transports.ts';

/** Tools that wait: for a release to become ready (the server's own limit is 5 minutes), for a program to end. */
const timeoutsMs = new Map([
  ['helm_install', 320_000],
  ['helm_uninstall', 320_000],
  ['pods_exec', 600_000],
]);
const callTimeoutMs = 120_000;

interface Session {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
}

/** The MCP session with one bundled server: initialised, proved, its tools known. Ends with the server. */
export class Connection {
  readonly server: RunningServer;
  readonly #appVersion: string;
  #session: Session;
  #renewing: Promise<Session> | null = null;
  #tools: readonly CatalogueTool[] = [];
  #waiting: (() => void)[] = [];

  private constructor(server: RunningServer, appVersion: string, session: Session) {
    this.server = server;
    this.#appVersion = appVersion;
    this.#session = session;
  }

  /**
   * Throws AppError 'mcp.not-an-mcp-server' where the answer does not come from the server we started, or where it
   * offers a tool that must be disabled; every error of the SDK as it is.
   */
  static async open(server: RunningServer, appVersion: string): Promise<Connection> {
    const connection = new Connection(server, appVersion, await openSession(server, appVersion));
    const end = () => connection.#session.client.close();
    server.exited.then(end, end);
    await connection.#use(connection.#session);
    return connection;
  }

  get tools(): readonly CatalogueTool[] {
    return this.#tools;
  }

  /** As negotiated. */
  get protocolVersion(): string {
    return this.#session.transport.protocolVersion ?? 'unknown';
  }

  /** The server's name for the session; null where it gave none. */
  get sessionId(): string | null {
    return this.#session.transport.sessionId ?? null;
  }

  get serverVersion(): string {
    return this.#session.client.getServerVersion()?.version ?? 'unknown';
  }

  /**
   * One call under one permit. Rejects when the server ends; an aborted signal cancels it there too. Where the server
   * does not know the session any more it has not looked at the call either, so that goes out again on a new one.
   */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    token: string,
    signal?: AbortSignal,
  ): Promise<CallToolResult> {
    const session = this.#session;
    try {
      return await send(session, name, args, token, signal);
    } catch (error) {
      if (!(error instanceof StreamableHTTPError && error.code === 404)) throw error;
      return await send(await this.#renewed(session), name, args, token, signal);
    }
  }

  /** Settles when the server next says that its tools changed, which it does for a new kubeconfig, or with the signal. */
  toolsChanged(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.server.exited.then(() => resolve(), resolve);
    });
  }

  #renewed(lost: Session): Promise<Session> {
    if (this.#session !== lost) return Promise.resolve(this.#session);
    this.#renewing ??= openSession(this.server, this.#appVersion)
      .then(async (session) => {
        this.#session = session;
        await lost.client.close();
        await this.#use(session);
        return session;
      })
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #use({ client }: Session): Promise<void> {
    const readTools = async () => {
      const { tools } = await client.listTools();
      refuseDisabled(tools.map((tool) => tool.name));
      this.#tools = catalogueOf(tools);
    };
    client.setNotificationHandler(ToolListChangedNotificationSchema, async () => {
      for (const resolve of this.#waiting.splice(0)) resolve();
      try {
        await readTools();
      } catch (error) {
        // A session whose tools are not known to be the allowed ones is not used any more.
        await client.close();
        throw error;
      }
    });
    await readTools();
  }
}

async function openSession(server: RunningServer, appVersion: string): Promise<Session> {
  const client = new Client({ name: 'ai4k8s-desktop', version: appVersion });
  const transport = new StreamableHTTPClientTransport(server.url, { fetch: bundledFetch });
  try {
    // The SDK's own transport; its optional callbacks are not typed for exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<Client['connect']>[0]);
    if (client.getInstructions() !== server.nonce) throw notOurs(server);
    return { client, transport };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function send(
  { client }: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
  token: string,
  signal?: AbortSignal,
): Promise<CallToolResult> {
  const options = { timeout: timeoutsMs.get(name) ?? callTimeoutMs, ...(signal === undefined ? {} : { signal }) };
  return withPermit(token, () =>
    client.callTool({ name, arguments: { ...args } }, undefined, options),
  ) as Promise<CallToolResult>;
}

function refuseDisabled(names: readonly string[]): void {
  const forbidden = disabledTools.filter((name) => names.includes(name));
  if (forbidden.length === 0) return;
  throw new AppError({
    code: 'mcp.not-an-mcp-server',
    message: `kubernetes-mcp-server offers ${forbidden.join(', ')} although its configuration disables it.`,
    remedy: 'Install the version of kubernetes-mcp-server that this app was built with (npm ci).',
  });
}

function notOurs(server: RunningServer): AppError {
  return new AppError({
    code: 'mcp.not-an-mcp-server',
    message: `Port ${server.port} is answered by another program than the kubernetes-mcp-server this app started.`,
    remedy: 'Restart the app; if it stays, look for a program that listens on many local ports.',
  });
}
