/** Every way the app can fail, as the person sees it. Free of zod, so the renderer may import it as a value. */
export const errorCodes = [
  /** The renderer asked for a request that does not exist: window and application are of different versions. */
  'request.unknown-channel',
  /** The input did not parse. */
  'request.invalid-input',
  /** The request did not come from our own window or page. */
  'request.untrusted-sender',
  'request.not-signed-in',
  'request.not-allowed',
  /** No kubeconfig was found, or none could be read. */
  'kubeconfig.missing',
  'kubeconfig.invalid',
  /** Something in the kubeconfig needs the person's consent before it may be used. */
  'cluster.untrusted',
  'cluster.unknown',
  /** The name could not be resolved. */
  'cluster.dns',
  /** The port answered nothing, or refused. */
  'cluster.unreachable',
  /** The server's certificate did not verify. */
  'cluster.certificate',
  /** Credentials could not be made: exec plugin missing, hanging or failing, expired token, unreadable file. */
  'cluster.credentials',
  /** The API server answered 401. */
  'cluster.unauthorized',
  /** The API server answered 403. */
  'cluster.forbidden',
  /** The API server answered 404: the object, or its kind, is not there. */
  'cluster.not-found',
  /** The API server answered 409. */
  'cluster.conflict',
  /** The API server answered 400, 413, 415 or 422. */
  'cluster.invalid',
  /** The API server answered 429. */
  'cluster.busy',
  /** The API server answered 5xx, or broke off. */
  'cluster.failed',
  /** The cluster's circuit is open: it failed just now and is not asked again yet. */
  'cluster.circuit-open',
  /** The gate refused the request: no permit, wrong kind of permit, or a write that is not the approved one. */
  'gate.refused',
  /** The gate knows no dry run for this write, so it cannot be previewed. */
  'gate.not-previewable',
  'mcp.server-not-running',
  /** The port did not accept a connection. */
  'mcp.port-refused',
  /** Something else than an MCP server answered on the port. */
  'mcp.not-an-mcp-server',
  /** 404, 405, 413, 415 or another HTTP answer that is not the protocol's. */
  'mcp.http-error',
  'mcp.session-expired',
  'mcp.protocol-version',
  'mcp.unknown-tool',
  /** The tool ran and said that it failed. */
  'mcp.tool-failed',
  'mcp.timeout',
  /** The command could not be understood: unknown verb, flag or resource. */
  'command.invalid',
  /** The command is kubectl's, but this app does not have it (yet), or not on this way to the cluster. */
  'command.unsupported',
  'change.unknown',
  /** Expired, cancelled or void: it has to be previewed again. */
  'change.void',
  /** The object moved after the preview; nothing was written. */
  'change.moved',
  /** The approval is not of this change: digest or typed name differ. */
  'change.not-approved',
  /** The cluster is marked read-only. */
  'change.read-only',
  'conversation.unknown',
  /** Questions in plain language need the assistant. */
  'assistant.unavailable',
  'storage.failed',
  'storage.damaged',
  'storage.busy',
  'unexpected',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What crosses the boundary: plain JSON, no stack, no cause. */
export interface Failure {
  readonly code: ErrorCode;
  /** What happened, in one sentence, with the name of the cluster or tool. */
  readonly message: string;
  /** What the person can do about it. */
  readonly remedy: string;
  readonly cluster?: string | undefined;
  readonly tool?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A failure we foresaw. Anything else that is thrown is a bug and becomes 'unexpected'. */
export class AppError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.message, options);
    this.name = 'AppError';
    this.failure = failure;
  }
}
