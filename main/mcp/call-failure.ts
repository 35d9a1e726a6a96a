import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { ZodError } from 'zod';
import { AppError, type Failure } from '../../shared/errors.ts';
import { httpFailure, versionFailure } from './http-failure.ts';

/** What a call that brought no answer says about the way to the server. */
export type CallFailure =
  /** The connection broke: the server died, or never listened. */
  { readonly kind: 'gone'; readonly error: AppError } | { readonly kind: 'failed'; readonly error: AppError };

/**
 * Translates what the SDK, node or a server's answer throws. `server`: how the server is called on screen; `doing`: the
 * tool, or 'connect'.
 */
export function callFailure(error: unknown, server: string, doing: string): CallFailure {
  const failed = (failure: Failure) => ({ kind: 'failed', error: new AppError(failure, { cause: error }) }) as const;
  if (error instanceof AppError) return { kind: 'failed', error };
  const broken = brokenConnection(error, server);
  if (broken !== null) return { kind: 'gone', error: new AppError(broken, { cause: error }) };
  if (error instanceof StreamableHTTPError) {
    return { kind: 'failed', error: httpFailure(error.code ?? -1, error.message, server, error) };
  }
  const said = error instanceof Error ? error.message : String(error);
  if (/protocol version is not supported/.test(said)) {
    return { kind: 'failed', error: versionFailure(server, said, error) };
  }
  if (isTimeout(error) && doing === 'connect') {
    return failed({
      code: 'mcp.timeout',
      message: `${server} did not answer as an MCP server does, in time.`,
      remedy: 'Check that it is an MCP server, and that nothing it waits for is missing.',
    });
  }
  if (isTimeout(error)) {
    return failed({
      code: 'mcp.timeout',
      message: `${server} did not answer ${doing} in time.`,
      remedy: 'Try again with less (a namespace, a selector); if it stays, run the self-check.',
      tool: doing,
    });
  }
  if (error instanceof McpError && /unknown tool/i.test(said)) {
    return failed({
      code: 'mcp.unknown-tool',
      message: `${server} has no tool ${doing}.`,
      remedy: 'See in the self-check which version of the server runs.',
      tool: doing,
    });
  }
  if (error instanceof McpError) {
    return failed({
      code: 'mcp.tool-failed',
      message: `${server} refused ${doing}: ${said.replace(/^MCP error -?\d+: /, '')}`,
      remedy: 'Check the arguments of the call; if they are right, run the self-check.',
      tool: doing,
    });
  }
  if (error instanceof ZodError || error instanceof SyntaxError || doing === 'connect') {
    return { kind: 'failed', error: httpFailure(-1, said, server, error) };
  }
  throw error;
}

function isTimeout(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'TimeoutError';
  return error instanceof McpError && Number(error.code) === Number(ErrorCode.RequestTimeout);
}

const certificate = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED|EPROTO)/;
const closed = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** The failure of a connection that was refused, not found, not trusted or broken off; null for any other error. */
function brokenConnection(error: unknown, server: string): Failure | null {
  if (error instanceof McpError) {
    return Number(error.code) === Number(ErrorCode.ConnectionClosed) ? closedFailure(server) : null;
  }
  if (!(error instanceof Error)) return null;
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') {
    return {
      code: 'mcp.port-refused',
      message: `Nothing listens where ${server} should be.`,
      remedy: 'Start that server, or correct the port in its address.',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      code: 'mcp.port-refused',
      message: `The name in the address of ${server} could not be resolved.`,
      remedy: 'Correct the name, or check the network or VPN.',
    };
  }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return {
      code: 'mcp.port-refused',
      message: `${server} could not be reached (${code}).`,
      remedy: 'Check the network or VPN, and the address.',
    };
  }
  if (code === 'ENOENT' || code === 'EACCES') {
    return {
      code: 'mcp.server-not-running',
      message: `The command of ${server} ${code === 'ENOENT' ? 'was not found' : 'may not be run'}.`,
      remedy: 'Give the whole path of a program that is installed and may be run.',
    };
  }
  if (certificate.test(code)) {
    return {
      code: 'mcp.not-an-mcp-server',
      message: `The certificate of ${server} did not verify, or it speaks no TLS (${code}).`,
      remedy:
        'Check https or http in the address, and that its certificate is signed by an authority this machine trusts.',
    };
  }
  return closed.has(code) || error.message === 'aborted' ? closedFailure(server) : null;
}

function closedFailure(server: string): Failure {
  return {
    code: 'mcp.server-not-running',
    message: `${server} broke off the connection.`,
    remedy: 'Look at the log of that server, then connect again.',
  };
}

function codeOf(error: Error): string {
  const { code, cause } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0]);
  return cause instanceof Error ? codeOf(cause) : '';
}
