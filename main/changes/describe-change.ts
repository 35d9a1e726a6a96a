import type { Change, Effect } from '../../shared/changes.ts';
import type { CallOptions } from '../clusters/cluster-access.ts';
import type { RecordedWrite } from '../gate/permits.ts';
import { effectsOf, type Surroundings } from './blast-radius.ts';
import { changedObjects } from './changed-objects.ts';
import type { Proposal } from './changes.ts';
import { digestOf } from './digest.ts';
import { surroundingsOf } from './surroundings.ts';
import { undoable } from './undo.ts';

export interface Previewed {
  readonly id: string;
  readonly previewedAt: number;
  readonly expiresAt: number;
  readonly proposal: Proposal;
  readonly recorded: readonly RecordedWrite[];
}

/** Everything that the card shows of a preview: diff, whom it hits, warnings, limits, undo, digest. */
export async function describeChange(previewed: Previewed, production: boolean, call: CallOptions): Promise<Change> {
  const { proposal, recorded } = previewed;
  const { cluster } = proposal;
  const [resources, effects] = await Promise.all([cluster.resources(call), allEffects(previewed, call)]);
  return {
    id: previewed.id,
    title: proposal.title,
    cluster: cluster.config.id,
    clusterName: cluster.name,
    production,
    namespace: proposal.namespace,
    origin: proposal.origin,
    previewedAt: previewed.previewedAt,
    expiresAt: previewed.expiresAt,
    objects: [...changedObjects(recorded, resources)],
    effects,
    warnings: unique(recorded.flatMap((write) => write.warnings)),
    limits: unique(recorded.flatMap((write) => write.limits)),
    undo: undoOf(recorded),
    digest: digestOf(cluster.config.identity, recorded, effects),
    writes: recorded.map((write) => `${write.method} ${write.path}`),
    typeToApprove: production ? cluster.name : null,
    state: { kind: 'previewed' },
  };
}

async function allEffects({ proposal, recorded }: Previewed, call: CallOptions): Promise<Effect[]> {
  const read = new Map<string, Promise<Surroundings>>();
  const effects: Effect[] = [];
  for (const write of recorded) {
    const { resource, namespace, name } = write.target;
    const scope = namespace ?? `${resource}/${name ?? ''}`;
    const around = read.get(scope) ?? surroundingsOf(write, proposal.cluster, call);
    read.set(scope, around);
    effects.push(...effectsOf(write, await around));
  }
  return [...new Map(effects.map((effect) => [effect.text, effect])).values()];
}

function undoOf(recorded: readonly RecordedWrite[]): Change['undo'] {
  const words = recorded.map(undoable);
  return (
    words.find((word) => !word.possible) ?? { possible: true, text: unique(words.map((word) => word.text)).join(' ') }
  );
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
