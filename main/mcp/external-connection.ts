import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../shared/errors.ts';
import { callFailure } from './call-failure.ts';
import { catalogueOf, type CatalogueTool } from './catalogue.ts';
import { textOf, type ToolResult } from './results.ts';
import { externalFetch } from './transports.ts';

export type ExternalTransport =
  | { readonly kind: 'http'; readonly urls: readonly string[]; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'stdio'; readonly command: string; readonly arguments: readonly string[] };

const connectMs = 10_000;
const callMs = 120_000;

/** One session with a server of the person's own. */
export class ExternalConnection {
  readonly #name: string;
  readonly #client: Client;
  readonly serverName: string;
  readonly serverVersion: string;
  #tools: readonly CatalogueTool[] = [];
  #open = true;

  /** `client` is connected; `open` is the way to have one. */
  constructor(name: string, client: Client) {
    this.#name = name;
    this.#client = client;
    this.serverName = client.getServerVersion()?.name ?? 'unknown';
    this.serverVersion = client.getServerVersion()?.version ?? 'unknown';
    client.onclose = () => {
      this.#open = false;
    };
  }

  /**
   * Connects and reads the tools. Of several addresses the first that answers as an MCP server is used; where none does,
   * throws the last one's AppError 'mcp.*', naming how the others failed.
   */
  static async open(name: string, transport: ExternalTransport, version: string): Promise<ExternalConnection> {
    const attempts =
      transport.kind === 'stdio'
        ? [{ label: name, make: () => stdio(transport) }]
        : transport.urls.map((url) => ({
            label: `${name} (${new URL(url).host})`,
            make: () => http(url, transport.headers),
          }));
    const failures: AppError[] = [];
    for (const { label, make } of attempts) {
      try {
        return await openOne(name, make(), version);
      } catch (error) {
        failures.push(callFailure(error, label, 'connect').error);
      }
    }
    throw allFailed(failures);
  }

  get tools(): readonly CatalogueTool[] {
    return this.#tools;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Throws AppError 'mcp.unknown-tool' where the tool is not, or no longer, the one with that fingerprint. */
  async call(
    tool: { readonly name: string; readonly fingerprint: string },
    args: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<ToolResult> {
    signal?.throwIfAborted();
    const offered = this.#tools.find(({ name }) => name === tool.name);
    if (offered?.fingerprint !== tool.fingerprint) throw this.#changed(tool.name);
    const options = { timeout: callMs, ...(signal === undefined ? {} : { signal }) };
    try {
      const params = { name: tool.name, arguments: { ...args } };
      const result = (await this.#client.callTool(params, undefined, options)) as CallToolResult;
      return { text: textOf(result), structured: result.structuredContent, isError: result.isError === true };
    } catch (error) {
      signal?.throwIfAborted();
      throw callFailure(error, this.#name, tool.name).error;
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async readTools(signal: AbortSignal): Promise<void> {
    const { tools } = await this.#client.listTools(undefined, { signal });
    this.#tools = catalogueOf(tools);
  }

  #changed(tool: string): AppError {
    return new AppError({
      code: 'mcp.unknown-tool',
      message: `${this.#name} does not offer ${tool} as it was shown: it is gone or its definition changed.`,
      remedy: 'Look at its tools again before using it.',
      tool,
    });
  }
}

async function openOne(name: string, transport: SdkTransport, version: string): Promise<ExternalConnection> {
  const client = new Client({ name: 'ai4k8s-desktop', version });
  const signal = AbortSignal.timeout(connectMs);
  try {
    await client.connect(transport as Parameters<Client['connect']>[0], { signal });
    const connection = new ExternalConnection(name, client);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
      connection.readTools(AbortSignal.timeout(connectMs)),
    );
    await connection.readTools(signal);
    return connection;
  } catch (error) {
    await client.close();
    throw error;
  }
}

type SdkTransport = StdioClientTransport | StreamableHTTPClientTransport;

function stdio({ command, arguments: args }: { command: string; arguments: readonly string[] }): SdkTransport {
  // The SDK hands on six harmless variables of our environment (HOME, PATH and the like) and nothing else.
  return new StdioClientTransport({ command, args: [...args], stderr: 'ignore' });
}

function http(url: string, headers: Readonly<Record<string, string>>): SdkTransport {
  return new StreamableHTTPClientTransport(new URL(url), { fetch: externalFetch, requestInit: { headers } });
}

function allFailed(failures: readonly AppError[]): AppError {
  const last = failures.at(-1);
  if (last === undefined) throw new Error('a server has at least one address');
  if (failures.length === 1) return last;
  const message = failures.map(({ failure }) => failure.message).join(' ');
  return new AppError({ ...last.failure, message }, { cause: last });
}
