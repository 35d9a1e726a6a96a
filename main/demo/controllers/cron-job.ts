import { timestamp } from '../clock.ts';
import { requestDelete } from '../delete.ts';
import type { CronJob, Job } from '../kinds.ts';
import { isTrue } from './conditions.ts';
import { startController } from './controller.ts';
import type { Controller, World } from './controller.ts';
import { withJobIdentity } from './job.ts';
import { controllerReference, ownedBy } from './pods.ts';
import { nextRun } from './schedule.ts';
import { randomUUID } from 'node:crypto';

const resource = 'cronjobs.batch';
const kind = 'CronJob';
const component = 'cronjob-controller';

/** Starts a Job whenever a schedule is due and forgets the oldest. Schedules are read in UTC. */
export function startCronJobs(world: World): Controller {
  return startController(world, {
    resource,
    kind,
    owned: ['jobs.batch'],
    reconcile: (namespace, name, again) => {
      const cron = world.store.get<CronJob>(resource, namespace, name);
      if (cron && !cron.metadata.deletionTimestamp) reconcile(world, cron, again);
    },
  });
}

function reconcile(world: World, cron: CronJob, again: (delayMs: number) => void): void {
  const { store, clock, events } = world;
  const namespace = cron.metadata.namespace ?? '';
  const jobs = ownedBy<Job>(store, 'jobs.batch', cron);
  const running = jobs.filter((job) => !isEnded(job));
  for (const job of jobs.filter(isEnded)) {
    if (!cron.status?.active?.some((one) => one.uid === job.metadata.uid)) continue;
    const condition = isTrue(job.status?.conditions, 'Complete') ? 'Complete' : 'Failed';
    const message = `Saw completed job: ${job.metadata.name}, condition: ${condition}`;
    events.record(cron, kind, 'batch/v1', { type: 'Normal', reason: 'SawCompletedJob', message, component });
  }
  forgetOld(world, cron, jobs);
  const last = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
  const due = cron.spec.suspend ? undefined : latestDue(cron.spec.schedule, last, clock.now());
  let started: Job | undefined;
  if (due !== undefined) started = start(world, cron, due, running);
  const active = [...running, ...(started ? [started] : [])].filter((job) =>
    store.get('jobs.batch', namespace, job.metadata.name),
  );
  const success = jobs.flatMap((job) => (job.status?.completionTime ? [job.status.completionTime] : [])).sort();
  store.modify<CronJob>(resource, namespace, cron.metadata.name, (copy) => {
    const lastSuccessfulTime = success.at(-1) ?? copy.status?.lastSuccessfulTime;
    const lastScheduleTime = due === undefined ? copy.status?.lastScheduleTime : timestamp(due);
    copy.status = {
      ...(active.length > 0 ? { active: active.map((job) => reference(job)) } : {}),
      ...(lastScheduleTime ? { lastScheduleTime } : {}),
      ...(lastSuccessfulTime ? { lastSuccessfulTime } : {}),
    };
    return copy;
  });
  const next = cron.spec.suspend ? undefined : nextRun(cron.spec.schedule, clock.now());
  if (next !== undefined) again(next - clock.now() + 100);
}

function reference(job: Job): { apiVersion: string; kind: string; name: string; namespace: string; uid: string } {
  const { name, namespace = '', uid = '' } = job.metadata;
  return { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1' };
}

function isEnded(job: Job): boolean {
  return isTrue(job.status?.conditions, 'Complete') || isTrue(job.status?.conditions, 'Failed');
}

function latestDue(schedule: string, after: number, now: number): number | undefined {
  let due: number | undefined;
  for (let at = nextRun(schedule, after); at !== undefined && at <= now; at = nextRun(schedule, at)) due = at;
  return due;
}

function start(world: World, cron: CronJob, due: number, running: Job[]): Job | undefined {
  const { store, events } = world;
  const namespace = cron.metadata.namespace ?? '';
  const name = `${cron.metadata.name}-${String(Math.floor(due / 60_000))}`;
  if (running.length > 0 && cron.spec.concurrencyPolicy === 'Forbid') return undefined;
  if (store.get('jobs.batch', namespace, name)) return undefined;
  if (cron.spec.concurrencyPolicy === 'Replace') {
    for (const job of running)
      requestDelete(store, 'jobs.batch', namespace, job.metadata.name, { propagation: 'Background' });
  }
  const uid = randomUUID();
  const { labels, annotations } = cron.spec.jobTemplate.metadata ?? {};
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      uid,
      ...(labels ? { labels: { ...labels } } : {}),
      annotations: { ...annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(due) },
      ownerReferences: [controllerReference(cron, kind, 'batch/v1')],
    },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      ...structuredClone(cron.spec.jobTemplate.spec),
    },
  };
  const made = store.create('jobs.batch', withJobIdentity(job, uid));
  const message = `Created job ${name}`;
  events.record(cron, kind, 'batch/v1', { type: 'Normal', reason: 'SuccessfulCreate', message, component });
  return made;
}

function forgetOld({ store }: World, cron: CronJob, jobs: Job[]): void {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  const limits = [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const;
  for (const [type, limit] of limits) {
    const ended = jobs
      .filter((job) => isTrue(job.status?.conditions, type))
      .sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''));
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
      requestDelete(store, 'jobs.batch', job.metadata.namespace ?? '', job.metadata.name, {
        propagation: 'Background',
      });
    }
  }
}
