/** Autoscalers, disruption budgets, priority classes, roles and their bindings. */
import { at, isObject, listAt, numberAt, textAt, type Json } from '../exact-json.ts';
import { labelText } from '../print/table.ts';
import { labelQuery } from '../selector.ts';
import { compactRules } from '../verbs/access-rules.ts';
import { aboutObject, writeEvents, type Describer } from './around.ts';
import { timeText, type DescribeText } from './text.ts';

export const describeAutoscaler: Describer = async (scaler, around, text) => {
  text
    .field(0, 'Name', textAt(scaler, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(scaler, 'metadata', 'namespace'));
  text
    .labels('Labels', at(scaler, 'metadata', 'labels'))
    .annotations('Annotations', at(scaler, 'metadata', 'annotations'));
  text.field(0, 'CreationTimestamp', timeText(textAt(scaler, 'metadata', 'creationTimestamp')));
  const kind = textAt(scaler, 'spec', 'scaleTargetRef', 'kind');
  text
    .field(0, 'Reference', `${kind}/${textAt(scaler, 'spec', 'scaleTargetRef', 'name')}`)
    .write(0, 'Metrics:\t( current / target )\n');
  const current = listAt(scaler, 'status', 'currentMetrics');
  listAt(scaler, 'spec', 'metrics').forEach((metric, index) => writeMetric(metric, current[index] ?? null, text));
  text
    .field(0, 'Min replicas', textAt(scaler, 'spec', 'minReplicas') || '<unset>')
    .field(0, 'Max replicas', textAt(scaler, 'spec', 'maxReplicas'));
  const behavior = at(scaler, 'spec', 'behavior');
  if (isObject(behavior)) {
    text.write(0, 'Behavior:\n');
    writeBehavior('Scale Up', at(behavior, 'scaleUp'), text);
    writeBehavior('Scale Down', at(behavior, 'scaleDown'), text);
  }
  const replicas = (key: string): number => numberAt(scaler, 'status', key) ?? 0;
  text.write(0, `${kind} pods:\t${replicas('currentReplicas')} current / ${replicas('desiredReplicas')} desired\n`);
  const conditions = listAt(scaler, 'status', 'conditions');
  if (conditions.length > 0)
    text.write(0, 'Conditions:\n  Type\tStatus\tReason\tMessage\n  ----\t------\t------\t-------\n');
  for (const one of conditions) {
    text.write(1, `${['type', 'status', 'reason', 'message'].map((key) => textAt(one, key)).join('\t')}\n`);
  }
  writeEvents(await around.events(aboutObject(scaler)), around.now, text);
};

function writeMetric(metric: Json, now: Json, text: DescribeText): void {
  const type = textAt(metric, 'type');
  const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const target = at(metric, key, 'target') ?? null;
  const current = at(now, key, 'current') ?? null;
  const value = (name: string): string => textAt(current, name) || '<unknown>';
  if (type === 'Resource' || type === 'ContainerResource') {
    const of = type === 'Resource' ? '' : ` of container "${textAt(metric, key, 'container')}"`;
    text.write(1, `resource ${textAt(metric, key, 'name')}${of} on pods`);
    if (textAt(target, 'averageValue') !== '') {
      text.write(0, `:\t${value('averageValue')} / ${textAt(target, 'averageValue')}\n`);
      return;
    }
    const used = textAt(current, 'averageUtilization');
    const shown = used === '' ? '<unknown>' : `${used}% (${textAt(current, 'averageValue')})`;
    const wanted = textAt(target, 'averageUtilization') === '' ? '<auto>' : `${textAt(target, 'averageUtilization')}%`;
    text.write(1, `(as a percentage of request):\t${shown} / ${wanted}\n`);
    return;
  }
  const name = JSON.stringify(textAt(metric, key, 'metric', 'name'));
  const isAverage = textAt(target, 'averageValue') !== '';
  const numbers = isAverage
    ? `${value('averageValue')} / ${textAt(target, 'averageValue')}`
    : `${value('value')} / ${textAt(target, 'value')}`;
  if (type === 'Pods') text.write(1, `${name} on pods:\t${numbers}\n`);
  else if (type === 'Object') {
    const on = `${textAt(metric, key, 'describedObject', 'kind')}/${textAt(metric, key, 'describedObject', 'name')}`;
    text.write(1, `${name} on ${on} (target ${isAverage ? 'average ' : ''}value):\t${numbers}\n`);
  } else text.write(1, `${name} (target ${isAverage ? 'average ' : ''}value):\t${numbers}\n`);
}

function writeBehavior(title: string, rules: Json | undefined, text: DescribeText): void {
  if (!isObject(rules)) return;
  text.write(1, `${title}:\n`);
  if (textAt(rules, 'stabilizationWindowSeconds') !== '')
    text.write(2, `Stabilization Window: ${textAt(rules, 'stabilizationWindowSeconds')} seconds\n`);
  const policies = listAt(rules, 'policies');
  if (policies.length === 0) return;
  text.write(2, `Select Policy: ${textAt(rules, 'selectPolicy') || 'Max'}\n`).write(2, 'Policies:\n');
  for (const one of policies) {
    text.write(
      3,
      `- Type: ${textAt(one, 'type')}\tValue: ${textAt(one, 'value')}\tPeriod: ${textAt(one, 'periodSeconds')} seconds\n`,
    );
  }
}

export const describeBudget: Describer = async (budget, around, text) => {
  const spec = (key: string): string => textAt(budget, 'spec', key);
  const status = (key: string): number => numberAt(budget, 'status', key) ?? 0;
  text
    .field(0, 'Name', textAt(budget, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(budget, 'metadata', 'namespace'));
  if (spec('minAvailable') !== '') text.field(0, 'Min available', spec('minAvailable'));
  else if (spec('maxUnavailable') !== '') text.field(0, 'Max unavailable', spec('maxUnavailable'));
  const selector = at(budget, 'spec', 'selector');
  text.field(0, 'Selector', isObject(selector) ? labelQuery(selector) || '<none>' : '<unset>').write(0, 'Status:\n');
  text.field(2, 'Allowed disruptions', status('disruptionsAllowed')).field(2, 'Current', status('currentHealthy'));
  text.field(2, 'Desired', status('desiredHealthy')).field(2, 'Total', status('expectedPods'));
  writeEvents(await around.events(aboutObject(budget)), around.now, text);
};

export const describePriorityClass: Describer = async (priority, around, text) => {
  text.field(0, 'Name', textAt(priority, 'metadata', 'name')).field(0, 'Value', textAt(priority, 'value'));
  text
    .field(0, 'GlobalDefault', textAt(priority, 'globalDefault') || 'false')
    .field(0, 'PreemptionPolicy', textAt(priority, 'preemptionPolicy'));
  text.field(0, 'Description', textAt(priority, 'description'));
  const annotations = at(priority, 'metadata', 'annotations');
  text.field(0, 'Annotations', labelText(isObject(annotations) ? (annotations as Record<string, string>) : {}));
  writeEvents(await around.events(aboutObject(priority)), around.now, text);
};

export const describeRole: Describer = async (role, _around, text) => {
  text.field(0, 'Name', textAt(role, 'metadata', 'name'));
  text.labels('Labels', at(role, 'metadata', 'labels')).annotations('Annotations', at(role, 'metadata', 'annotations'));
  text.write(
    0,
    'PolicyRule:\n  Resources\tNon-Resource URLs\tResource Names\tVerbs\n  ---------\t-----------------\t--------------\t-----\n',
  );
  const rules = listAt(role, 'rules');
  const resourceRules = rules.filter((rule) => listAt(rule, 'resources').length > 0);
  const nonResourceRules = rules.filter((rule) => listAt(rule, 'nonResourceURLs').length > 0);
  for (const rule of compactRules({ resourceRules, nonResourceRules })) {
    text.write(
      1,
      `${rule.resource}\t[${rule.paths.join(' ')}]\t[${rule.names.join(' ')}]\t[${rule.verbs.join(' ')}]\n`,
    );
  }
};

export const describeBinding: Describer = async (binding, _around, text) => {
  text.field(0, 'Name', textAt(binding, 'metadata', 'name'));
  text
    .labels('Labels', at(binding, 'metadata', 'labels'))
    .annotations('Annotations', at(binding, 'metadata', 'annotations'));
  text
    .write(0, 'Role:\n')
    .field(1, 'Kind', textAt(binding, 'roleRef', 'kind'))
    .field(1, 'Name', textAt(binding, 'roleRef', 'name'));
  text.write(0, 'Subjects:\n  Kind\tName\tNamespace\n  ----\t----\t---------\n');
  for (const subject of listAt(binding, 'subjects')) {
    text.write(1, `${textAt(subject, 'kind')}\t${textAt(subject, 'name')}\t${textAt(subject, 'namespace')}\n`);
  }
};
