/** Evictions: the deletion of a Pod that a disruption budget may forbid. */
import { decodeBody } from './body.ts';
import type { Call, Cluster } from './context.ts';
import { requestDelete } from './delete.ts';
import { ApiError, badRequest, methodNotAllowed, notFound } from './errors.ts';
import type { LabelSelector, Manifest, Pod } from './kinds.ts';
import { checkDryRun, deleteOptions } from './options.ts';
import { Query } from './query.ts';
import { checkPreconditions } from './remove.ts';
import { matchesSelector } from './selectors.ts';

interface Budget extends Manifest {
  spec: { selector?: LabelSelector };
  status?: { disruptionsAllowed?: number; desiredHealthy?: number; currentHealthy?: number };
}

const budgets = 'poddisruptionbudgets.policy';

function isHealthy(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

/** @throws ApiError 429 where a budget is exhausted, 500 where several cover the pod. */
function checkBudgets(cluster: Cluster, pod: Pod): Budget | undefined {
  const all = cluster.store.list<Budget>(budgets, pod.metadata.namespace);
  const covering = all.filter((each) => matchesSelector(each.spec.selector, pod.metadata.labels));
  if (covering.length > 1) {
    throw new ApiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const [budget] = covering;
  if (!budget || pod.metadata.deletionTimestamp || ['Succeeded', 'Failed', 'Pending'].includes(pod.status?.phase ?? ''))
    return undefined;
  const { disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {};
  if (disruptionsAllowed > 0) return budget;
  if (!isHealthy(pod) && currentHealthy >= desiredHealthy && desiredHealthy > 0) return undefined;
  const message = `The disruption budget ${budget.metadata.name} needs ${String(desiredHealthy)} healthy pods and has ${String(currentHealthy)} currently`;
  throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
  });
}

/** @throws ApiError 400, 404, 409, 422, 429. */
export function handleEviction(cluster: Cluster, call: Call): void {
  const { path, query, headers, body, answer, method } = call;
  if (method !== 'POST') throw methodNotAllowed();
  const { value } = decodeBody(body, headers['content-type'], 'Eviction');
  const { metadata, deleteOptions: given } = value as {
    metadata?: { name?: string };
    deleteOptions?: Record<string, unknown>;
  };
  if (metadata?.name && metadata.name !== path.name)
    throw badRequest('name in URL does not match name in Eviction object');
  const inQuery = checkDryRun(query.all('dryRun'), 'CreateOptions');
  const options = deleteOptions(new Query(''), given ?? {});
  const pod = cluster.store.get<Pod>('pods', path.namespace, path.name);
  if (!pod) throw notFound({ group: '', plural: 'pods' }, path.name);
  checkPreconditions(call, pod, options);
  const budget = checkBudgets(cluster, pod);
  if (!inQuery && !options.isDryRun) {
    if (budget) {
      cluster.store.modify<Budget>(budgets, path.namespace, budget.metadata.name, (copy) => {
        if (copy.status) copy.status.disruptionsAllowed = (copy.status.disruptionsAllowed ?? 1) - 1;
        return copy;
      });
    }
    requestDelete(cluster.store, 'pods', path.namespace, path.name, { gracePeriodSeconds: options.gracePeriodSeconds });
  }
  answer.object(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}
