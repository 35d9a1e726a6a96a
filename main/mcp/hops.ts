import type { ErrorCode, Failure } from '../../shared/errors.ts';
import type { Hop } from '../../shared/self-check.ts';

export type HopName = Hop['name'];

/** The way from the app to a cluster through the MCP server, in order. */
export const hopNames: readonly HopName[] = [
  'process',
  'port',
  'endpoint',
  'protocol',
  'gate',
  'api-server',
  'credentials',
  'rights',
];

const hops: Partial<Record<ErrorCode, HopName>> = {
  'mcp.server-not-running': 'process',
  'mcp.port-refused': 'port',
  'mcp.not-an-mcp-server': 'endpoint',
  'mcp.http-error': 'endpoint',
  'mcp.session-expired': 'protocol',
  'mcp.protocol-version': 'protocol',
  'mcp.unknown-tool': 'protocol',
  'mcp.timeout': 'protocol',
  'gate.refused': 'gate',
  'gate.not-previewable': 'gate',
  'change.read-only': 'gate',
  'cluster.unknown': 'gate',
  'cluster.untrusted': 'credentials',
  'cluster.credentials': 'credentials',
  'cluster.unauthorized': 'credentials',
  'cluster.forbidden': 'rights',
};

/** The hop where a failure happened. What reached the API server and failed there is the API server's. */
export function hopOf(failure: Pick<Failure, 'code'>): HopName {
  return hops[failure.code] ?? 'api-server';
}

/** What one hop came to; `failed` carries the failure that says why. */
export type HopResult =
  | { readonly name: HopName; readonly evidence: string; readonly ms: number; readonly failed: null }
  | { readonly name: HopName; readonly evidence: string; readonly ms: number; readonly failed: Failure };

/** The whole way in order: hops after the first that failed, and those nobody tried, are 'not-tried'. */
export function hopList(results: readonly HopResult[]): readonly Hop[] {
  const failedAt = hopNames.findIndex((name) =>
    results.some((result) => result.name === name && result.failed !== null),
  );
  return hopNames.map((name, index) => {
    const result = results.find((one) => one.name === name);
    if (result === undefined || (failedAt !== -1 && index > failedAt)) {
      return { name, outcome: 'not-tried', evidence: 'Not tried.', remedy: null, ms: null };
    }
    const { evidence, ms, failed } = result;
    return failed === null
      ? { name, outcome: 'ok', evidence, remedy: null, ms }
      : { name, outcome: 'failed', evidence: failed.message, remedy: failed.remedy, ms };
  });
}
