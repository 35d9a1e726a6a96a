import type { AppError, ErrorCode } from '../../shared/errors.ts';
import { Refusal } from './refusal.ts';

/** Kubernetes' own error object, so that client-go and kubernetes-mcp-server show the reason. */
export function statusBody(code: number, reason: string, message: string): Buffer {
  return Buffer.from(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }),
  );
}

const httpOf: Partial<Record<ErrorCode, readonly [number, string]>> = {
  'cluster.unknown': [404, 'NotFound'],
  'cluster.untrusted': [403, 'Forbidden'],
  'cluster.credentials': [401, 'Unauthorized'],
  'cluster.dns': [502, 'ServiceUnavailable'],
  'cluster.certificate': [502, 'ServiceUnavailable'],
  'cluster.failed': [502, 'ServiceUnavailable'],
  'cluster.unreachable': [504, 'Timeout'],
  'cluster.circuit-open': [503, 'ServiceUnavailable'],
  'change.read-only': [403, 'Forbidden'],
  'change.moved': [409, 'Conflict'],
};

/** HTTP status and Status reason for a failure of the gate or of the way to the API server. */
export function statusOf(error: AppError): { readonly code: number; readonly reason: string } {
  if (error instanceof Refusal) return { code: error.status, reason: error.reason };
  const [code, reason] = httpOf[error.failure.code] ?? [500, 'InternalError'];
  return { code, reason };
}
