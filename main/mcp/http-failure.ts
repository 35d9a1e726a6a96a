import { AppError, type ErrorCode } from '../../shared/errors.ts';

const wrongAddress = 'Check that the address is the one of an MCP server, with its path (often /mcp).';

interface Known {
  readonly code: ErrorCode;
  /** Goes on after the name of the server. */
  readonly what: string;
  readonly remedy: string;
}

const known = new Map<number, Known>([
  [-1, { code: 'mcp.not-an-mcp-server', what: 'answered, but not as an MCP server does', remedy: wrongAddress }],
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
  [404, { code: 'mcp.http-error', what: 'has nothing at this path (404)', remedy: wrongAddress }],
  [
    405,
    {
      code: 'mcp.http-error',
      what: 'takes no messages at this path (405)',
      remedy: 'Use the address of its Streamable HTTP endpoint; the page or SSE address of a server is another one.',
    },
  ],
  [
    406,
    {
      code: 'mcp.http-error',
      what: 'has no answer in a form this app reads (406)',
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
  [415, { code: 'mcp.http-error', what: 'takes no JSON at this path (415)', remedy: wrongAddress }],
  [429, { code: 'mcp.http-error', what: 'has had too many requests (429)', remedy: 'Wait a moment, then try again.' }],
]);

/** JSON-RPC's own code for a protocol version that the server does not speak. */
const unsupportedVersion = /-32022|[Uu]nsupported protocol version/;
const unknownSession = /session not found/i;

/**
 * An HTTP answer that is not the protocol's, by its status (-1: a content type that is not). `body` is what it said.
 */
export function httpFailure(status: number, body: string, server: string, cause?: unknown): AppError {
  if (status === 404 && unknownSession.test(body)) {
    return new AppError(
      {
        code: 'mcp.session-expired',
        message: `${server} does not know the session any more.`,
        remedy: 'Connect to it again.',
      },
      { cause },
    );
  }
  if (status === 400 && unsupportedVersion.test(body)) return versionFailure(server, body, cause);
  const { code, what, remedy } = known.get(status) ?? {
    code: 'mcp.http-error' as const,
    what: `answered with HTTP ${status}`,
    remedy: status >= 500 ? 'Look at the log of that server, then try again.' : wrongAddress,
  };
  return new AppError({ code, message: `${server} ${what}.`, remedy }, { cause });
}

/** The server speaks no version of the protocol that this app does. */
export function versionFailure(server: string, said: string, cause?: unknown): AppError {
  const versions = [...new Set(said.match(/\d{4}-\d{2}-\d{2}/g) ?? [])].join(', ');
  return new AppError(
    {
      code: 'mcp.protocol-version',
      message: `${server} speaks no version of the protocol that this app does${versions === '' ? '' : ` (named: ${versions})`}.`,
      remedy: 'Update the server, or this app, whichever is older.',
    },
    { cause },
  );
}
