import { at, isObject, listAt, numberAt, textAt, type Json } from '../exact-json.ts';
import { byCodePoint } from '../print/json.ts';
import { labelQuery } from '../selector.ts';
import { aboutObject, controllerOf, lasting, writeEvents, type Describer } from './around.ts';
import { writeContainers, writeResources } from './containers.ts';
import { timeText, type DescribeText } from './text.ts';
import { writeVolumes } from './volumes.ts';

export const describePod: Describer = async (pod, around, text) => {
  const spec = at(pod, 'spec') ?? null;
  const status = at(pod, 'status') ?? null;
  text.field(0, 'Name', textAt(pod, 'metadata', 'name')).field(0, 'Namespace', textAt(pod, 'metadata', 'namespace'));
  if (at(spec, 'priority') !== undefined) text.field(0, 'Priority', textAt(spec, 'priority'));
  optional(text, 'Priority Class Name', textAt(spec, 'priorityClassName'));
  optional(text, 'Runtime Class Name', textAt(spec, 'runtimeClassName'));
  optional(text, 'Service Account', textAt(spec, 'serviceAccountName'));
  const node = textAt(spec, 'nodeName');
  text.field(0, 'Node', node === '' ? '<none>' : `${node}/${textAt(status, 'hostIP')}`);
  const started = textAt(status, 'startTime');
  if (started !== '') text.field(0, 'Start Time', timeText(started));
  text.labels('Labels', at(pod, 'metadata', 'labels')).annotations('Annotations', at(pod, 'metadata', 'annotations'));
  writePhase(pod, around.now, text);
  optional(text, 'Reason', textAt(status, 'reason'));
  optional(text, 'Message', textAt(status, 'message'));
  const seccomp = at(spec, 'securityContext', 'seccompProfile');
  if (isObject(seccomp)) {
    text.field(0, 'SeccompProfile', textAt(seccomp, 'type'));
    if (textAt(seccomp, 'type') === 'Localhost') text.field(0, 'LocalhostProfile', textAt(seccomp, 'localhostProfile'));
  }
  text.field(0, 'IP', textAt(status, 'podIP'));
  const addresses = listAt(status, 'podIPs');
  text.write(0, addresses.length === 0 ? 'IPs:\t<none>\n' : 'IPs:\n');
  for (const address of addresses) text.field(1, 'IP', textAt(address, 'ip'));
  optional(text, 'Controlled By', controllerOf(pod, listAt(pod, 'metadata', 'ownerReferences')));
  optional(text, 'NominatedNodeName', textAt(status, 'nominatedNodeName'));
  if (isObject(at(spec, 'resources'))) {
    text.write(0, 'Resources:\n');
    writeResources(at(spec, 'resources') ?? null, 1, text);
  }
  writePodContainers(pod, text);
  writeConditions(pod, text);
  writeVolumes(listAt(spec, 'volumes'), text);
  text.field(0, 'QoS Class', textAt(status, 'qosClass'));
  writePlacement(spec, text, '');
  writeEvents(await around.events({ ...aboutObject(pod), kind: null }), around.now, text);
};

function optional(text: DescribeText, title: string, value: string): void {
  if (value !== '') text.field(0, title, value);
}

function writePhase(pod: Json, now: number, text: DescribeText): void {
  const phase = textAt(pod, 'status', 'phase');
  const ending = lasting(pod, now);
  if (ending === null || phase === 'Failed' || phase === 'Succeeded') {
    text.field(0, 'Status', phase);
    return;
  }
  text.field(0, 'Status', ending);
  text.field(0, 'Termination Grace Period', `${numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') ?? 0}s`);
}

function writePodContainers(pod: Json, text: DescribeText): void {
  const section = (label: string, containers: string, statuses: string): void =>
    writeContainers(
      { label, containers: listAt(pod, 'spec', containers), statuses: listAt(pod, 'status', statuses), pod, space: '' },
      text,
    );
  if (listAt(pod, 'spec', 'initContainers').length > 0)
    section('Init Containers', 'initContainers', 'initContainerStatuses');
  section('Containers', 'containers', 'containerStatuses');
  if (listAt(pod, 'spec', 'ephemeralContainers').length > 0) {
    section('Ephemeral Containers', 'ephemeralContainers', 'ephemeralContainerStatuses');
  }
}

