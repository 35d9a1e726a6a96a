import { AppError, type Failure } from '../../shared/errors.ts';
import type { CallOptions, ClusterAccess } from '../clusters/cluster-access.ts';
import { failureOfAnswer } from '../mcp/answer-failure.ts';
import { hopOf, type HopResult } from '../mcp/hops.ts';
import { since } from './server-hops.ts';

/** The second half of the way: from the gate to what this person may do on one cluster. */
export interface ClusterHops {
  readonly results: readonly HopResult[];
  /** The API server's own; null where it did not answer. */
  readonly version: string | null;
}

/** No pod has this name, so that the question costs the cluster nothing. */
const noPod = 'metadata.name=--self-check--';

/** Asks in order and stops at the first failure. Throws only for a mistake of ours. */
export async function clusterHops(open: () => ClusterAccess, options: CallOptions): Promise<ClusterHops> {
  const results: HopResult[] = [];
  let version: string | null = null;
  let usesProgram = false;
  let at = performance.now();
  const done = (name: HopResult['name'], evidence: string) => {
    results.push({ name, evidence, ms: since(at), failed: null });
    at = performance.now();
  };
  try {
    const cluster = open();
    usesProgram = cluster.config.questions.some(({ kind }) => kind === 'exec-plugin' || kind === 'auth-provider');
    version = await askVersion(cluster, options);
    done('api-server', `${cluster.config.server} answers GET /version: ${version}.`);
    done('credentials', await askIdentity(cluster, options));
    const { requests, failure } = await askPods(cluster, options);
    if (failure === null || hopOf(failure) !== 'gate') {
      done('gate', `${requests} requests of the MCP server passed under the permit of this call.`);
    }
    if (failure !== null) throw new AppError(failure);
    done('rights', `May list pods in namespace ${cluster.config.namespace}.`);
  } catch (error) {
    const failed = failureIn(error, version !== null, usesProgram);
    if (failed.code === 'cluster.unauthorized' && version === null) done('api-server', 'It answers, with 401.');
    results.push({ name: hopOf(failed), evidence: '', ms: since(at), failed });
  }
  return { results, version };
}

async function askVersion(cluster: ClusterAccess, options: CallOptions): Promise<string> {
  const answer = (await cluster.read({ path: '/version' }, options)).json() as { gitVersion?: unknown };
  return typeof answer.gitVersion === 'string' ? answer.gitVersion : 'a version it does not name';
}

/** Who the API server takes this app for; servers before 1.28 do not say, which is no failure. */
async function askIdentity(cluster: ClusterAccess, options: CallOptions): Promise<string> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    const answer = (await cluster.review(path, body, options)).json() as Partial<{
      status: Partial<{ userInfo: Partial<{ username: string }> }>;
    }>;
    return `The API server knows this as ${answer.status?.userInfo?.username ?? 'a user without a name'}.`;
  } catch (error) {
    if (error instanceof AppError && ['cluster.not-found', 'cluster.forbidden'].includes(error.failure.code)) {
      return 'The API server took the credentials; it does not say for whom.';
    }
    throw error;
  }
}

/** Through the MCP server: how many requests of it the gate saw, and what became of the call. */
async function askPods(
  cluster: ClusterAccess,
  options: CallOptions,
): Promise<{ readonly requests: number; readonly failure: Failure | null }> {
  const { namespace } = cluster.config;
  const args = { namespace, fieldSelector: noPod };
  const answer = await cluster.tool('pods_list_in_namespace', args, { ...options, form: 'table' });
  return { requests: answer.report.requests.length, failure: failureOfAnswer(answer, cluster.name) };
}

/** A limit of time says where it struck by what had answered until then. */
function failureIn(error: unknown, apiServerAnswered: boolean, usesProgram: boolean): Failure {
  if (error instanceof AppError) return error.failure;
  if (!(error instanceof DOMException) || (error.name !== 'TimeoutError' && error.name !== 'AbortError')) throw error;
  if (!apiServerAnswered && usesProgram) {
    return {
      code: 'cluster.credentials',
      message: 'The program that makes the credentials, or the API server behind it, gave no answer in time.',
      remedy:
        'Look whether a sign-in waits for you in another window; run the program in a terminal to see what it needs.',
    };
  }
  return {
    code: 'cluster.unreachable',
    message: apiServerAnswered
      ? 'The API server answered first, and then no more.'
      : 'The API server did not answer in time.',
    remedy: 'Check the network or VPN, and the load of the API server.',
  };
}
