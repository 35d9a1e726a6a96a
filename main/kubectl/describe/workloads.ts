/** Deployments, replica sets, stateful sets, daemon sets, jobs and cron jobs. */
import { at, isObject, listAt, numberAt, objectAt, textAt, type Json } from '../exact-json.ts';
import { humanDuration } from '../print/age.ts';
import { labelText } from '../print/table.ts';
import { labelQuery } from '../selector.ts';
import { aboutObject, controllerOf, writeEvents, type Around, type Describer } from './around.ts';
import { writePodTemplate } from './pod.ts';
import { timeText, type DescribeText } from './text.ts';
import { sortedKeys } from '../print/json.ts';

function head(object: Json, text: DescribeText): void {
  text
    .field(0, 'Name', textAt(object, 'metadata', 'name'))
    .field(0, 'Namespace', textAt(object, 'metadata', 'namespace'));
}

function marks(object: Json, text: DescribeText): void {
  text
    .labels('Labels', at(object, 'metadata', 'labels'))
    .annotations('Annotations', at(object, 'metadata', 'annotations'));
}

function selectorOf(object: Json): string {
  return labelQuery(at(object, 'spec', 'selector')) || '<none>';
}

function number(object: Json, ...path: string[]): number {
  return numberAt(object, ...path) ?? 0;
}

async function events(object: Json, around: Around, text: DescribeText): Promise<void> {
  writeEvents(await around.events(aboutObject(object)), around.now, text);
}

function writeConditions(object: Json, text: DescribeText): void {
  const conditions = listAt(object, 'status', 'conditions');
  if (conditions.length === 0) return;
  text.write(0, 'Conditions:\n  Type\tStatus\tReason\n').write(1, '----\t------\t------\n');
  for (const one of conditions)
    text.write(1, `${textAt(one, 'type')} \t${textAt(one, 'status')}\t${textAt(one, 'reason')}\n`);
}

/** Phases of the pods that this controller owns. */
async function podsStatus(object: Json, around: Around): Promise<string> {
  const namespace = textAt(object, 'metadata', 'namespace');
  const query = `labelSelector=${encodeURIComponent(labelQuery(at(object, 'spec', 'selector')))}`;
  const pods = await around.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, query);
  const uid = textAt(object, 'metadata', 'uid');
  const owned = pods.filter((pod) =>
    listAt(pod, 'metadata', 'ownerReferences').some(
      (owner) => textAt(owner, 'controller') === 'true' && textAt(owner, 'uid') === uid,
    ),
  );
  const count = (phase: string): number => owned.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

export const describeDeployment: Describer = async (deployment, around, text) => {
  head(deployment, text);
  text.field(0, 'CreationTimestamp', timeText(textAt(deployment, 'metadata', 'creationTimestamp')));
  marks(deployment, text);
  text.field(0, 'Selector', selectorOf(deployment));
  const status = (key: string): number => number(deployment, 'status', key);
  text.field(
    0,
    'Replicas',
    `${number(deployment, 'spec', 'replicas')} desired | ${status('updatedReplicas')} updated | ${status('replicas')} total | ${status('availableReplicas')} available | ${status('unavailableReplicas')} unavailable`,
  );
  text.field(0, 'StrategyType', textAt(deployment, 'spec', 'strategy', 'type'));
  text.field(0, 'MinReadySeconds', number(deployment, 'spec', 'minReadySeconds'));
  const rolling = at(deployment, 'spec', 'strategy', 'rollingUpdate');
  if (isObject(rolling)) {
    text.field(
      0,
      'RollingUpdateStrategy',
      `${textAt(rolling, 'maxUnavailable')} max unavailable, ${textAt(rolling, 'maxSurge')} max surge`,
    );
  }
  writePodTemplate(at(deployment, 'spec', 'template'), text);
  writeConditions(deployment, text);
  await writeReplicaSets(deployment, around, text);
  await events(deployment, around, text);
};

