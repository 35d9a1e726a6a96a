import type { Protocol } from 'electron';
import { securityHeaders } from '../security-headers.ts';
import type { StaticFile } from '../static-files.ts';
import { isOwnPage } from './own-page.ts';

/** Before the app is ready: pages of this scheme are secure, have an origin, and may fetch their own files. */
export const schemes: Parameters<Protocol['registerSchemesAsPrivileged']>[0] = [
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
];

/** Answers a request of the window with one of its files; a URL is compared with their names and never becomes a path. */
export function answerFile(files: ReadonlyMap<string, StaticFile>, url: string): Response {
  const path = isOwnPage(url) ? (/^app:\/\/ui(\/[^?#]*)/.exec(url)?.[1] ?? '') : '';
  const file = files.get(path);
  if (file === undefined) return new Response(null, { status: 404, headers: securityHeaders });
  return new Response(new Uint8Array(file.body), { headers: { ...securityHeaders, 'content-type': file.type } });
}
