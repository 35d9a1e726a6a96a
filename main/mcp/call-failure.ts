import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../shared/errors.ts';

/** What a call that brought no answer says about the way to the server. */
export type CallFailure =
  /** The connection broke: the server died, or never listened. */
  | { readonly kind: 'gone'; readonly cause: unknown }
  | { readonly kind: 'cancelled'; readonly cause: unknown }
  | { readonly kind: 'failed'; readonly error: AppError };

const brokenConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT']);

/** Translates what the SDK or the connection throws. `server`: how the server is called on screen. */
export function callFailure(error: unknown, server: string, tool: string, signal?: AbortSignal): CallFailure {
  if (signal?.aborted === true) return { kind: 'cancelled', cause: error };
  if (error instanceof AppError) return { kind: 'failed', error };
  if (isBroken(error)) return { kind: 'gone', cause: error };
  return { kind: 'failed', error: translated(error, server, tool) };
}

function isBroken(error: unknown): boolean {
  if (error instanceof McpError) return Number(error.code) === Number(ErrorCode.ConnectionClosed);
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && brokenConnection.has(code)) || error.message === 'aborted';
}

function translated(error: unknown, server: string, tool: string): AppError {
  if (error instanceof StreamableHTTPError) return httpFailure(error.code ?? -1, error.message, server, error);
  if (error instanceof McpError && Number(error.code) === Number(ErrorCode.RequestTimeout)) {
    return new AppError(
      {
        code: 'mcp.timeout',
        message: `${server} did not answer ${tool} in time.`,
        remedy: 'Try again with less (a namespace, a selector); if it stays, run the self-check.',
        tool,
      },
      { cause: error },
    );
  }
  if (error instanceof McpError && /unknown tool/i.test(error.message)) {
    return new AppError(
      {
        code: 'mcp.unknown-tool',
        message: `${server} has no tool ${tool}.`,
        remedy: 'Check in the self-check which version of the server runs.',
        tool,
      },
      { cause: error },
    );
  }
  return new AppError(
    {
      code: 'mcp.tool-failed',
      message: `${server} did not run ${tool}: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Check the arguments of the call; if they are right, run the self-check.',
      tool,
    },
    { cause: error },
  );
}

/** An HTTP answer that is not the protocol's, by its status. */
export function httpFailure(status: number, text: string, server: string, cause?: unknown): AppError {
  const known = httpFailures.get(status) ?? {
    code: 'mcp.http-error',
    what: `answered with HTTP ${status}`,
    remedy: 'Check that the address is the one of an MCP server, with its path.',
  };
  const detail = text.length > 0 && text.length < 200 ? ` (${text.trim()})` : '';
  return new AppError(
    { code: known.code, message: `${server} ${known.what}${detail}.`, remedy: known.remedy },
    { cause },
  );
}

const address = 'Check that the address is the one of an MCP server, with its path (often /mcp).';
const httpFailures = new Map<
  number,
  { code: 'mcp.http-error' | 'mcp.session-expired' | 'mcp.not-an-mcp-server'; what: string; remedy: string }
>([
  [-1, { code: 'mcp.not-an-mcp-server', what: 'answered, but not as an MCP server does', remedy: address }],
  [
    400,
    {
      code: 'mcp.http-error',
      what: 'refused the request as malformed (400)',
      remedy: 'Check that the server speaks Streamable HTTP in a version this app knows.',
    },
  ],
  [
    401,
    {
      code: 'mcp.http-error',
      what: 'asks for a sign-in (401)',
      remedy: 'Add the server again with its Authorization header.',
    },
  ],
  [
    403,
    {
      code: 'mcp.http-error',
      what: 'refused the request (403)',
      remedy: 'Check the headers it was added with, and whether it admits this machine.',
    },
  ],
  [404, { code: 'mcp.http-error', what: 'has nothing at this path (404)', remedy: address }],
  [
    405,
    {
      code: 'mcp.http-error',
      what: 'does not take POST at this path (405)',
      remedy: 'Use the address of the Streamable HTTP endpoint; an address for stdio or SSE does not work.',
    },
  ],
  [
    406,
    {
      code: 'mcp.http-error',
      what: 'does not answer in a form this app reads (406)',
      remedy: 'Check that the server speaks Streamable HTTP.',
    },
  ],
  [
    413,
    {
      code: 'mcp.http-error',
      what: 'refused the request as too large (413)',
      remedy: 'Send less at once: split the manifest into smaller documents.',
    },
  ],
  [415, { code: 'mcp.http-error', what: 'does not take JSON at this path (415)', remedy: address }],
]);
