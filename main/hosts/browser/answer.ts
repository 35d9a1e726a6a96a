import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Failure } from '../../../shared/errors.ts';
import { securityHeaders } from '../security-headers.ts';

type Refused = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 421 | 429;

const words: Readonly<Record<Refused, { readonly message: string; readonly remedy: string }>> = {
  400: { message: 'The request was not understood.', remedy: 'Reload the page.' },
  401: {
    message: 'This window’s session has ended, or it never had one.',
    remedy: 'Open the link that the terminal printed; press Enter there for a new one.',
  },
  403: { message: 'This request does not come from the window.', remedy: 'Open the link that the terminal printed.' },
  404: { message: 'There is nothing at this address.', remedy: 'Open the link that the terminal printed.' },
  405: { message: 'This is not served that way.', remedy: 'Reload the page.' },
  413: { message: 'What was sent is larger than 1 MiB.', remedy: 'Send less at once.' },
  415: { message: 'Only JSON is taken.', remedy: 'Reload the page.' },
  421: { message: 'This address is not served here.', remedy: 'Open the link that the terminal printed.' },
  429: { message: 'Too many requests in a short time.', remedy: 'Wait a moment, then try again.' },
};

/** Ends the response with JSON. */
export function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

/** Ends the response with a `Reply` that says why, so that the page can show it like any other failure. */
export function refuse(response: ServerResponse, status: Refused): void {
  const code = status === 401 ? 'request.not-signed-in' : 'request.untrusted-sender';
  const failure: Failure = { code, ...words[status] };
  // What is left of a body must not be read as the next request.
  response.shouldKeepAlive = false;
  if (status === 405) response.setHeader('allow', 'GET, HEAD, POST');
  if (status === 429) response.setHeader('retry-after', '6');
  answer(response, status, { ok: false, failure });
}

/** For what never became a request: an upgrade, or bytes that are no HTTP. */
export function refuseRaw(socket: Duplex, status: string): void {
  if (!socket.writable) return;
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status}`, ...headers, 'content-length: 0', 'connection: close', '', ''].join('\r\n'));
}
