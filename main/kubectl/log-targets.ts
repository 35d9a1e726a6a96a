/** Whose logs a command wants: a pod, the pod that stands for a workload, or all that a selector finds. */
import { itemsOf } from './ask.ts';
import type { Call } from './call.ts';
import { CommandError, invalid } from './command-error.ts';
import { at, isObject, listAt, numberAt, textAt, type Json } from './exact-json.ts';
import { noResources } from './no-resources.ts';
import { pathOf, resolveTargets } from './resource-names.ts';
import { labelQuery } from './selector.ts';

export interface LogTarget {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
}

export interface LogTargets {
  readonly targets: readonly LogTarget[];
  /** What kubectl says on the way: which pod, which container. */
  readonly notes: readonly string[];
}

export interface Wanted {
  readonly object: string | undefined;
  readonly container: string;
  readonly selector: string;
  readonly allContainers: boolean;
  readonly allPods: boolean;
}

/** Throws CommandError. */
export async function logTargets(call: Call, wanted: Wanted): Promise<LogTargets> {
  const { pods, notes } = await podsOf(call, wanted);
  const targets: LogTarget[] = [];
  const said = [...notes];
  for (const pod of pods) {
    const chosen = containersOf(pod, wanted);
    targets.push(
      ...chosen.names.map((container) => ({
        pod: textAt(pod, 'metadata', 'name'),
        namespace: textAt(pod, 'metadata', 'namespace'),
        container,
      })),
    );
    if (chosen.note !== null && !wanted.allPods) said.push(chosen.note);
  }
  return { targets, notes: said };
}

async function podsOf(call: Call, wanted: Wanted): Promise<{ pods: readonly Json[]; notes: string[] }> {
  const pods = `/api/v1/namespaces/${encodeURIComponent(call.namespace)}/pods`;
  if (wanted.object === undefined) {
    const found = itemsOf(await call.reader.json(pods, `labelSelector=${encodeURIComponent(wanted.selector)}`));
    return { pods: found, notes: found.length === 0 ? await noResources(call, true) : [] };
  }
  if (!wanted.object.includes('/'))
    return { pods: [await onePod(call, `${pods}/${encodeURIComponent(wanted.object)}`)], notes: [] };
  const [target] = resolveTargets([wanted.object], await call.reader.resources());
  const [name] = target?.names ?? [];
  if (target === undefined || name === undefined) throw invalid('expected a resource');
  const object = await onePod(call, pathOf(target.resource, call.namespace, name));
  if (target.resource.kind === 'Pod') return { pods: [object], notes: [] };
  const query = labelQuery(at(object, 'spec', 'selector'));
  if (query === '')
    throw invalid(
      `cannot get the logs from *v1.${target.resource.kind}: selector for *v1.${target.resource.kind} not implemented`,
      'Name a pod, or a workload that has pods.',
    );
  const found = itemsOf(await call.reader.json(pods, `labelSelector=${encodeURIComponent(query)}`)).sort(byLogging);
  const [first] = found;
  if (first === undefined)
    throw invalid(
      'timed out waiting for the condition',
      `No pod matches ${query}: look at kubectl describe ${wanted.object}.`,
    );
  if (wanted.allPods || found.length === 1) return { pods: wanted.allPods ? found : [first], notes: [] };
  return { pods: [first], notes: [`Found ${found.length} pods, using pod/${textAt(first, 'metadata', 'name')}`] };
}

async function onePod(call: Call, path: string): Promise<Json> {
  try {
    return await call.reader.json(path);
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.code !== 'cluster.not-found') throw error;
    throw new CommandError(
      'cluster.not-found',
      `error: error from server (NotFound): ${error.failure.message} in namespace "${call.namespace}"`,
      error.failure.remedy,
      { cause: error },
    );
  }
}

/** The pod whose log says most: running, ready the longest, restarted most often, oldest. */
function byLogging(a: Json, b: Json): number {
  const phases: Record<string, number> = { Running: 0, Unknown: 1, Pending: 2 };
  const phase = (pod: Json): number => phases[textAt(pod, 'status', 'phase')] ?? 0;
  const restarts = (pod: Json): number =>
    Math.max(0, ...listAt(pod, 'status', 'containerStatuses').map((one) => numberAt(one, 'restartCount') ?? 0));
  const readySince = (pod: Json): number => {
    const ready = listAt(pod, 'status', 'conditions').find(
      (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
    );
    return ready === undefined ? Infinity : Date.parse(textAt(ready, 'lastTransitionTime'));
  };
  const differ = (left: number, right: number): number => (left === right ? 0 : left - right);
  return (
    differ(Number(textAt(a, 'spec', 'nodeName') === ''), Number(textAt(b, 'spec', 'nodeName') === '')) ||
    differ(phase(a), phase(b)) ||
    differ(readySince(a), readySince(b)) ||
    differ(restarts(b), restarts(a)) ||
    differ(
      Date.parse(textAt(a, 'metadata', 'creationTimestamp')),
      Date.parse(textAt(b, 'metadata', 'creationTimestamp')),
    )
  );
}

function containersOf(pod: Json, wanted: Wanted): { names: string[]; note: string | null } {
  const names = (list: string): string[] => listAt(pod, 'spec', list).map((one) => textAt(one, 'name'));
  const [init, main, ephemeral] = [names('initContainers'), names('containers'), names('ephemeralContainers')];
  const all = [...init, ...main, ...ephemeral];
  if (wanted.allContainers) return { names: all, note: null };
  const listed = [...main, ...init.map((name) => `${name} (init)`), ...ephemeral.map((name) => `${name} (ephem)`)].join(
    ', ',
  );
  const annotations = at(pod, 'metadata', 'annotations');
  const preset = isObject(annotations) ? textAt(annotations, 'kubectl.kubernetes.io/default-container') : '';
  let container = wanted.container;
  let note: string | null = null;
  if (container === '' && preset !== '') {
    if (all.includes(preset)) container = preset;
    else note = `Default container name "${preset}" not found in pod ${textAt(pod, 'metadata', 'name')}`;
  }
  if (container === '') {
    container = main[0] ?? '';
    if (all.length > 1) note = `Defaulted container "${container}" out of: ${listed}`;
  }
  if (!all.includes(container)) {
    throw invalid(
      `container ${container} is not valid for pod ${textAt(pod, 'metadata', 'name')} out of: ${listed}`,
      'Name one of these containers with -c.',
    );
  }
  return { names: [container], note };
}
