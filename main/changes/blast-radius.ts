import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../../shared/changes.ts';
import type { RecordedWrite } from '../gate/permits.ts';
import { selectorOf, selects, selectsByMap } from './selector.ts';
import { at, type Json } from './shown.ts';

/** What is around the objects of a change. Null: it could not be read, and the effect says so. */
export interface Surroundings {
  readonly pods: readonly Json[] | null;
  readonly services: readonly Json[] | null;
  readonly budgets: readonly Json[] | null;
  readonly autoscalers: readonly Json[] | null;
}

type Write = Pick<RecordedWrite, 'method' | 'target' | 'before' | 'after'>;

const workloads = ['deployments', 'statefulsets', 'replicasets', 'daemonsets', 'replicationcontrollers'];

/** Whom a write hits beyond the object itself: pods that start, stop or restart, and what depends on them. */
export function effectsOf(write: Write, around: Surroundings): readonly Effect[] {
  const { group, resource } = write.target;
  if (workloads.includes(resource) && (group === 'apps' || group === '')) return workloadEffects(write, around);
  if (group !== '') return [];
  switch (resource) {
    case 'pods':
      return podEffects(write, around);
    case 'services':
      return serviceEffects(write, around);
    case 'configmaps':
    case 'secrets':
    case 'persistentvolumeclaims':
      return usedByPods(write, around);
    case 'namespaces':
      return namespaceEffects(write, around);
    case 'nodes':
      return nodeEffects(write, around);
    default:
      return [];
  }
}

function workloadEffects(write: Write, around: Surroundings): Effect[] {
  if (around.pods === null) return [unknown('pods', 'which pods it hits')];
  const selector =
    at(write.before, 'spec', 'selector') ?? selectorOf(String(at(write.before, 'status', 'selector') ?? ''));
  const pods = around.pods.filter((pod) => selects(selector, at(pod, 'metadata', 'labels')));
  const unsaid = write.target.subresource === 'scale' ? 0 : null;
  const wanted = numberAt(write.before, 'spec', 'replicas') ?? unsaid ?? pods.length;
  const left = write.method === 'DELETE' ? 0 : (numberAt(write.after, 'spec', 'replicas') ?? unsaid ?? wanted);
  const restarts = write.method !== 'DELETE' && templateChanged(write);
  const effects = [podCount(write, wanted, left, pods.length, restarts)].filter((effect) => effect !== null);
  if (effects.length === 0) return [];
  const labels = at(pods[0], 'metadata', 'labels') ?? at(write.before, 'spec', 'template', 'metadata', 'labels');
  return [
    ...effects,
    ...serviceLoss(labels, pods, left, around),
    ...budgetLoss(labels, left, around),
    ...autoscalerWord(write, around),
  ];
}

function podCount(write: Write, wanted: number, left: number, running: number, restarts: boolean): Effect | null {
  if (write.method === 'DELETE' && orphans(write)) return null;
  if (write.method === 'DELETE')
    return pods('critical', `${count(running)} stop${running === 1 ? 's' : ''} and nothing makes new ones.`);
  if (left < wanted) {
    const severity = left === 0 ? 'critical' : 'warning';
    return pods(severity, `${count(wanted - left)} of ${String(wanted)} stop${wanted - left === 1 ? 's' : ''}.`);
  }
  if (left > wanted)
    return pods('note', `${count(left - wanted)} more start${left - wanted === 1 ? 's' : ''}, ${String(left)} in all.`);
  if (!restarts) return null;
  const recreate = at(write.after, 'spec', 'strategy', 'type') === 'Recreate';
  const how = recreate ? 'all at once, with a gap' : 'one after another';
  return pods(recreate ? 'critical' : 'warning', `${count(wanted)} restart${wanted === 1 ? 's' : ''}, ${how}.`);
}

