import type { Condition, Deployment, PodTemplate, ReplicaSet } from '../kinds.ts';
import { timestamp } from '../clock.ts';
import { requestDelete } from '../delete.ts';
import { availableCondition, progressCondition, withUpdateTime } from './deployment-status.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { adopt, controllerReference, ownedBy } from './pods.ts';
import { stableText, templateHash } from './revisions.ts';

const resource = 'deployments.apps';
const kind = 'Deployment';
const component = 'deployment-controller';
const hashLabel = 'pod-template-hash';
const revisionKey = 'deployment.kubernetes.io/revision';

/** Rolls a Deployment out: one ReplicaSet per template, the newest scaled up as the older are scaled down. */
export function startDeployments(world: World): Controller {
  return startController(world, {
    resource,
    kind,
    owned: ['replicasets.apps'],
    reconcile: (namespace, name, again) => {
      const deployment = world.store.get<Deployment>(resource, namespace, name);
      if (deployment && !deployment.metadata.deletionTimestamp) new Rollout(world, deployment).step(again);
    },
  });
}

/** An int-or-percent of a total: percentages of surge round up, of unavailability down. */
export function absolute(value: number | string | undefined, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = (Number.parseFloat(value ?? '25%') / 100) * total;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}

class Rollout {
  readonly #world: World;
  readonly #deployment: Deployment;
  readonly #namespace: string;
  readonly #wanted: number;

  constructor(world: World, deployment: Deployment) {
    this.#world = world;
    this.#deployment = deployment;
    this.#namespace = deployment.metadata.namespace ?? '';
    this.#wanted = deployment.spec.replicas ?? 1;
  }

  step(again: (delayMs: number) => void): void {
    const { store } = this.#world;
    const { spec } = this.#deployment;
    adopt(store, 'replicasets.apps', this.#deployment, spec.selector, this.#reference());
    const all = this.#sets();
    let current = all.find((set) => isSameTemplate(set.spec.template, spec.template));
    if (spec.paused) this.#scaleProportionally(all);
    else {
      current ??= this.#createSet(all);
      this.#renewRevision(current, all);
      const others = this.#sets().filter((set) => set.metadata.uid !== current?.metadata.uid);
      if (spec.strategy?.type === 'Recreate') this.#recreate(current, others);
      else this.#roll(current, others);
      this.#forgetOld(others);
    }
    this.#writeStatus(current, again);
  }

  #reference(): ReturnType<typeof controllerReference> {
    return controllerReference(this.#deployment, kind, 'apps/v1');
  }

  /** Oldest revision first. */
  #sets(): ReplicaSet[] {
    return ownedBy<ReplicaSet>(this.#world.store, 'replicasets.apps', this.#deployment).sort(
      (a, b) => revisionOf(a) - revisionOf(b),
    );
  }

  #maxSurge(): number {
    const { strategy } = this.#deployment.spec;
    if (strategy?.type === 'Recreate') return 0;
    return absolute(strategy?.rollingUpdate?.maxSurge, this.#wanted, 'up');
  }

  #maxUnavailable(): number {
    const { strategy } = this.#deployment.spec;
    const count = absolute(strategy?.rollingUpdate?.maxUnavailable, this.#wanted, 'down');
    return count === 0 && this.#maxSurge() === 0 ? 1 : Math.min(count, this.#wanted);
  }