async function writeReplicaSets(deployment: Json, around: Around, text: DescribeText): Promise<void> {
  const namespace = encodeURIComponent(textAt(deployment, 'metadata', 'namespace'));
  const query = `labelSelector=${encodeURIComponent(labelQuery(at(deployment, 'spec', 'selector')))}`;
  const uid = textAt(deployment, 'metadata', 'uid');
  const owned = (await around.list(`/apis/apps/v1/namespaces/${namespace}/replicasets`, query))
    .filter((set) => listAt(set, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid))
    .sort(
      (a, b) =>
        Date.parse(textAt(a, 'metadata', 'creationTimestamp')) - Date.parse(textAt(b, 'metadata', 'creationTimestamp')),
    );
  const template = comparable(at(deployment, 'spec', 'template'));
  const current = owned.find((set) => comparable(at(set, 'spec', 'template')) === template);
  if (owned.length === 0) return;
  const list = (sets: readonly Json[]): string =>
    sets
      .map(
        (set) =>
          `${textAt(set, 'metadata', 'name')} (${number(set, 'status', 'replicas')}/${number(set, 'spec', 'replicas')} replicas created)`,
      )
      .join(', ') || '<none>';
  text.field(0, 'OldReplicaSets', list(owned.filter((set) => set !== current)));
  text.field(0, 'NewReplicaSet', list(current === undefined ? [] : [current]));
}

