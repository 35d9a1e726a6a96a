import type { AppError } from '../../shared/errors.ts';
import { callFailure } from './call-failure.ts';
import { httpFailure, versionFailure } from './http-failure.ts';
import { eventData } from './event-stream.ts';
import { externalFetch } from './transports.ts';

/** What a server says of itself to `initialize`. */
export interface ProbeAnswer {
  readonly protocolVersion: string;
  readonly name: string;
  readonly version: string;
}

const initialize = (protocolVersion: string) =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'ai4k8s-desktop', version: 'self-check' } },
  });

export interface ProbeRequest {
  readonly protocolVersion?: string;
  readonly contentType?: string;
  readonly method?: string;
  readonly body?: string;
  readonly sessionId?: string;
}

/**
 * Sends one `initialize` by hand, apart from every session, and ends the session it opens: what stands at this address?
 * `request` changes single things of it, to see how a server takes them. Carries no permit and no header of anybody's.
 * Throws AppError 'mcp.*' that names the hop. `server`: as it is called on screen.
 */
export async function probe(
  url: URL,
  server: string,
  request: ProbeRequest = {},
  signal: AbortSignal = AbortSignal.timeout(5_000),
): Promise<ProbeAnswer> {
  const headers = {
    'content-type': request.contentType ?? 'application/json',
    accept: 'application/json, text/event-stream',
    ...(request.sessionId === undefined ? {} : { 'mcp-session-id': request.sessionId }),
    ...(request.protocolVersion === undefined ? {} : { 'mcp-protocol-version': request.protocolVersion }),
  };
  const method = request.method ?? 'POST';
  const body = method === 'POST' ? (request.body ?? initialize(request.protocolVersion ?? '2025-11-25')) : null;
  try {
    const response = await externalFetch(url, { method, headers, body, signal });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw httpFailure(response.status, bytes.toString('utf8'), server);
    const answer = answerOf(response.headers.get('content-type') ?? '', bytes, server);
    await endSession(url, response.headers.get('mcp-session-id'), signal);
    return answer;
  } catch (error) {
    throw callFailure(error, server, 'connect').error;
  }
}

function answerOf(contentType: string, bytes: Buffer, server: string): ProbeAnswer {
  const text = contentType.startsWith('text/event-stream') ? (eventData(bytes)[0] ?? '') : bytes.toString('utf8');
  const { result, error } = JSON.parse(text) as Partial<{
    result: Partial<{ protocolVersion: string; serverInfo: Partial<{ name: string; version: string }> }>;
    error: { message: string };
  }>;
  if (error !== undefined) throw versionFailure(server, error.message);
  if (typeof result?.protocolVersion !== 'string') throw notMcp(server);
  const { name, version } = result.serverInfo ?? {};
  return { protocolVersion: result.protocolVersion, name: name ?? 'unknown', version: version ?? 'unknown' };
}

function notMcp(server: string): AppError {
  return httpFailure(-1, '', server);
}

async function endSession(url: URL, sessionId: string | null, signal: AbortSignal): Promise<void> {
  if (sessionId === null) return;
  const response = await externalFetch(url, { method: 'DELETE', headers: { 'mcp-session-id': sessionId }, signal });
  await response.arrayBuffer();
}