  #createSet(all: ReplicaSet[]): ReplicaSet {
    const { spec, metadata } = this.#deployment;
    const hash = templateHash(spec.template);
    const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
    const revision = (all.at(-1) ? revisionOf(all.at(-1) as ReplicaSet) : 0) + 1;
    const total = all.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    const isRecreate = spec.strategy?.type === 'Recreate';
    const room = Math.max(0, this.#wanted + this.#maxSurge() - total);
    const replicas = isRecreate && total > 0 ? 0 : Math.min(this.#wanted, room);
    const set = this.#world.store.create<ReplicaSet>('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: this.#namespace,
        labels,
        annotations: this.#annotations(revision),
        ownerReferences: [this.#reference()],
      },
      spec: {
        replicas,
        selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
        template: { ...structuredClone(spec.template), metadata: { ...spec.template.metadata, labels } },
        ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      },
      status: { replicas: 0 },
    });
    if (replicas > 0) this.#sayScaled('up', set.metadata.name, 0, replicas);
    return set;
  }

  #annotations(revision: number): Record<string, string> {
    const own = Object.entries(this.#deployment.metadata.annotations ?? {}).filter(
      ([key]) => key !== revisionKey && key !== 'kubectl.kubernetes.io/last-applied-configuration',
    );
    return {
      ...Object.fromEntries(own),
      'deployment.kubernetes.io/desired-replicas': String(this.#wanted),
      'deployment.kubernetes.io/max-replicas': String(this.#wanted + this.#maxSurge()),
      [revisionKey]: String(revision),
    };
  }

  /** A set that becomes current again (a rollback) gets the next number; the Deployment shows the same. */
  #renewRevision(current: ReplicaSet, all: ReplicaSet[]): void {
    const { store } = this.#world;
    const highest = Math.max(0, ...all.map(revisionOf));
    const revision = revisionOf(current) < highest ? highest + 1 : revisionOf(current);
    store.modify<ReplicaSet>('replicasets.apps', this.#namespace, current.metadata.name, (copy) => {
      const before = copy.metadata.annotations ?? {};
      copy.metadata.annotations = { ...before, ...this.#annotations(revision) };
      return copy;
    });
    store.modify<Deployment>(resource, this.#namespace, this.#deployment.metadata.name, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, [revisionKey]: String(revision) };
      return copy;
    });
  }

  #roll(current: ReplicaSet, others: ReplicaSet[]): void {
    const now = this.#get(current);
    const older = others.map((set) => this.#get(set));
    const total = [now, ...older].reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    const replicas = now.spec.replicas ?? 0;
    if (replicas > this.#wanted) {
      this.#scale(now, this.#wanted);
    } else if (replicas < this.#wanted) {
      const room = this.#wanted + this.#maxSurge() - total;
      if (room > 0) this.#scale(now, Math.min(this.#wanted, replicas + room));
    }
    this.#scaleDown(this.#get(current), older);
  }

  /** Older sets shrink as far as enough pods stay available; broken pods of theirs go first. */
  #scaleDown(current: ReplicaSet, older: ReplicaSet[]): void {
    const least = this.#wanted - this.#maxUnavailable();
    const newUnavailable = (current.spec.replicas ?? 0) - (current.status?.availableReplicas ?? 0);
    const total = [current, ...older].reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    let room = total - least - newUnavailable;
    if (room <= 0) return;
    for (const set of older) {
      const broken = Math.max(0, (set.spec.replicas ?? 0) - (set.status?.availableReplicas ?? 0));
      const count = Math.min(room, broken);
      if (count <= 0) continue;
      this.#scale(set, (set.spec.replicas ?? 0) - count);
      room -= count;
    }
    const available = [current, ...older].reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
    let spare = available - least;
    for (const set of older.map((one) => this.#get(one))) {
      const count = Math.min(spare, set.spec.replicas ?? 0);
      if (count <= 0) continue;
      this.#scale(set, (set.spec.replicas ?? 0) - count);
      spare -= count;
    }
  }

  #recreate(current: ReplicaSet, others: ReplicaSet[]): void {
    for (const set of others) this.#scale(set, 0);
    const isClear = others.every((set) => {
      const { replicas = 0, terminatingReplicas = 0 } = this.#get(set).status ?? {};
      return replicas + terminatingReplicas === 0;
    });
    if (isClear) this.#scale(this.#get(current), this.#wanted);
  }

  /** A paused Deployment still follows `replicas`, in the newest set that has pods. */
  #scaleProportionally(all: ReplicaSet[]): void {
    const active = all.filter((set) => (set.spec.replicas ?? 0) > 0);
    const target = active.at(-1) ?? all.at(-1);
    if (!target) return;
    const others = active.filter((set) => set !== target).reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
    this.#scale(target, Math.max(0, this.#wanted - others));
  }

  #get(set: ReplicaSet): ReplicaSet {
    return this.#world.store.get<ReplicaSet>('replicasets.apps', this.#namespace, set.metadata.name) ?? set;
  }

  #scale(set: ReplicaSet, replicas: number): void {
    const before = set.spec.replicas ?? 0;
    if (before === replicas) return;
    this.#world.store.modify<ReplicaSet>('replicasets.apps', this.#namespace, set.metadata.name, (copy) => {
      copy.spec.replicas = replicas;
      return copy;
    });
    this.#sayScaled(replicas > before ? 'up' : 'down', set.metadata.name, before, replicas);
  }

  #sayScaled(direction: 'up' | 'down', name: string, from: number, to: number): void {
    const message = `Scaled ${direction} replica set ${name} from ${String(from)} to ${String(to)}`;
    const happening = { type: 'Normal', reason: 'ScalingReplicaSet', message, component } as const;
    this.#world.events.record(this.#deployment, kind, 'apps/v1', happening);
  }

  #forgetOld(others: ReplicaSet[]): void {
    const empty = others.map((set) => this.#get(set)).filter((set) => !set.spec.replicas && !set.status?.replicas);
    const limit = this.#deployment.spec.revisionHistoryLimit ?? 10;
    for (const set of empty.slice(0, Math.max(0, empty.length - limit))) {
      requestDelete(this.#world.store, 'replicasets.apps', this.#namespace, set.metadata.name);
    }
  }

  #writeStatus(current: ReplicaSet | undefined, again: (delayMs: number) => void): void {
    const { store, clock } = this.#world;
    const sets = this.#sets();
    const sum = (count: (status: NonNullable<ReplicaSet['status']>) => number | undefined): number =>
      sets.reduce((total, set) => total + ((set.status && count(set.status)) ?? 0), 0);
    const replicas = sum((status) => status.replicas);
    const available = sum((status) => status.availableReplicas);
    const ready = sum((status) => status.readyReplicas);
    const updated = (current && this.#get(current).status?.replicas) ?? 0;
    const unavailable = Math.max(
      0,
      Math.max(
        this.#wanted,
        sets.reduce((n, set) => n + (set.spec.replicas ?? 0), 0),
      ) - available,
    );
    const numbers = {
      ...(replicas > 0 ? { replicas } : {}),
      ...(updated > 0 ? { updatedReplicas: updated } : {}),
      ...(ready > 0 ? { readyReplicas: ready } : {}),
      ...(available > 0 ? { availableReplicas: available } : {}),
      ...(unavailable > 0 ? { unavailableReplicas: unavailable } : {}),
      terminatingReplicas: sum((status) => status.terminatingReplicas),
    };
    const isDone = updated === this.#wanted && replicas === this.#wanted && available === this.#wanted;
    const before = this.#deployment.status;
    const counts = (status: Deployment['status']): string =>
      [status?.updatedReplicas, status?.readyReplicas, status?.availableReplicas, status?.replicas].join();
    const hasMoved = counts(before) !== counts(numbers);
    store.modify<Deployment>(resource, this.#namespace, this.#deployment.metadata.name, (copy) => {
      const at = timestamp(clock.now());
      const set = (condition: Condition): void => {
        conditions = withUpdateTime(conditions, condition, at, hasMoved);
      };
      let conditions = copy.status?.conditions ?? [];
      const progress = progressCondition({
        deployment: copy,
        setName: current?.metadata.name ?? '',
        isDone,
        hasMoved,
        now: clock.now(),
        again,
      });
      if (conditions.length === 0) set(progress);
      set(availableCondition(available >= this.#wanted - this.#maxUnavailable()));
      set(progress);
      copy.status = { observedGeneration: copy.metadata.generation ?? 1, ...numbers, conditions };
      return copy;
    });
  }
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionKey] ?? 0);
}

/** Whether two pod templates are the same but for the hash that a ReplicaSet adds. */
function isSameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return stableText(withoutHash(a)) === stableText(withoutHash(b));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const { annotations } = template.metadata ?? {};
  return { metadata: { labels, ...(annotations ? { annotations } : {}) }, spec: template.spec };
}