function writeConditions(pod: Json, text: DescribeText): void {
  const conditions = listAt(pod, 'status', 'conditions');
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length > 0) text.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const gate of gates) {
    const type = textAt(gate, 'conditionType');
    const met = conditions.find((one) => textAt(one, 'type') === type);
    text.write(1, `${type} \t${met === undefined ? '<none>' : textAt(met, 'status')} \n`);
  }
  if (conditions.length === 0) return;
  text.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const condition of conditions) text.write(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')} \n`);
}

/** Node selectors, tolerations and spreading. `indent` is '' in a pod, '  ' in a template. */
function writePlacement(spec: Json, text: DescribeText, indent: string): void {
  if (indent === '') text.labels('Node-Selectors', at(spec, 'nodeSelector'));
  if (indent === '') writeTolerations(listAt(spec, 'tolerations'), text, '');
  const spread = [...listAt(spec, 'topologySpreadConstraints')].sort((a, b) =>
    byCodePoint(textAt(a, 'topologyKey'), textAt(b, 'topologyKey')),
  );
  spread.forEach((one, index) => {
    text.write(0, index === 0 ? `${indent}Topology Spread Constraints:\t` : `${indent}\t`);
    const selector = at(one, 'labelSelector');
    const chosen = isObject(selector) ? ` for selector ${labelQuery(selector) || '<none>'}` : '';
    text.write(
      0,
      `${textAt(one, 'topologyKey')}:${textAt(one, 'whenUnsatisfiable')} when max skew ${textAt(one, 'maxSkew')} is exceeded${chosen}\n`,
    );
  });
}

function writeTolerations(tolerations: readonly Json[], text: DescribeText, indent: string): void {
  if (tolerations.length === 0) {
    text.write(0, `${indent}Tolerations:\t<none>\n`);
    return;
  }
  const sorted = [...tolerations].sort((a, b) => byCodePoint(textAt(a, 'key'), textAt(b, 'key')));
  text.write(0, `${indent}Tolerations:\t${sorted.map((one) => `${tolerationText(one)}\n`).join('\t')}`);
}

function tolerationText(toleration: Json): string {
  const [key, value, effect] = ['key', 'value', 'effect'].map((name) => textAt(toleration, name));
  const exists = textAt(toleration, 'operator') === 'Exists' && value === '';
  const seconds = numberAt(toleration, 'tolerationSeconds');
  const named = `${key ?? ''}${value === '' ? '' : `=${value ?? ''}`}${effect === '' ? '' : `:${effect ?? ''}`}`;
  return `${named}${exists ? `${named === '' ? '' : ' '}op=Exists` : ''}${seconds === undefined ? '' : ` for ${seconds}s`}`;
}

/** The `Pod Template:` of a workload. */
export function writePodTemplate(template: Json | undefined, text: DescribeText): void {
  text.write(0, 'Pod Template:\n');
  const spec = at(template, 'spec') ?? null;
  text.labels('  Labels', at(template, 'metadata', 'labels'));
  if (isObject(at(template, 'metadata', 'annotations')))
    text.annotations('  Annotations', at(template, 'metadata', 'annotations'));
  if (textAt(spec, 'serviceAccountName') !== '') text.field(1, 'Service Account', textAt(spec, 'serviceAccountName'));
  const section = (label: string, key: string): void =>
    writeContainers({ label, containers: listAt(spec, key), statuses: [], pod: null, space: '  ' }, text);
  if (listAt(spec, 'initContainers').length > 0) section('Init Containers', 'initContainers');
  section('Containers', 'containers');
  writeVolumes(listAt(spec, 'volumes'), text, '  ');
  writePlacement(spec, text, '  ');
  if (textAt(spec, 'priorityClassName') !== '') text.field(1, 'Priority Class Name', textAt(spec, 'priorityClassName'));
  text.labels('  Node-Selectors', at(spec, 'nodeSelector'));
  writeTolerations(listAt(spec, 'tolerations'), text, '  ');
}
