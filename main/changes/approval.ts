import type { Change } from '../../shared/changes.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Identity } from './digest.ts';

/** The person's marks on a cluster that changes obey. */
export interface Protection {
  isProduction(cluster: string): boolean;
  isReadOnly(cluster: string): boolean;
}

export interface Gesture {
  /** Of the card that the person saw. */
  readonly digest: string;
  /** What was typed, on a production cluster. */
  readonly typedName: string | null;
}

/** Why this gesture does not approve this change; null where it does. Nothing else can approve. */
export function refusalOf(
  change: Change,
  gesture: Gesture,
  identity: { readonly then: Identity; readonly now: Identity },
  protection: Protection,
): Failure | null {
  const again = 'Nothing was written. Preview it again.';
  const cluster = change.clusterName;
  if (change.state.kind !== 'previewed') {
    return {
      code: 'change.void',
      message: `This change can no longer be approved: ${wordOf(change)}`,
      remedy: again,
      cluster,
    };
  }
  if (identity.then.server !== identity.now.server || identity.then.caSha256 !== identity.now.caSha256) {
    const message = `${cluster} is another cluster than the one this was previewed on: its server or its CA changed.`;
    return { code: 'change.void', message, remedy: again, cluster };
  }
  if (protection.isReadOnly(change.cluster)) {
    const message = `${cluster} was marked read-only since the preview.`;
    return {
      code: 'change.read-only',
      message,
      remedy: 'Nothing was written. Take the mark off, if that is meant.',
      cluster,
    };
  }
  if (gesture.digest !== change.digest) {
    return {
      code: 'change.not-approved',
      message: 'The approval is of another change than this one.',
      remedy: again,
      cluster,
    };
  }
  const name = change.typeToApprove ?? (protection.isProduction(change.cluster) ? cluster : null);
  if (name !== null && gesture.typedName !== name) {
    return {
      code: 'change.not-approved',
      message: `${cluster} is production.`,
      remedy: `Type ${name} to approve.`,
      cluster,
    };
  }
  return null;
}

function wordOf(change: Change): string {
  switch (change.state.kind) {
    case 'void':
      return change.state.because;
    case 'cancelled':
      return 'it was cancelled.';
    case 'running':
    case 'verifying':
      return 'it is running already.';
    case 'previewed':
    case 'verified':
    case 'unverified':
    case 'failed':
      return 'it was approved before.';
    default:
      return change.state satisfies never;
  }
}
