/** `kubectl top`: usage of pods and nodes, as metrics-server measured it last. */
import { parseQuantity } from '../../../shared/quantity.ts';
import type { Call } from '../call.ts';
import { CommandError, invalid } from '../command-error.ts';
import { at, listAt, numberAt, textAt, type Json } from '../exact-json.ts';
import { noResources } from '../no-resources.ts';
import { textOutcome, type Outcome } from '../outcome.ts';
import { plainOutcome, type PlainRow } from '../print/plain-table.ts';
import { byCodePoint } from '../print/json.ts';
import { itemsOf } from '../ask.ts';

const api = '/apis/metrics.k8s.io/v1beta1';
/** A pod younger than this has no metrics yet. */
const firstMetricsMs = 120_000;

interface Usage {
  readonly cpu: number;
  readonly memory: number;
  readonly swap: number;
}

export async function topPod(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  const [name, ...more] = args;
  if (more.length > 0) throw invalid(`pod [NAME | -l label]\nSee 'kubectl top pod -h' for help and examples`);
  const sortBy = sortOf(call);
  const labels = flags.text('selector') ?? '';
  const fields = flags.text('field-selector') ?? '';
  if (name !== undefined && (labels !== '' || fields !== ''))
    throw invalid('only one of NAME or selector can be provided');
  await needsMetrics(call);
  const isEverywhere = flags.is('all-namespaces');
  const scope = isEverywhere ? '' : `/namespaces/${encodeURIComponent(call.namespace)}`;
  const query = [
    ...(fields === '' ? [] : [`fieldSelector=${encodeURIComponent(fields)}`]),
    ...(labels === '' ? [] : [`labelSelector=${encodeURIComponent(labels)}`]),
  ].join('&');
  const answer = await call.reader.json(
    `${api}${scope}/pods${name === undefined ? '' : `/${encodeURIComponent(name)}`}`,
    query,
  );
  const pods = name === undefined ? itemsOf(answer) : [answer];
  if (pods.length === 0) return noPodMetrics(call, scope, query);
  const withContainers = flags.is('containers');
  const sorted = sortUsage(pods, sortBy, podUsage, (pod) => (isEverywhere ? textAt(pod, 'metadata', 'namespace') : ''));
  const withSwap = flags.is('show-swap');
  const rows = sorted.flatMap((pod) => podRows(pod, withContainers, isEverywhere, withSwap, sortBy));
  const lead = [...(isEverywhere ? ['NAMESPACE'] : []), ...(withContainers ? ['POD'] : [])];
  const columns = [...lead, 'NAME', 'CPU(cores)', 'MEMORY(bytes)', ...(withSwap ? ['SWAP(bytes)'] : [])];
  const width = flags.is('no-headers') ? columns.length - lead.length : columns.length;
  return plainOutcome({
    resource: 'pods.metrics.k8s.io',
    columns,
    rows,
    headers: !flags.is('no-headers'),
    sorted: flags.has('sort-by'),
    padsLast: true,
    footer: flags.is('sum') ? sumLines(pods, width, withSwap) : [],
  });
}

function podRows(
  pod: Json,
  withContainers: boolean,
  withNamespace: boolean,
  withSwap: boolean,
  sortBy: string,
): PlainRow[] {
  const name = textAt(pod, 'metadata', 'name');
  const namespace = textAt(pod, 'metadata', 'namespace');
  const lead = withNamespace ? [namespace] : [];
  const object = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  if (!withContainers) return [{ cells: [...lead, name, ...usageCells(podUsage(pod), withSwap)], object }];
  return sortUsage(listAt(pod, 'containers'), sortBy, usageOf, () => '').map((container) => ({
    cells: [...lead, name, textAt(container, 'name'), ...usageCells(usageOf(container), withSwap)],
    object,
  }));
}

function sumLines(pods: readonly Json[], width: number, withSwap: boolean): string[][] {
  const total = pods.map(podUsage).reduce(plus, { cpu: 0, memory: 0, swap: 0 });
  return [
    [...Array<string>(Math.max(0, width - 2)).fill(''), '________', '________'],
    [...Array<string>(Math.max(0, width - 3)).fill(''), '', ...usageCells(total, withSwap)],
  ];
}

