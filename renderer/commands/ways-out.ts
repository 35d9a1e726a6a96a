import type { ErrorCode } from '../../shared/errors.ts';

/** What helps after a failure, the first thing first. */
export type WayOut = 'edit' | 'retry' | 'review' | 'self-check';

const chain: readonly ErrorCode[] = [
  'cluster.unreachable',
  'cluster.circuit-open',
  'cluster.credentials',
  'cluster.certificate',
  'cluster.dns',
];

/** The same line fails again where the line itself is wrong; a self-check helps where the way to a cluster is. */
export function waysOut(code: ErrorCode): readonly WayOut[] {
  if (code.startsWith('command.') || code === 'cluster.invalid' || code === 'assistant.unavailable') return ['edit'];
  if (code === 'cluster.not-found') return ['edit', 'retry'];
  if (code === 'cluster.untrusted') return ['review', 'retry'];
  if (chain.includes(code) || code.startsWith('mcp.')) return ['retry', 'self-check'];
  return ['retry'];
}