function serviceLoss(labels: unknown, pods: readonly Json[], left: number, around: Surroundings): Effect[] {
  if (around.services === null) return [unknown('service', 'which Services lose endpoints')];
  const own = pods.filter(isReady).length;
  return around.services
    .filter((service) => selectsByMap(at(service, 'spec', 'selector'), labels))
    .map((service) => {
      const selector = at(service, 'spec', 'selector');
      const ready = (around.pods ?? []).filter(
        (pod) => isReady(pod) && selectsByMap(selector, at(pod, 'metadata', 'labels')),
      );
      const kept = ready.length - own + Math.min(own, left);
      const name = nameOf(service);
      if (ready.length === 0) return ofService('note', `Service ${name} has no endpoints as it is.`);
      return kept === 0
        ? ofService('critical', `Service ${name} is left without endpoints.`)
        : ofService('note', `Service ${name} keeps ${String(kept)} of ${String(ready.length)} endpoints.`);
    });
}

function budgetLoss(labels: unknown, left: number, around: Surroundings): Effect[] {
  if (around.budgets === null) return [unknown('budget', 'which PodDisruptionBudgets it breaks')];
  return around.budgets
    .filter((budget) => selects(at(budget, 'spec', 'selector'), labels))
    .flatMap((budget): Effect[] => {
      const healthy = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
      return left >= healthy
        ? []
        : [
            {
              kind: 'budget',
              severity: 'warning',
              text: `PodDisruptionBudget ${nameOf(budget)} asks for ${String(healthy)} healthy pods; ${String(left)} would be left.`,
            },
          ];
    });
}

function autoscalerWord(write: Write, around: Surroundings): Effect[] {
  if (around.autoscalers === null) return [unknown('autoscaler', 'whether an autoscaler sets the replicas')];
  return around.autoscalers
    .filter(
      (one) =>
        at(one, 'spec', 'scaleTargetRef', 'name') === write.target.name &&
        `${String(at(one, 'spec', 'scaleTargetRef', 'kind')).toLowerCase()}s` === write.target.resource,
    )
    .map((one) => {
      const range = `${String(at(one, 'spec', 'minReplicas') ?? 1)} to ${String(at(one, 'spec', 'maxReplicas'))}`;
      return write.method === 'DELETE'
        ? { kind: 'autoscaler', severity: 'warning', text: `HorizontalPodAutoscaler ${nameOf(one)} loses its target.` }
        : {
            kind: 'autoscaler',
            severity: 'warning',
            text: `HorizontalPodAutoscaler ${nameOf(one)} sets the replicas itself (${range}).`,
          };
    });
}

function podEffects(write: Write, around: Surroundings): Effect[] {
  if (write.method !== 'DELETE' && write.target.subresource !== 'eviction') return [];
  const owners = at(write.before, 'metadata', 'ownerReferences');
  const controller = Array.isArray(owners) ? owners.find((owner) => at(owner, 'controller') === true) : undefined;
  const word: Effect =
    controller === undefined
      ? { kind: 'owner', severity: 'critical', text: 'Nothing makes this pod again: it has no controller.' }
      : {
          kind: 'owner',
          severity: 'note',
          text: `${String(at(controller, 'kind'))} ${String(at(controller, 'name'))} makes a new pod.`,
        };
  const labels = at(write.before, 'metadata', 'labels');
  const self = (around.pods ?? []).filter((pod) => nameOf(pod) === write.target.name);
  return [word, ...serviceLoss(labels, self, 0, around)];
}

function serviceEffects(write: Write, around: Surroundings): Effect[] {
  if (write.method !== 'DELETE') return [];
  if (around.pods === null) return [unknown('pods', 'how many pods are behind it')];
  const behind = around.pods.filter((pod) =>
    selectsByMap(at(write.before, 'spec', 'selector'), at(pod, 'metadata', 'labels')),
  );
  const text = `${count(behind.length)} can no longer be reached by this name.`;
  return [{ kind: 'service', severity: behind.length === 0 ? 'note' : 'critical', text }];
}

