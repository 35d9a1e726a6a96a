import { timestamp } from '../clock.ts';
import type { Condition, LabelSelector, Manifest, Pod, Quantities } from '../kinds.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import { isPodReady, withCondition } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { absolute } from './deployment.ts';
import { selects } from './selector.ts';

interface DisruptionBudget extends Manifest {
  spec: { minAvailable?: number | string; maxUnavailable?: number | string; selector?: LabelSelector };
  status?: {
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    observedGeneration?: number;
    conditions?: Condition[];
  };
}

interface Quota extends Manifest {
  spec: { hard?: Quantities };
  status?: { hard?: Quantities; used?: Quantities };
}

/** Counts how many pods of a PodDisruptionBudget may be evicted. */
export function startDisruptionBudgets(world: World): Controller {
  const resource = 'poddisruptionbudgets.policy';
  const { store, clock } = world;
  return startController(world, {
    resource,
    kind: 'PodDisruptionBudget',
    owned: [],
    selected: ['pods'],
    reconcile: (namespace, name) => {
      store.modify<DisruptionBudget>(resource, namespace, name, (budget) => {
        const pods = store.list<Pod>('pods', namespace).filter((pod) => {
          const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
          return !isOver && selects(budget.spec.selector, pod.metadata.labels);
        });
        const expectedPods = pods.length;
        const currentHealthy = pods.filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length;
        const { minAvailable, maxUnavailable } = budget.spec;
        const desiredHealthy =
          maxUnavailable === undefined
            ? absolute(minAvailable ?? 1, expectedPods, 'up')
            : Math.max(0, expectedPods - absolute(maxUnavailable, expectedPods, 'up'));
        const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
        const isAllowed = disruptionsAllowed > 0;
        const observedGeneration = budget.metadata.generation ?? 1;
        const condition = {
          type: 'DisruptionAllowed',
          status: isAllowed ? 'True' : 'False',
          reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration,
        };
        const conditions = withCondition(budget.status?.conditions, condition, timestamp(clock.now()));
        budget.status = {
          disruptionsAllowed,
          currentHealthy,
          desiredHealthy,
          expectedPods,
          observedGeneration,
          conditions,
        };
        return budget;
      });
    },
  });
}

const counted: Record<string, string> = {
  pods: 'pods',
  services: 'services',
  secrets: 'secrets',
  configmaps: 'configmaps',
  persistentvolumeclaims: 'persistentvolumeclaims',
  'count/pods': 'pods',
  'count/deployments.apps': 'deployments.apps',
};

/** Counts what a ResourceQuota limits. */
export function startQuotas(world: World): Controller {
  const { store } = world;
  const controller = startController(world, {
    resource: 'resourcequotas',
    kind: 'ResourceQuota',
    owned: [],
    reconcile: (namespace, name) => {
      store.modify<Quota>('resourcequotas', namespace, name, (quota) => {
        const hard = quota.spec.hard ?? {};
        const used = Object.fromEntries(Object.keys(hard).map((key) => [key, usedOf(world, namespace, key)]));
        quota.status = { hard, used };
        return quota;
      });
    },
  });
  const end = store.subscribe(({ type, object }) => {
    if (type === 'MODIFIED') return;
    for (const quota of store.list('resourcequotas', object.metadata.namespace)) {
      controller.again(quota.metadata.namespace, quota.metadata.name);
    }
  });
  return {
    close: () => {
      end();
      controller.close();
    },
  };
}

function usedOf({ store }: World, namespace: string, key: string): string {
  const resource = counted[key];
  if (resource) return String(store.list(resource, namespace).length);
  const limit = key.startsWith('limits.');
  const name = key.replace(/^(requests|limits)\./, '');
  if (name !== 'cpu' && name !== 'memory') return '0';
  const pods = store.list<Pod>('pods', namespace).filter((pod) => !/Succeeded|Failed/.test(pod.status?.phase ?? ''));
  const total = pods
    .flatMap((pod) => pod.spec.containers)
    .reduce((sum, { resources }) => {
      const text = (limit ? resources?.limits : resources?.requests)?.[name];
      return sum + (text ? parseQuantity(text) : 0);
    }, 0);
  return name === 'cpu' ? `${String(Math.round(total * 1000))}m` : `${String(Math.round(total / 2 ** 20))}Mi`;
}
