import { parseQuantity } from '../../../shared/quantity.ts';
import { CommandError } from '../command-error.ts';
import { itemsOf } from '../ask.ts';
import { at, isObject, listAt, objectAt, textAt, type Json, type JsonObject } from '../exact-json.ts';
import { ageOf } from '../print/age.ts';
import { byCodePoint, sortedKeys } from '../print/json.ts';
import { aboutObject, writeEvents, type Around, type Describer } from './around.ts';
import { bytesText, cpuText, podAmounts, total } from './amounts.ts';
import { timeText, type DescribeText } from './text.ts';

const rolePrefix = 'node-role.kubernetes.io/';

export const describeNode: Describer = async (node, around, text) => {
  const name = textAt(node, 'metadata', 'name');
  const labels = objectAt(node, 'metadata', 'labels');
  const roles = sortedKeys(labels).flatMap((key) =>
    key.startsWith(rolePrefix)
      ? [key.slice(rolePrefix.length)]
      : key === 'kubernetes.io/role'
        ? [textAt(labels, key)]
        : [],
  );
  text
    .field(0, 'Name', name)
    .field(0, 'Roles', [...new Set(roles.filter((role) => role !== ''))].sort().join(',') || '<none>');
  text.labels('Labels', labels).annotations('Annotations', at(node, 'metadata', 'annotations'));
  text.field(0, 'CreationTimestamp', timeText(textAt(node, 'metadata', 'creationTimestamp')));
  writeTaints(listAt(node, 'spec', 'taints'), text);
  text.field(0, 'Unschedulable', textAt(node, 'spec', 'unschedulable') || 'false');
  await writeLease(name, around, text);
  writeConditions(listAt(node, 'status', 'conditions'), text);
  text.write(0, 'Addresses:\n');
  for (const address of listAt(node, 'status', 'addresses'))
    text.field(1, textAt(address, 'type'), textAt(address, 'address'));
  for (const [title, key] of [
    ['Capacity', 'capacity'],
    ['Allocatable', 'allocatable'],
  ] as const) {
    const amounts = objectAt(node, 'status', key);
    const names = sortedKeys(amounts);
    if (names.length > 0) text.write(0, `${title}:\n`);
    for (const one of names) text.write(0, `  ${one}:\t${textAt(amounts, one)}\n`);
  }
  writeSystem(objectAt(node, 'status', 'nodeInfo'), text);
  if (textAt(node, 'spec', 'podCIDR') !== '') text.field(0, 'PodCIDR', textAt(node, 'spec', 'podCIDR'));
  const ranges = listAt(node, 'spec', 'podCIDRs').map(String).join(',');
  if (ranges !== '') text.field(0, 'PodCIDRs', ranges);
  if (textAt(node, 'spec', 'providerID') !== '') text.field(0, 'ProviderID', textAt(node, 'spec', 'providerID'));
  const pods = await podsOn(name, around);
  if (pods === null) text.field(0, 'Pods', 'not authorized');
  else writePods(pods, node, around.now, text);
  writeEvents(await eventsOf(node, around), around.now, text);
};

/** The kubelet's events carry the node's name as uid, the controller's the real one. */
async function eventsOf(node: Json, around: Around): Promise<readonly Json[] | null> {
  const about = aboutObject(node);
  const [byUid, byName] = await Promise.all([around.events(about), around.events({ ...about, uid: about.name })]);
  return byUid === null ? null : [...byUid, ...(byName ?? [])];
}

async function podsOn(node: string, around: Around): Promise<readonly Json[] | null> {
  const selector = `spec.nodeName=${node},status.phase!=Failed,status.phase!=Succeeded`;
  try {
    return itemsOf(await around.reader.json('/api/v1/pods', `fieldSelector=${encodeURIComponent(selector)}`));
  } catch (error) {
    if (error instanceof CommandError && error.failure.code === 'cluster.forbidden') return null;
    throw error;
  }
}