function usedByPods(write: Write, around: Surroundings): Effect[] {
  if (write.before === null) return [];
  if (around.pods === null) return [unknown('pods', 'which pods use it')];
  const name = write.target.name ?? '';
  const users = around.pods.filter((pod) => refersTo(at(pod, 'spec') ?? null, write.target.resource, name));
  if (users.length === 0) return [];
  const uses = `${count(users.length)} use${users.length === 1 ? 's' : ''} it`;
  return write.method === 'DELETE'
    ? [pods('critical', `${uses} and will not start again without it.`)]
    : [pods('warning', `${uses}; what was read at start changes only with a restart.`)];
}

function refersTo(spec: Json, resource: string, name: string): boolean {
  const keys: Record<string, readonly string[]> = {
    configmaps: ['configMapRef', 'configMapKeyRef', 'configMap'],
    secrets: ['secretRef', 'secretKeyRef', 'secret', 'imagePullSecrets'],
    persistentvolumeclaims: ['persistentVolumeClaim'],
  };
  const wanted = keys[resource] ?? [];
  const visit = (value: Json, key: string): boolean => {
    if (Array.isArray(value)) return value.some((item) => visit(item, key));
    if (typeof value !== 'object' || value === null) return false;
    const named = ['name', 'secretName', 'claimName'].some((field) => at(value, field) === name);
    return (wanted.includes(key) && named) || Object.entries(value).some(([inner, child]) => visit(child, inner));
  };
  return visit(spec, '');
}

function namespaceEffects(write: Write, around: Surroundings): Effect[] {
  if (write.method !== 'DELETE') return [];
  const inside = around.pods === null ? 'everything in it' : `everything in it, ${count(around.pods.length)} among it,`;
  return [{ kind: 'pods', severity: 'critical', text: `The namespace and ${inside} is deleted.` }];
}

function nodeEffects(write: Write, around: Surroundings): Effect[] {
  if (write.method === 'DELETE') {
    return [
      pods(
        'critical',
        around.pods === null
          ? 'Every pod on the node is lost.'
          : `${count(around.pods.length)} on the node ${around.pods.length === 1 ? 'is' : 'are'} lost.`,
      ),
    ];
  }
  const [old, now] = [
    at(write.before, 'spec', 'unschedulable') === true,
    at(write.after, 'spec', 'unschedulable') === true,
  ];
  if (old === now) return [];
  return [pods('note', now ? 'No new pods are placed on it; those there stay.' : 'New pods are placed on it again.')];
}

function templateChanged(write: Write): boolean {
  const after = at(write.after, 'spec', 'template');
  return after !== undefined && !isDeepStrictEqual(at(write.before, 'spec', 'template'), after);
}

function orphans(write: Write): boolean {
  return at(write.after, 'metadata', 'finalizers')?.toString().includes('orphan') ?? false;
}

/** Ready, and not going: an endpoint. */
export function isReady(pod: Json): boolean {
  const conditions = at(pod, 'status', 'conditions');
  const ready =
    Array.isArray(conditions) && conditions.some((one) => at(one, 'type') === 'Ready' && at(one, 'status') === 'True');
  return ready && at(pod, 'metadata', 'deletionTimestamp') === undefined;
}

function pods(severity: Effect['severity'], text: string): Effect {
  return { kind: 'pods', severity, text };
}

function ofService(severity: Effect['severity'], text: string): Effect {
  return { kind: 'service', severity, text };
}

function unknown(kind: Effect['kind'], what: string): Effect {
  return { kind, severity: 'warning', text: `Not known: ${what}. It could not be read.` };
}

function count(n: number): string {
  return n === 1 ? '1 pod' : `${String(n)} pods`;
}

function nameOf(object: Json): string {
  return String(at(object, 'metadata', 'name'));
}

function numberAt(object: unknown, ...path: string[]): number | null {
  const value = at(object, ...path);
  return typeof value === 'number' ? value : value === undefined || value === null ? null : Number(String(value));
}
