import { timestamp } from '../clock.ts';
import { requestDelete } from '../delete.ts';
import type { Condition, Job, Pod } from '../kinds.ts';
import { isPodActive, isPodReady } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { adopt, controllerReference, generatedName, ownedBy, podFromTemplate } from './pods.ts';

const resource = 'jobs.batch';
const kind = 'Job';
const component = 'job-controller';

/** Runs a Job's pods until enough succeeded or too many failed. */
export function startJobs(world: World): Controller {
  return startController(world, {
    resource,
    kind,
    owned: ['pods'],
    reconcile: (namespace, name, again) => {
      const job = world.store.get<Job>(resource, namespace, name);
      if (job) reconcile(world, identified(world, job), again);
    },
  });
}

/** What the API server adds to a new Job: a selector by its uid, and the labels of its pods. */
export function withJobIdentity(job: Job, uid: string): Job {
  if (job.spec.manualSelector || job.spec.selector) return job;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': job.metadata.name,
    'controller-uid': uid,
    'job-name': job.metadata.name,
  };
  const { template } = job.spec;
  const metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } };
  return {
    ...job,
    metadata: { ...job.metadata, labels: { ...(job.metadata.labels ?? metadata.labels) } },
    spec: {
      ...job.spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...template, metadata },
    },
  };
}

function identified({ store }: World, job: Job): Job {
  const { uid = '', namespace = '', name } = job.metadata;
  if (job.spec.selector) return job;
  return store.modify<Job>(resource, namespace, name, (copy) => withJobIdentity(copy, uid)) ?? job;
}