function writeTaints(taints: readonly Json[], text: DescribeText): void {
  const sorted = [...taints].sort((a, b) =>
    byCodePoint(`${textAt(a, 'effect')},${textAt(a, 'key')}`, `${textAt(b, 'effect')},${textAt(b, 'key')}`),
  );
  const lines = sorted.map((taint) => {
    const [key, value, effect] = ['key', 'value', 'effect'].map((part) => textAt(taint, part));
    return `${key ?? ''}${value === '' ? '' : `=${value ?? ''}`}${effect === '' ? '' : `:${effect ?? ''}`}\n`;
  });
  text.write(0, `Taints:\t${lines.join('\t') || '<none>\n'}`);
}

async function writeLease(name: string, around: Around, text: DescribeText): Promise<void> {
  try {
    const lease = await around.reader.json(
      `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(name)}`,
    );
    const time = (key: string): string =>
      textAt(lease, 'spec', key) === '' ? '<unset>' : timeText(textAt(lease, 'spec', key));
    text.write(0, 'Lease:\n').field(1, 'HolderIdentity', textAt(lease, 'spec', 'holderIdentity') || '<unset>');
    text.field(1, 'AcquireTime', time('acquireTime')).field(1, 'RenewTime', time('renewTime'));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    text.field(0, 'Lease', `Failed to get lease: ${error.failure.message}`);
  }
}

function writeConditions(conditions: readonly Json[], text: DescribeText): void {
  if (conditions.length === 0) return;
  text.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
  text.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n');
  for (const one of conditions) {
    const cells = [
      `${textAt(one, 'type')} `,
      `${textAt(one, 'status')} `,
      `${timeText(textAt(one, 'lastHeartbeatTime'))} `,
      `${timeText(textAt(one, 'lastTransitionTime'))} `,
      `${textAt(one, 'reason')} `,
      textAt(one, 'message'),
    ];
    text.write(1, `${cells.join('\t')}\n`);
  }
}

const systemFields = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
] as const;

function writeSystem(info: JsonObject, text: DescribeText): void {
  text.write(0, 'System Info:\n');
  for (const [title, key] of systemFields) text.write(0, `  ${title}:\t${textAt(info, key)}\n`);
}

function writePods(pods: readonly Json[], node: Json, now: number, text: DescribeText): void {
  const allocatable = isObject(at(node, 'status', 'allocatable'))
    ? objectAt(node, 'status', 'allocatable')
    : objectAt(node, 'status', 'capacity');
  const of = (name: string): number => parseQuantity(textAt(allocatable, name) || '0') || 0;
  const percent = (used: number, name: string): string =>
    `(${of(name) === 0 ? 0 : Math.trunc((used / of(name)) * 100)}%)`;
  const cpu = (used = 0): string => `${cpuText(used)} ${percent(used, 'cpu')}`;
  const bytes = (used = 0, name = 'memory'): string => `${bytesText(used)} ${percent(used, name)}`;
  text.field(0, 'Non-terminated Pods', `(${pods.length} in total)`);
  text.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n');
  text.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n');
  for (const pod of pods) {
    const [asked, limited] = [podAmounts(pod, 'requests'), podAmounts(pod, 'limits')];
    const age = ageOf(textAt(pod, 'metadata', 'creationTimestamp'), now);
    const cells = [cpu(asked['cpu']), cpu(limited['cpu']), bytes(asked['memory']), bytes(limited['memory']), age];
    text.write(
      1,
      `${textAt(pod, 'metadata', 'namespace')}\t${textAt(pod, 'metadata', 'name')}\t\t${cells.join('\t')}\n`,
    );
  }
  const [asked, limited] = [
    total(pods.map((pod) => podAmounts(pod, 'requests'))),
    total(pods.map((pod) => podAmounts(pod, 'limits'))),
  ];
  text.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  text.write(1, 'Resource\tRequests\tLimits\n').write(1, '--------\t--------\t------\n');
  text.write(1, `cpu\t${cpu(asked['cpu'])}\t${cpu(limited['cpu'])}\n`);
  const names = sortedKeys(allocatable);
  for (const name of ['memory', 'ephemeral-storage', ...names.filter((one) => one.startsWith('hugepages-'))]) {
    text.write(1, `${name}\t${bytes(asked[name], name)}\t${bytes(limited[name], name)}\n`);
  }
  for (const name of names.filter((one) => !/^(cpu|memory|ephemeral-storage|pods|hugepages-.*)$/.test(one))) {
    text.write(1, `${name}\t${asked[name] ?? 0}\t${limited[name] ?? 0}\n`);
  }
}