/** A template without the label that the controller adds. */
function comparable(template: Json | undefined): string {
  const plain = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(plain);
    if (!isObject(value)) return value ?? null;
    const keys = sortedKeys(value).filter((key) => key !== 'pod-template-hash' && key !== 'creationTimestamp');
    return Object.fromEntries(keys.map((key) => [key, plain(value[key])]));
  };
  return JSON.stringify(plain(template), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export const describeReplicaSet: Describer = async (set, around, text) => {
  head(set, text);
  text.field(0, 'Selector', labelQuery(at(set, 'spec', 'selector')) || '<none>');
  marks(set, text);
  const owner = controllerOf(set, listAt(set, 'metadata', 'ownerReferences'));
  if (owner !== '') text.field(0, 'Controlled By', owner);
  text.field(
    0,
    'Replicas',
    `${number(set, 'status', 'replicas')} current / ${number(set, 'spec', 'replicas')} desired`,
  );
  text.field(0, 'Pods Status', await podsStatus(set, around));
  writePodTemplate(at(set, 'spec', 'template'), text);
  writeConditions(set, text);
  await events(set, around, text);
};

export const describeStatefulSet: Describer = async (set, around, text) => {
  head(set, text);
  text
    .field(0, 'CreationTimestamp', timeText(textAt(set, 'metadata', 'creationTimestamp')))
    .field(0, 'Selector', selectorOf(set));
  marks(set, text);
  text.field(0, 'Replicas', `${number(set, 'spec', 'replicas')} desired | ${number(set, 'status', 'replicas')} total`);
  text.field(0, 'Update Strategy', textAt(set, 'spec', 'updateStrategy', 'type'));
  const rolling = at(set, 'spec', 'updateStrategy', 'rollingUpdate');
  if (isObject(rolling) && 'partition' in rolling) {
    text.field(1, 'Partition', textAt(rolling, 'partition'));
    if ('maxUnavailable' in rolling) text.field(1, 'MaxUnavailable', textAt(rolling, 'maxUnavailable'));
  }
  text.field(0, 'Pods Status', await podsStatus(set, around));
  writePodTemplate(at(set, 'spec', 'template'), text);
  writeClaims(listAt(set, 'spec', 'volumeClaimTemplates'), text);
  await events(set, around, text);
};

function writeClaims(claims: readonly Json[], text: DescribeText): void {
  text.write(0, claims.length === 0 ? 'Volume Claims:\t<none>\n' : 'Volume Claims:\n');
  for (const claim of claims) {
    text
      .field(1, 'Name', textAt(claim, 'metadata', 'name'))
      .field(1, 'StorageClass', textAt(claim, 'spec', 'storageClassName'));
    text
      .labels('Labels', at(claim, 'metadata', 'labels'), '  ')
      .labels('Annotations', at(claim, 'metadata', 'annotations'), '  ');
    text.field(1, 'Capacity', textAt(claim, 'spec', 'resources', 'requests', 'storage') || '<default>');
    text.field(1, 'Access Modes', `[${listAt(claim, 'spec', 'accessModes').map(String).join(' ')}]`);
  }
}

export const describeDaemonSet: Describer = async (set, around, text) => {
  head(set, text);
  text.field(0, 'Selector', selectorOf(set));
  text.field(
    0,
    'Node-Selector',
    labelText(objectAt(set, 'spec', 'template', 'spec', 'nodeSelector') as Record<string, string>),
  );
  marks(set, text);
  const status = (key: string): number => number(set, 'status', key);
  text.write(0, `Desired Number of Nodes Scheduled: ${status('desiredNumberScheduled')}\n`);
  text.write(0, `Current Number of Nodes Scheduled: ${status('currentNumberScheduled')}\n`);
  text.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status('updatedNumberScheduled')}\n`);
  text.write(0, `Number of Nodes Scheduled with Available Pods: ${status('numberAvailable')}\n`);
  text.write(0, `Number of Nodes Misscheduled: ${status('numberMisscheduled')}\n`);
  text.field(0, 'Pods Status', await podsStatus(set, around));
  writePodTemplate(at(set, 'spec', 'template'), text);
  await events(set, around, text);
};

export const describeJob: Describer = async (job, around, text) => {
  const spec = (key: string): string => textAt(job, 'spec', key);
  const status = (key: string): string => textAt(job, 'status', key);
  head(job, text);
  text.field(0, 'Selector', labelQuery(at(job, 'spec', 'selector')));
  marks(job, text);
  const owner = controllerOf(job, listAt(job, 'metadata', 'ownerReferences'));
  if (owner !== '') text.field(0, 'Controlled By', owner);
  if (spec('parallelism') !== '') text.field(0, 'Parallelism', spec('parallelism'));
  text.field(0, 'Completions', spec('completions') || '<unset>');
  if (spec('completionMode') !== '') text.field(0, 'Completion Mode', spec('completionMode'));
  if (spec('suspend') !== '') text.field(0, 'Suspend', spec('suspend'));
  if (spec('backoffLimit') !== '') text.field(0, 'Backoff Limit', spec('backoffLimit'));
  if (spec('ttlSecondsAfterFinished') !== '')
    text.field(0, 'TTL Seconds After Finished', spec('ttlSecondsAfterFinished'));
  const [began, ended] = [status('startTime'), status('completionTime')];
  if (began !== '') text.field(0, 'Start Time', timeText(began));
  if (ended !== '') text.field(0, 'Completed At', timeText(ended));
  if (began !== '' && ended !== '') text.field(0, 'Duration', humanDuration(Date.parse(ended) - Date.parse(began)));
  if (spec('activeDeadlineSeconds') !== '')
    text.field(0, 'Active Deadline Seconds', `${spec('activeDeadlineSeconds')}s`);
  const ready = status('ready') === '' ? '' : ` (${status('ready')} Ready)`;
  text.field(
    0,
    'Pods Statuses',
    `${status('active') || 0} Active${ready} / ${status('succeeded') || 0} Succeeded / ${status('failed') || 0} Failed`,
  );
  if (spec('completionMode') === 'Indexed') text.field(0, 'Completed Indexes', status('completedIndexes') || '<none>');
  writePodTemplate(at(job, 'spec', 'template'), text);
  await events(job, around, text);
};

export const describeCronJob: Describer = async (job, around, text) => {
  const spec = (key: string): string => textAt(job, 'spec', key);
  const template = (key: string): string => textAt(job, 'spec', 'jobTemplate', 'spec', key);
  head(job, text);
  marks(job, text);
  text.field(0, 'Schedule', spec('schedule')).field(0, 'Concurrency Policy', spec('concurrencyPolicy'));
  text.field(0, 'Suspend', spec('suspend') === '' ? '<unset>' : spec('suspend') === 'true' ? 'True' : 'False');
  text.field(0, 'Time Zone', spec('timeZone') || '<unset>');
  text.field(0, 'Successful Job History Limit', spec('successfulJobsHistoryLimit') || '<unset>');
  text.field(0, 'Failed Job History Limit', spec('failedJobsHistoryLimit') || '<unset>');
  text.field(
    0,
    'Starting Deadline Seconds',
    spec('startingDeadlineSeconds') === '' ? '<unset>' : `${spec('startingDeadlineSeconds')}s`,
  );
  text.field(0, 'Selector', labelQuery(at(job, 'spec', 'jobTemplate', 'spec', 'selector')) || '<unset>');
  text
    .field(0, 'Parallelism', template('parallelism') || '<unset>')
    .field(0, 'Completions', template('completions') || '<unset>');
  if (template('activeDeadlineSeconds') !== '')
    text.field(0, 'Active Deadline Seconds', `${template('activeDeadlineSeconds')}s`);
  writePodTemplate(at(job, 'spec', 'jobTemplate', 'spec', 'template'), text);
  const last = textAt(job, 'status', 'lastScheduleTime');
  text.field(0, 'Last Schedule Time', last === '' ? '<unset>' : timeText(last));
  text.field(
    0,
    'Active Jobs',
    listAt(job, 'status', 'active')
      .map((one) => textAt(one, 'name'))
      .join(', ') || '<none>',
  );
  await events(job, around, text);
};