function isFinished(job: Job): boolean {
  return (job.status?.conditions ?? []).some(
    (one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  );
}

function reconcile(world: World, job: Job, again: (delayMs: number) => void): void {
  if (job.metadata.deletionTimestamp) return;
  if (isFinished(job)) {
    expire(world, job, again);
    return;
  }
  const { store } = world;
  if (job.spec.selector) adopt(store, 'pods', job, job.spec.selector, controllerReference(job, kind, 'batch/v1'));
  const pods = ownedBy<Pod>(store, 'pods', job);
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const failedPods = pods.filter((pod) => pod.status?.phase === 'Failed');
  const restarts = pods.reduce(
    (sum, pod) => sum + (pod.status?.containerStatuses ?? []).reduce((all, one) => all + one.restartCount, 0),
    0,
  );
  const failed = failedPods.length;
  const limit = job.spec.backoffLimit ?? 6;
  const completions = job.spec.completions ?? 1;
  const startedAt = job.status?.startTime ? Date.parse(job.status.startTime) : world.clock.now();
  const deadlineMs = (job.spec.activeDeadlineSeconds ?? Infinity) * 1000;
  const elapsedMs = world.clock.now() - startedAt;
  if (succeeded >= completions)
    finish(world, job, 'Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
  else if (failed > limit || (failed === 0 && restarts > limit)) {
    finish(world, job, 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  } else if (elapsedMs >= deadlineMs) {
    finish(world, job, 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline');
  } else {
    if (Number.isFinite(deadlineMs)) again(deadlineMs - elapsedMs + 10);
    run(world, job, pods, completions - succeeded, failedPods, again);
    writeCounts(world, job);
  }
}

/** Starts the pods that are missing; after a failure not before its back-off is over. */
function run(
  world: World,
  job: Job,
  pods: Pod[],
  missing: number,
  failedPods: Pod[],
  again: (delayMs: number) => void,
): void {
  const active = pods.filter(isPodActive);
  if (job.spec.suspend) {
    for (const pod of active) requestDelete(world.store, 'pods', pod.metadata.namespace ?? '', pod.metadata.name);
    return;
  }
  const wanted = Math.min(job.spec.parallelism ?? 1, missing);
  if (active.length >= wanted) return;
  const lastFailure = Math.max(0, ...failedPods.map(finishedAt));
  const backOffMs = failedPods.length === 0 ? 0 : Math.min(10_000 * 2 ** (failedPods.length - 1), 600_000);
  const waitMs = lastFailure + backOffMs - world.clock.now();
  if (waitMs > 0) {
    again(waitMs + 10);
    return;
  }
  for (let made = active.length; made < wanted; made += 1) create(world, job);
}

function finishedAt(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map((one) => Date.parse(one.state?.terminated?.finishedAt ?? ''));
  return Math.max(0, ...ends.filter((at) => !Number.isNaN(at)));
}

function create({ store, events }: World, job: Job): void {
  const namespace = job.metadata.namespace ?? '';
  const generateName = `${job.metadata.name}-`;
  const name = generatedName(store, 'pods', namespace, generateName);
  const owner = controllerReference(job, kind, 'batch/v1');
  store.create('pods', podFromTemplate(store, job.spec.template, { name, generateName, namespace, owner }));
  const message = `Created pod: ${name}`;
  events.record(job, kind, 'batch/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
}

function counts(world: World, job: Job): Partial<NonNullable<Job['status']>> {
  const pods = ownedBy<Pod>(world.store, 'pods', job);
  const active = pods.filter(isPodActive);
  const number = (phase: string): number => pods.filter((pod) => pod.status?.phase === phase).length;
  return {
    ...(active.length > 0 ? { active: active.length } : {}),
    ...(number('Succeeded') > 0 ? { succeeded: number('Succeeded') } : {}),
    ...(number('Failed') > 0 ? { failed: number('Failed') } : {}),
    ready: active.filter(isPodReady).length,
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp).length,
    uncountedTerminatedPods: {},
  };
}

function writeCounts(world: World, job: Job): void {
  const { store, clock } = world;
  store.modify<Job>(resource, job.metadata.namespace ?? '', job.metadata.name, (copy) => {
    const { conditions, startTime = timestamp(clock.now()) } = copy.status ?? {};
    const suspended: Condition = {
      type: 'Suspended',
      status: 'True',
      reason: 'JobSuspended',
      message: 'Job suspended',
      lastProbeTime: timestamp(clock.now()),
      lastTransitionTime: timestamp(clock.now()),
    };
    const isKnown = conditions?.some((one) => one.type === 'Suspended' && one.status === 'True') ?? false;
    const next = copy.spec.suspend && !isKnown ? [...(conditions ?? []), suspended] : conditions;
    copy.status = {
      ...(next ? { conditions: next } : {}),
      ...(copy.spec.suspend ? {} : { startTime }),
      ...counts(world, copy),
    };
    return copy;
  });
}

function finish(world: World, job: Job, type: 'Complete' | 'Failed', reason: string, message: string): void {
  const { store, clock, events } = world;
  const namespace = job.metadata.namespace ?? '';
  for (const pod of ownedBy<Pod>(store, 'pods', job).filter(isPodActive)) {
    requestDelete(store, 'pods', namespace, pod.metadata.name);
  }
  const at = timestamp(clock.now());
  const shared = { status: 'True', reason, message, lastProbeTime: at, lastTransitionTime: at };
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  store.modify<Job>(resource, namespace, job.metadata.name, (copy) => {
    const { active: _active, ...numbers } = counts(world, copy);
    copy.status = {
      ...(type === 'Complete' ? { completionTime: at } : {}),
      conditions: [
        { type: first, ...shared },
        { type, ...shared },
      ],
      startTime: copy.status?.startTime ?? at,
      ...numbers,
      terminating: 0,
      ready: 0,
    };
    return copy;
  });
  const happening =
    type === 'Complete'
      ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed', component } as const)
      : ({ type: 'Warning', reason, message, component } as const);
  events.record(job, kind, 'batch/v1', happening);
}

function expire({ store, clock }: World, job: Job, again: (delayMs: number) => void): void {
  const { ttlSecondsAfterFinished } = job.spec;
  const end = (job.status?.conditions ?? []).find((one) => one.type === 'Complete' || one.type === 'Failed');
  if (ttlSecondsAfterFinished === undefined || !end?.lastTransitionTime) return;
  const waitMs = Date.parse(end.lastTransitionTime) + ttlSecondsAfterFinished * 1000 - clock.now();
  if (waitMs > 0) again(waitMs + 10);
  else requestDelete(store, resource, job.metadata.namespace ?? '', job.metadata.name, { propagation: 'Background' });
}
