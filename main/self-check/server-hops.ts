import { connect } from 'node:net';
import { once } from 'node:events';
import { AppError, type Failure } from '../../shared/errors.ts';
import { orAborted } from '../mcp/abortable.ts';
import type { Connection } from '../mcp/connection.ts';
import { hopOf, type HopResult } from '../mcp/hops.ts';
import { probe } from '../mcp/probe.ts';

/** The first half of the way, which is the same for every cluster: to the bundled MCP server. */
export interface ServerHops {
  readonly results: readonly HopResult[];
  /** Null where the server did not come up. */
  readonly connection: Connection | null;
}

const serverName = 'kubernetes-mcp-server';

/** Never throws for a failure of the server: that is a result. */
export async function serverHops(start: () => Promise<Connection>, signal: AbortSignal): Promise<ServerHops> {
  const at = performance.now();
  let connection: Connection;
  try {
    connection = await orAborted(start(), signal);
  } catch (error) {
    const failed = failureOf(error);
    return { results: [{ name: hopOf(failed), evidence: '', ms: since(at), failed }], connection: null };
  }
  const { server, tools } = connection;
  const results: HopResult[] = [
    {
      name: 'process',
      evidence: `kubernetes-mcp-server ${connection.serverVersion} runs as process ${server.pid}.`,
      ms: since(at),
      failed: null,
    },
  ];
  const tries: readonly (readonly ['port' | 'endpoint', () => Promise<string>])[] = [
    ['port', () => tryPort(server.port, signal)],
    ['endpoint', () => tryEndpoint(server.url, signal)],
  ];
  for (const [name, attempt] of tries) {
    const begun = performance.now();
    try {
      results.push({ name, evidence: await attempt(), ms: since(begun), failed: null });
    } catch (error) {
      results.push({ name, evidence: '', ms: since(begun), failed: failureOf(error) });
      return { results, connection };
    }
  }
  results.push({
    name: 'protocol',
    evidence: `Version ${connection.protocolVersion} of the protocol, ${tools.length} tools.`,
    ms: 0,
    failed: null,
  });
  return { results, connection };
}

async function tryPort(port: number, signal: AbortSignal): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, signal });
  try {
    await once(socket, 'connect');
    return `Port ${port} of 127.0.0.1 accepts connections.`;
  } catch (cause) {
    throw new AppError(
      {
        code: 'mcp.port-refused',
        message: `Port ${port} of ${serverName} accepts no connection.`,
        remedy: 'Restart the app; look whether a firewall on this machine blocks loopback.',
      },
      { cause },
    );
  } finally {
    socket.destroy();
  }
}

async function tryEndpoint(url: URL, signal: AbortSignal): Promise<string> {
  const { name, version } = await probe(url, serverName, {}, signal);
  return `${url.pathname} answers as ${name} ${version}.`;
}

/** What a step threw, as a failure; a limit of time too. Anything else is a mistake of ours and goes on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return {
      code: 'mcp.timeout',
      message: `${serverName} did not answer the self-check in time.`,
      remedy: 'Run the self-check again; if it stays, restart the app.',
    };
  }
  throw error;
}

export function since(at: number): number {
  return Math.round(performance.now() - at);
}
