/** Who asks: client certificate, then bearer token, else system:anonymous; and whom an allowed caller impersonates. */
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, badRequest } from './errors.ts';

export interface User {
  name: string;
  groups: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** The subject of a verified client certificate, as node's TLS gives it. */
export interface CertificateSubject {
  CN?: string | string[];
  O?: string | string[];
}

const authenticated = 'system:authenticated';

/** Tokens of users, and those that TokenRequest has issued. */
export class Tokens {
  readonly #users = new Map<string, { user: User; expiresAt: number }>();

  add(token: string, user: User, expiresAt = Infinity): void {
    this.#users.set(token, { user, expiresAt });
  }

  /** Undefined for a token that is unknown or has expired at `now`. */
  find(token: string, now: number): User | undefined {
    const found = this.#users.get(token);
    return found && found.expiresAt > now ? found.user : undefined;
  }
}

/** @throws ApiError 401 for a token that is not known. A certificate wins over any bearer header. */
export function authenticate(
  headers: IncomingHttpHeaders,
  subject: CertificateSubject | undefined,
  tokens: Tokens,
  now: number,
): User {
  if (subject?.CN) {
    const groups = subject.O === undefined ? [] : [subject.O].flat();
    return { name: [subject.CN].flat()[0] ?? '', groups: [...groups, authenticated] };
  }
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
  if (bearer) {
    const user = tokens.find(bearer, now);
    if (!user) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
    return { ...user, groups: [...user.groups, authenticated] };
  }
  if (headers.authorization) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
}

/** What a caller asks to be taken for; null where it does not. @throws ApiError 400 for groups without a user. */
export function impersonated(headers: IncomingHttpHeaders): User | null {
  const name = text(headers['impersonate-user']);
  const groups = [headers['impersonate-group'] ?? []]
    .flat()
    .flatMap((value) => value.split(',').map((each) => each.trim()));
  const uid = text(headers['impersonate-uid']);
  const extra: Record<string, string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith('impersonate-extra-')) extra[decodeURIComponent(header.slice(18))] = [value ?? []].flat();
  }
  if (!name) {
    if (groups.length || uid || Object.keys(extra).length) {
      const list = groups.length ? `[]string{${groups.map((each) => `"${each}"`).join(', ')}}` : '[]string(nil)';
      const asked = `&user.DefaultInfo{Name:"", UID:"${uid}", Groups:${list}, Extra:map[string][]string(nil)}`;
      throw badRequest(`requested ${asked} without impersonating a user name`);
    }
    return null;
  }
  const isServiceAccount = name.startsWith('system:serviceaccount:');
  const own = isServiceAccount && !groups.length ? serviceAccountGroups(name.split(':')[2] ?? '') : groups;
  return {
    name,
    groups: [...own, ...(name === 'system:anonymous' ? [] : [authenticated])],
    ...(uid ? { uid } : {}),
    ...(Object.keys(extra).length ? { extra } : {}),
  };
}

/** Groups that every service account of a namespace is in. */
export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function text(header: string | string[] | undefined): string {
  return [header ?? ''].flat()[0] ?? '';
}
