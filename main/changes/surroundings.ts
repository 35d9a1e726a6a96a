import { AppError } from '../../shared/errors.ts';
import type { CallOptions, ClusterAccess } from '../clusters/cluster-access.ts';
import type { RecordedWrite } from '../gate/permits.ts';
import type { Surroundings } from './blast-radius.ts';
import { at, type Json } from './shown.ts';

/** More than this in one namespace is not counted: a preview has to be there within a second. */
const limit = 1000;

/** Reads what is around a write, in parallel; what may not be read, or is too much, is null. */
export async function surroundingsOf(
  write: Pick<RecordedWrite, 'target'>,
  cluster: ClusterAccess,
  options: CallOptions,
): Promise<Surroundings> {
  const { target } = write;
  const list = (path: string, query = ''): Promise<readonly Json[] | null> => items(path, query, cluster, options);
  if (target.group === '' && target.resource === 'nodes') {
    const onNode = `&fieldSelector=${encodeURIComponent(`spec.nodeName=${target.name ?? ''}`)}`;
    return { pods: await list('/api/v1/pods', onNode), services: [], budgets: [], autoscalers: [] };
  }
  const namespace = target.resource === 'namespaces' ? target.name : target.namespace;
  if (namespace === null) return { pods: [], services: [], budgets: [], autoscalers: [] };
  const within = `/namespaces/${encodeURIComponent(namespace)}`;
  const [pods, services, budgets, autoscalers] = await Promise.all([
    list(`/api/v1${within}/pods`),
    list(`/api/v1${within}/services`),
    list(`/apis/policy/v1${within}/poddisruptionbudgets`),
    list(`/apis/autoscaling/v2${within}/horizontalpodautoscalers`),
  ]);
  return { pods, services, budgets, autoscalers };
}

async function items(
  path: string,
  query: string,
  cluster: ClusterAccess,
  options: CallOptions,
): Promise<readonly Json[] | null> {
  try {
    const answer = await cluster.read({ path, query: `limit=${String(limit)}${query}` }, options);
    const list = answer.json();
    const found = at(list, 'items');
    const more = at(list, 'metadata', 'continue');
    return Array.isArray(found) && (more === undefined || more === '') ? found : null;
  } catch (error) {
    if (error instanceof AppError && error.failure.code.startsWith('cluster.')) return null;
    throw error;
  }
}
