/** The log subresource: text, from the node's side, followed while the client stays. */
import type { Call, Cluster } from './context.ts';
import { badRequest, invalid, methodNotAllowed, notFound } from './errors.ts';
import type { Pod } from './kinds.ts';
import type { LogRequest } from './pod-runtime.ts';
import type { Query } from './query.ts';

/** The container that is meant. @throws ApiError 400 where it is not said or not there. */
export function chooseContainer(pod: Pod, wanted: string): string {
  const { containers, initContainers = [] } = pod.spec;
  const ephemeral = (pod.spec as unknown as { ephemeralContainers?: { name: string }[] }).ephemeralContainers ?? [];
  const names = [...containers, ...initContainers, ...ephemeral].map((container) => container.name);
  if (wanted) {
    if (names.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  }
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated && names.includes(annotated)) return annotated;
  if (containers.length === 1) return containers[0]?.name ?? '';
  const more = initContainers.length
    ? ` or one of the init containers: [${initContainers.map((each) => each.name).join(' ')}]`
    : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${containers.map((each) => each.name).join(' ')}]${more}`,
  );
}

function logRequest(query: Query, pod: string, container: string, now: number): LogRequest {
  const number = (key: string): number | undefined => (query.get(key) ? Number(query.get(key)) : undefined);
  const tailLines = number('tailLines');
  const refuse = (field: string, value: number, bound: string): never => {
    const message = `Invalid value: ${String(value)}: must be greater than ${bound}`;
    throw invalid({ group: '', kind: 'PodLogOptions' }, pod, [{ reason: 'FieldValueInvalid', message, field }]);
  };
  if (tailLines !== undefined && tailLines < 0) refuse('tailLines', tailLines, 'or equal to 0');
  const limitBytes = number('limitBytes');
  if (limitBytes !== undefined && limitBytes <= 0) refuse('limitBytes', limitBytes, '0');
  const seconds = number('sinceSeconds');
  const since =
    seconds !== undefined
      ? now - seconds * 1000
      : query.get('sinceTime')
        ? Date.parse(query.get('sinceTime'))
        : undefined;
  return {
    container,
    previous: query.flag('previous'),
    timestamps: query.flag('timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(since === undefined ? {} : { since }),
  };
}

/** @throws ApiError 400, 404, 422. */
export function handleLog(cluster: Cluster, call: Call): void {
  const { path, query, answer, signal, method } = call;
  if (method !== 'GET') throw methodNotAllowed();
  const pod = cluster.store.get<Pod>('pods', path.namespace, path.name);
  if (!pod) throw notFound({ group: '', plural: 'pods' }, path.name);
  const container = chooseContainer(pod, query.get('container'));
  const request = logRequest(query, call.path.name, container, cluster.store.now());
  if (!pod.spec.nodeName) throw badRequest(`pod ${path.name} does not have a host assigned`);
  const { response } = answer;
  const limit = query.get('limitBytes') ? Number(query.get('limitBytes')) : Infinity;
  const text = (lines: string[]): string =>
    lines
      .map((line) => `${line}\n`)
      .join('')
      .slice(0, limit);
  if (!query.flag('follow')) {
    answer.text(200, text(cluster.runtime.logs(pod, request)), 'text/plain');
    return;
  }
  const held: string[] = [];
  let isOpen = false;
  const write = (line: string): void => {
    if (isOpen) response.write(`${line}\n`);
    else held.push(line);
  };
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
    if (isOpen && !response.writableEnded) response.end();
  };
  const lines = cluster.runtime.logs(pod, request, { line: write, end, signal });
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.flushHeaders();
  response.write(text([...lines, ...held]));
  isOpen = true;
  if (hasEnded) response.end();
}