export async function topNode(call: Call): Promise<Outcome> {
  const { flags, args } = call.invocation;
  const [name, ...more] = args;
  if (more.length > 0) throw invalid(`node [NAME | -l label]\nSee 'kubectl top node -h' for help and examples`);
  const sortBy = sortOf(call);
  const labels = flags.text('selector') ?? '';
  if (name !== undefined && labels !== '') throw invalid('only one of NAME or --selector can be provided');
  await needsMetrics(call);
  const one = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  const query = labels === '' ? '' : `labelSelector=${encodeURIComponent(labels)}`;
  const [answer, nodesAnswer] = await Promise.all([
    call.reader.json(`${api}/nodes${one}`, query),
    call.reader.json(`/api/v1/nodes${one}`, query),
  ]);
  const metrics = name === undefined ? itemsOf(answer) : [answer];
  const nodes = name === undefined ? itemsOf(nodesAnswer) : [nodesAnswer];
  if (metrics.length === 0) throw invalid('metrics not available yet', 'Wait a minute and run it again.');
  const withSwap = flags.is('show-swap');
  const known = new Map(nodes.map((node) => [textAt(node, 'metadata', 'name'), node]));
  const rows = sortUsage(metrics, sortBy, usageOf, () => '').map((metric) => {
    const node = known.get(textAt(metric, 'metadata', 'name'));
    known.delete(textAt(metric, 'metadata', 'name'));
    return nodeRow(metric, node ?? null, flags.is('show-capacity'), withSwap);
  });
  const unknown = [...known.keys()].map((missing): PlainRow => ({
    cells: [missing, ...Array<string>(withSwap ? 6 : 4).fill('<unknown>')],
  }));
  return plainOutcome({
    resource: 'nodes.metrics.k8s.io',
    columns: [
      'NAME',
      'CPU(cores)',
      'CPU(%)',
      'MEMORY(bytes)',
      'MEMORY(%)',
      ...(withSwap ? ['SWAP(bytes)', 'SWAP(%)'] : []),
    ],
    rows: [...rows, ...unknown],
    headers: !flags.is('no-headers'),
    sorted: flags.has('sort-by'),
    padsLast: true,
  });
}

function nodeRow(metric: Json, node: Json, ofCapacity: boolean, withSwap: boolean): PlainRow {
  const name = textAt(metric, 'metadata', 'name');
  const usage = usageOf(metric);
  const available = at(node, 'status', ofCapacity ? 'capacity' : 'allocatable');
  const swap = numberAt(node, 'status', 'nodeInfo', 'swap', 'capacity');
  const percent = (used: number, of: number): string => `${of === 0 ? 0 : Math.trunc((used / of) * 100)}%`;
  const cells = [
    name,
    cpuText(usage.cpu),
    percent(Math.ceil(usage.cpu * 1000), Math.ceil(quantity(available, 'cpu') * 1000)),
    bytesText(usage.memory),
    percent(usage.memory, quantity(available, 'memory')),
  ];
  if (withSwap)
    cells.push(
      ...(swap === undefined ? ['<unknown>', '<unknown>'] : [bytesText(usage.swap), percent(usage.swap, swap)]),
    );
  return { cells, object: { apiVersion: 'v1', kind: 'Node', namespace: null, name } };
}

async function needsMetrics(call: Call): Promise<void> {
  const served = (await call.reader.resources()).some(({ group }) => group === 'metrics.k8s.io');
  if (!served) throw invalid('Metrics API not available', 'Install metrics-server in this cluster.');
}

function sortOf({ invocation: { flags } }: Call): string {
  const sortBy = flags.text('sort-by') ?? '';
  if (!['', 'cpu', 'memory'].includes(sortBy)) throw invalid('--sort-by accepts only cpu or memory');
  return sortBy;
}

/** Nothing measured: because nothing is there, or because it is too young or broken. */
async function noPodMetrics(call: Call, scope: string, query: string): Promise<Outcome> {
  const pods = itemsOf(await call.reader.json(`/api/v1${scope}/pods`, query));
  if (pods.length === 0) {
    return textOutcome('', await noResources(call, scope !== ''));
  }
  const old = pods.find(
    (pod) => call.now() - Date.parse(textAt(pod, 'metadata', 'creationTimestamp')) > firstMetricsMs,
  );
  if (old === undefined) throw invalid('metrics not available yet', 'Wait a minute and run it again.');
  throw new CommandError(
    'cluster.not-found',
    `error: Metrics not available for pod ${textAt(old, 'metadata', 'namespace')}/${textAt(old, 'metadata', 'name')}`,
    'Look whether the pod runs: kubectl get pods.',
  );
}

function quantity(resources: Json | undefined, name: string): number {
  const amount = parseQuantity(textAt(resources, name) || '0');
  return Number.isNaN(amount) ? 0 : amount;
}

function usageOf(measured: Json): Usage {
  const usage = at(measured, 'usage');
  return { cpu: quantity(usage, 'cpu'), memory: quantity(usage, 'memory'), swap: quantity(usage, 'swap') };
}

function podUsage(pod: Json): Usage {
  return listAt(pod, 'containers').map(usageOf).reduce(plus, { cpu: 0, memory: 0, swap: 0 });
}

function plus(a: Usage, b: Usage): Usage {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory, swap: a.swap + b.swap };
}

function usageCells(usage: Usage, withSwap: boolean): string[] {
  return [cpuText(usage.cpu), bytesText(usage.memory), ...(withSwap ? [bytesText(usage.swap)] : [])];
}

/** Quantities round up to the next millicore. */
function cpuText(cores: number): string {
  return `${Math.ceil(Math.round(cores * 1e9) / 1e6)}m`;
}

function bytesText(bytes: number): string {
  return `${Math.trunc(bytes / (1024 * 1024))}Mi`;
}

function sortUsage(
  items: readonly Json[],
  sortBy: string,
  usage: (item: Json) => Usage,
  namespace: (item: Json) => string,
): Json[] {
  const name = (item: Json): string => textAt(item, 'metadata', 'name') || textAt(item, 'name');
  return [...items].sort((a, b) => {
    if (sortBy === 'cpu' || sortBy === 'memory') return usage(b)[sortBy] - usage(a)[sortBy] || 0;
    return byCodePoint(namespace(a), namespace(b)) || byCodePoint(name(a), name(b));
  });
}
