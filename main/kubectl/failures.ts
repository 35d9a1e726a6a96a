/** What went wrong, in kubectl's words: the API server's reason in brackets, then its message. */
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { CommandError } from './command-error.ts';

const reasons: Partial<Record<ErrorCode, string>> = {
  'cluster.forbidden': 'Forbidden',
  'cluster.not-found': 'NotFound',
  'cluster.conflict': 'Conflict',
  'cluster.invalid': 'Invalid',
  'cluster.busy': 'TooManyRequests',
};

/** Any failure as the error a command ends with; what is no AppError passes unchanged. */
export function inKubectlsWords(error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof AppError)) return error;
  const { code, remedy, cluster } = error.failure;
  const status = statusIn(error.cause);
  const message = status?.message ?? error.failure.message;
  const stderr = ((): string => {
    if (code === 'cluster.unauthorized') return 'error: You must be logged in to the server (Unauthorized)';
    const reason = status?.reason ?? reasons[code];
    if (reason !== undefined && reason !== '') return `Error from server (${reason}): ${message}`;
    return status === null ? `error: ${message}` : `Error from server: ${message}`;
  })();
  return new CommandError(code, stderr, remedy, { cause: error, ...(cluster === undefined ? {} : { cluster }) });
}

/** The Status object of the API server's answer, where the failure carries it. */
export function statusIn(cause: unknown): { readonly reason: string; readonly message: string } | null {
  if (typeof cause !== 'object' || cause === null) return null;
  const { reason, message } = cause as { reason?: unknown; message?: unknown };
  if (typeof message !== 'string' || typeof reason !== 'string') return null;
  return { reason, message };
}
