import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, refuse } from './answer.ts';
import type { StaticFile } from '../static-files.ts';
import type { Tickets } from './ticket.ts';

export type RouteName = 'file' | 'session' | 'request' | 'events';

/** The path as sent, without the query. It is only ever compared, never decoded. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

export function routeOf(path: string, files: ReadonlyMap<string, StaticFile>): RouteName | null {
  if (path === '/session') return 'session';
  if (path === '/events') return 'events';
  if (/^\/request\/[a-z.-]{1,80}$/.test(path)) return 'request';
  return files.has(path) ? 'file' : null;
}

export function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** A field of a JSON object, undefined for anything else; `null` counts as absent, as JSON has no undefined. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name] ?? undefined;
}

/** Whether the ticket was good. */
export function exchange(tickets: Tickets, body: unknown, response: ServerResponse): boolean {
  const ticket = fieldOf(body, 'ticket');
  const outcome = tickets.exchange(typeof ticket === 'string' ? ticket : '');
  if (outcome === 'too-many') refuse(response, 429);
  else if (outcome === 'wrong') refuse(response, 401);
  else answer(response, 200, outcome);
  return typeof outcome !== 'string';
}

export function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile | undefined): void {
  if (file === undefined) return refuse(response, 404);
  if (file.isImmutable) response.setHeader('cache-control', 'private, max-age=31536000, immutable');
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
