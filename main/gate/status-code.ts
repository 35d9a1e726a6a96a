import type { ErrorCode } from '../../shared/errors.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'cluster.unauthorized',
  403: 'cluster.forbidden',
  404: 'cluster.not-found',
  409: 'cluster.conflict',
  429: 'cluster.busy',
};

/** What an API server's answer that is no success is to a person. */
export function codeOf(status: number): ErrorCode {
  return codes[status] ?? (status >= 400 && status < 500 ? 'cluster.invalid' : 'cluster.failed');
}
