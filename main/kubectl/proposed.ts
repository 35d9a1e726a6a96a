/** The end of every verb that changes something: a card that waits (exit code 3), or what its dry run prints. */
import type { DraftWrite } from '../clusters/cluster-access.ts';
import type { Call } from './call.ts';
import type { CommandError } from './command-error.ts';
import { inKubectlsWords } from './failures.ts';
import { outcome, type Outcome } from './outcome.ts';
import type { WriteTarget } from './write-targets.ts';

export interface Wish {
  readonly title: string;
  readonly targets: readonly WriteTarget[];
  readonly writes: readonly DraftWrite[];
  readonly dryRun: 'none' | 'server' | 'client';
  /** What kubectl prints once it is done. */
  readonly text: string;
  readonly notes: readonly string[];
  /** Objects that were named and are not there. */
  readonly failures: readonly CommandError[];
}

/** The namespace that every target lies in; null where they lie in several, or in none. */
function namespaceOf([first, ...others]: readonly WriteTarget[]): string | null {
  const namespace = first?.namespace ?? null;
  return others.every((other) => other.namespace === namespace) ? namespace : null;
}

export async function proposed(call: Call, wish: Wish): Promise<Outcome> {
  const { reader, invocation } = call;
  try {
    if (wish.dryRun !== 'none') {
      if (wish.dryRun === 'server') await reader.cluster.preview(wish.writes, reader.options);
      return outcome({ kind: 'text', text: wish.text }, () => wish.text, wish.notes, wish.failures);
    }
    const change = await call.changes.propose(
      {
        cluster: reader.cluster,
        title: wish.title,
        namespace: namespaceOf(wish.targets),
        origin: { kind: 'command', text: invocation.line },
        writes: wish.writes,
        purpose: reader.options.purpose,
      },
      reader.signal,
    );
    return {
      ...outcome({ kind: 'change', change: change.id }, () => wish.text, wish.notes, wish.failures),
      exitCode: 3,
    };
  } catch (error) {
    throw inKubectlsWords(error);
  }
}
