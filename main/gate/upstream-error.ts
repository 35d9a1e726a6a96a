import { AppError, type ErrorCode } from '../../shared/errors.ts';

/** Marks a failure that a timeout of ours found out. */
export class ConnectTimeout extends Error {
  readonly code = 'AI4K8S_TIMEOUT';
}

const certificate = /^(CERT_|ERR_TLS|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED|HOSTNAME_MISMATCH|ERR_SSL)/;
const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'AI4K8S_TIMEOUT',
]);

/** Turns what node says about a connection into a failure with the cluster's name; AppErrors pass unchanged. */
export function upstreamError(error: unknown, cluster: string, server: URL): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  const said = (kind: ErrorCode, message: string, remedy: string) =>
    new AppError({ code: kind, message, remedy, cluster }, { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL') {
    return said(
      'cluster.dns',
      `The name ${server.hostname} of cluster ${cluster} could not be resolved.`,
      'Check the server address in the kubeconfig, and the network or VPN.',
    );
  }
  if (certificate.test(code)) {
    return said(
      'cluster.certificate',
      `The certificate of ${server.host} (cluster ${cluster}) did not verify: ${detail}.`,
      'Check certificate-authority and server address in the kubeconfig, and the clock of this machine.',
    );
  }
  if (code === 'AI4K8S_TIMEOUT' || code === 'ETIMEDOUT') {
    return said(
      'cluster.unreachable',
      `Cluster ${cluster} at ${server.host} did not answer in time.`,
      'Check the network or VPN, and whether the API server is running.',
    );
  }
  if (unreachable.has(code)) {
    return said(
      'cluster.unreachable',
      `Cluster ${cluster} at ${server.host} could not be reached: ${code}.`,
      'Check the network or VPN, and whether the API server is running.',
    );
  }
  return said(
    'cluster.failed',
    `Cluster ${cluster} broke off the connection before it answered (${code === '' ? detail : code}).`,
    'Try again. If it keeps happening, look at the API server itself.',
  );
}

/** Whether the failure says that the cluster cannot be reached at all, so that the circuit should count it. */
export function isConnectionFailure(error: AppError): boolean {
  return ['cluster.dns', 'cluster.unreachable', 'cluster.certificate'].includes(error.failure.code);
}

export function isTimeout(error: AppError): boolean {
  const code = codeOf(error.cause);
  return code === 'AI4K8S_TIMEOUT' || code === 'ETIMEDOUT';
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : '';
}
