import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { codeOf } from '../gate/status-code.ts';
import type { IncomingHttpHeaders } from 'node:http';

/** What the API server says when it says no; `cause` of the AppError that is made of it. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details: unknown;
}

/** Who asked whom, for the remedy. */
export interface Asked {
  readonly cluster: string;
  readonly user: string;
  /** As a person would say: 'the client certificate', 'the program aws'. */
  readonly credential: string;
}

/** An answer of status 400 and above as a failure: the server's own message, and what helps. */
export function apiFailure(status: number, headers: IncomingHttpHeaders, body: string, asked: Asked): AppError {
  const cause = statusOf(status, body);
  const message = cause.message === '' ? `${asked.cluster} answered ${String(status)}.` : cause.message;
  const retryAfterMs = retryAfter(headers['retry-after']);
  const code = codeOf(status);
  return new AppError(
    {
      code,
      message,
      remedy: remedyOf(code, status, message, asked),
      cluster: asked.cluster,
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    },
    { cause },
  );
}

function remedyOf(code: ErrorCode, status: number, message: string, { cluster, user, credential }: Asked): string {
  switch (code) {
    case 'cluster.unauthorized':
      return `${cluster} does not accept ${credential} of ${user === '' ? 'its user' : `the user ${user}`}: sign in again, or renew it in the kubeconfig.`;
    case 'cluster.forbidden':
      return `Ask whoever administers ${cluster} for ${rightIn(message) ?? 'this right'}.`;
    case 'cluster.not-found':
      return 'Check the name and the namespace; it may be gone already.';
    case 'cluster.conflict':
      return 'Look at the object as it is now, then repeat.';
    case 'cluster.busy':
      return `${cluster} asks to wait: try again in a moment.`;
    case 'cluster.failed':
      return `The API server of ${cluster} has a problem of its own: try again, then look at its log.`;
    default:
      return invalidRemedyOf(status, cluster);
  }
}

function invalidRemedyOf(status: number, cluster: string): string {
  switch (status) {
    case 405:
      return `${cluster} does not do this with objects of this kind: use another command for it.`;
    case 406:
    case 415:
      return `${cluster} does not speak the format that was asked for: repeat the command with another -o.`;
    case 410:
      return 'The cluster has moved on since this was read: run the command again from its start.';
    case 413:
      return `This is larger than ${cluster} takes at once: send fewer or smaller objects.`;
    case 422:
      return `${cluster} understood the request and refuses a value in it: give the field that the message names a value it allows, then send it again.`;
    default:
      return `${cluster} could not read the request: look at the flags and values of the command, change what the message quotes, then send it again.`;
  }
}

/** The missing right, of the server's own sentence: who may not do what to what, where. Null where it says otherwise. */
export function rightIn(message: string): string | null {
  const found =
    /cannot (?<verb>\S+) (?:resource "(?<resource>[^"]+)"(?: in API group "(?<group>[^"]*)")?|path "(?<path>[^"]+)")(?<where> at the cluster scope)?(?: in the namespace "(?<namespace>[^"]+)")?/.exec(
      message,
    )?.groups;
  if (found === undefined) return null;
  const { verb = '', resource, group = '', path, where, namespace } = found;
  if (resource === undefined) return `the right to ${verb} ${path ?? ''}`;
  const scope =
    namespace !== undefined ? ` in namespace ${namespace}` : where === undefined ? '' : ' in the whole cluster';
  return `the right to ${verb} ${group === '' ? resource : `${resource}.${group}`}${scope}`;
}

function statusOf(code: number, body: string): Status {
  const parsed = jsonOf(body);
  const { reason, message, details } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<
    string,
    unknown
  >;
  return {
    code,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? message : body.trim().slice(0, 300),
    details: details ?? null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Milliseconds; of seconds or an HTTP date. Null where there is none. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
