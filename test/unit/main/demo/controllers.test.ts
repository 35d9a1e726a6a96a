import { describe, expect, it } from 'vitest';
import { requestDelete } from '../../../../main/demo/delete.ts';
import { nextRun } from '../../../../main/demo/controllers/schedule.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Event,
  HorizontalPodAutoscaler,
  Job,
  Manifest,
  ReplicaSet,
  Service,
  StatefulSet,
} from '../../../../main/demo/kinds.ts';
import { demoNode } from '../../../../main/demo/story/nodes.ts';
import { deployment, podTemplate, startWorld } from './demo-world.ts';

const script = (text: string): object => ({ image: 'busybox', command: ['sh', '-c', text] });

describe('a Deployment', () => {
  it('replaces its pods when its template changes, never with fewer than it may', () => {
    const world = startWorld();
    world.store.create('deployments.apps', deployment('web', 4));
    world.pass(10);
    let least = 4;
    world.store.subscribe(() => {
      least = Math.min(
        least,
        world.store.get<Deployment>('deployments.apps', 'shop', 'web')?.status?.availableReplicas ?? 0,
      );
    }, 'deployments.apps');
    world.store.modify<Deployment>('deployments.apps', 'shop', 'web', (copy) => {
      copy.spec.template.spec.containers[0] = { name: 'web', image: 'nginx:2' };
      return copy;
    });
    world.pass(30);
    const { status, metadata } = world.store.get<Deployment>('deployments.apps', 'shop', 'web') as Deployment;
    expect(status).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
    expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    expect(least).toBeGreaterThanOrEqual(3);
    expect(new Set(world.pods('web').map((pod) => pod.spec.containers[0]?.image))).toEqual(new Set(['nginx:2']));
  });

  it('takes the old ReplicaSet back when the old template returns, under a new revision', () => {
    const world = startWorld();
    const setImage = (image: string): void => {
      world.store.modify<Deployment>('deployments.apps', 'shop', 'web', (copy) => {
        copy.spec.template.spec.containers[0] = { name: 'web', image };
        return copy;
      });
      world.pass(20);
    };
    world.store.create('deployments.apps', deployment('web', 1));
    world.pass(10);
    setImage('nginx:2');
    setImage('nginx');
    const sets = world.store.list<ReplicaSet>('replicasets.apps', 'shop');
    expect(sets).toHaveLength(2);
    const revisions = sets.map((set) => [
      set.spec.replicas,
      set.metadata.annotations?.['deployment.kubernetes.io/revision'],
    ]);
    expect(revisions).toContainEqual([1, '3']);
    expect(revisions).toContainEqual([0, '2']);
  });

  it('says why its pods are refused, and makes them once they are not', () => {
    const world = startWorld();
    const spec = deployment('web', 1);
    spec.spec.template.spec.serviceAccountName = 'robot';
    world.store.create('deployments.apps', spec);
    world.pass(5);
    const refused = world.store.list<Event>('events').filter((event) => event.reason === 'FailedCreate');
    expect(refused[0]?.message).toMatch(/^Error creating: pods .*serviceaccount "robot" not found$/);
    world.store.create('serviceaccounts', { metadata: { name: 'robot', namespace: 'shop' } });
    world.pass(25);
    expect(world.words('web')).toEqual(['Running']);
  });

  it('says after its deadline that it does not progress', () => {
    const world = startWorld();
    const neverReady = { ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 81 } } };
    world.store.create('deployments.apps', deployment('bad', 1, neverReady, { progressDeadlineSeconds: 60 }));
    world.pass(600);
    const conditions = world.store.get<Deployment>('deployments.apps', 'shop', 'bad')?.status?.conditions ?? [];
    expect(conditions.find((one) => one.type === 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });
});

describe('other workloads', () => {
  it('starts a StatefulSet in order and takes it down from the top', () => {
    const world = startWorld();
    const set: StatefulSet = {
      metadata: { name: 'db', namespace: 'shop' },
      spec: {
        replicas: 3,
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template: podTemplate('db', {}),
      },
    };
    world.store.create('statefulsets.apps', set);
    world.pass(1);
    expect(world.pods('db').map((pod) => pod.metadata.name)).toEqual(['db-0']);
    world.pass(20);
    expect(world.words('db')).toEqual(['Running', 'Running', 'Running']);
    world.store.modify<StatefulSet>('statefulsets.apps', 'shop', 'db', (copy) => {
      copy.spec.replicas = 1;
      return copy;
    });
    world.pass(10);
    expect(world.pods('db').map((pod) => pod.metadata.name)).toEqual(['db-0']);
  });

  it('puts a daemon on a node that joins', () => {
    const world = startWorld(1);
    const set: DaemonSet = {
      metadata: { name: 'agent', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: podTemplate('agent', {}) },
    };
    world.store.create('daemonsets.apps', set);
    world.pass(5);
    expect(world.words('agent')).toEqual(['Running']);
    world.store.create('nodes', demoNode(9, world.store.now(), { cpu: 2, memoryGibibytes: 4 }));
    world.pass(5);
    expect(
      world
        .pods('agent')
        .map((pod) => pod.spec.nodeName)
        .sort(),
    ).toEqual(['demo-node-1', 'demo-node-9']);
  });

  it('tries a failing Job as often as its limit allows, then gives up', () => {
    const world = startWorld();
    const job: Job = {
      metadata: { name: 'import', namespace: 'shop' },
      spec: { backoffLimit: 2, template: podTemplate('import', script('exit 3'), { restartPolicy: 'Never' }) },
    };
    world.store.create('jobs.batch', job);
    world.pass(300);
    const { status } = world.store.get<Job>('jobs.batch', 'shop', 'import') as Job;
    expect(status).toMatchObject({ failed: 3 });
    expect(status?.conditions?.map((one) => [one.type, one.reason])).toContainEqual(['Failed', 'BackoffLimitExceeded']);
    expect(world.words('import')).toEqual(['Error', 'Error', 'Error']);
  });

  it('starts a CronJob every minute it names and keeps the last three', () => {
    const world = startWorld();
    const template = podTemplate('report', script('echo done'), { restartPolicy: 'Never' });
    const cron: CronJob = {
      metadata: { name: 'report', namespace: 'shop' },
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } },
    };
    world.store.create('cronjobs.batch', cron);
    world.pass(600);
    const jobs = world.store.list<Job>('jobs.batch', 'shop').filter((job) => job.status?.succeeded === 1);
    expect(jobs).toHaveLength(3);
    expect(world.pods('report')).toHaveLength(3);
  });

  it('scales up under load, down only after five calm minutes', () => {
    const world = startWorld();
    const container = { image: 'demo/reindex:1.1.0', resources: { requests: { cpu: '200m' } } };
    world.store.create('deployments.apps', deployment('hot', 1, container));
    const scaler: HorizontalPodAutoscaler = {
      metadata: { name: 'hot', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hot' },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    };
    world.store.create('horizontalpodautoscalers.autoscaling', scaler);
    world.pass(90);
    const replicas = (): number | undefined =>
      world.store.get<Deployment>('deployments.apps', 'shop', 'hot')?.spec.replicas;
    expect(replicas()).toBe(3);
    world.store.modify<Deployment>('deployments.apps', 'shop', 'hot', (copy) => {
      copy.spec.template.spec.containers[0] = {
        name: 'hot',
        image: 'demo/notify:1.0.5',
        resources: { requests: { cpu: '200m' } },
      };
      return copy;
    });
    world.pass(200);
    expect(replicas()).toBe(3);
    world.pass(300);
    expect(replicas()).toBe(1);
  });
});

describe('what belongs together', () => {
  it('gives a Service the addresses of its ready pods, by the name of their port', () => {
    const world = startWorld();
    const container = { ports: [{ name: 'http', containerPort: 8080 }] };
    world.store.create('deployments.apps', deployment('web', 2, container));
    world.store.create<Service>('services', {
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
    world.pass(10);
    const endpoints = world.store.get('endpoints', 'shop', 'web') as Manifest & {
      subsets?: { addresses: unknown[]; ports: { port: number }[] }[];
    };
    expect(endpoints.subsets?.[0]?.addresses).toHaveLength(2);
    expect(endpoints.subsets?.[0]?.ports[0]?.port).toBe(8080);
    world.store.modify<Service>('services', 'shop', 'web', (copy) => {
      copy.spec.selector = { app: 'nobody' };
      return copy;
    });
    world.pass(1);
    expect(world.store.get('endpoints', 'shop', 'web')).not.toHaveProperty('subsets');
  });

  it.each([
    ['Background', 0, 0],
    ['Orphan', 1, 2],
  ] as const)('deletes a Deployment with %s and what it owns accordingly', (propagation, sets, pods) => {
    const world = startWorld();
    world.store.create('deployments.apps', deployment('web', 2));
    world.pass(10);
    requestDelete(world.store, 'deployments.apps', 'shop', 'web', { propagation });
    world.pass(10);
    expect(world.store.get('deployments.apps', 'shop', 'web')).toBeUndefined();
    expect(world.store.list('replicasets.apps', 'shop')).toHaveLength(sets);
    expect(world.pods('web')).toHaveLength(pods);
  });

  it('keeps a Deployment deleted in the foreground until its pods are gone', () => {
    const world = startWorld();
    world.store.create('deployments.apps', deployment('web', 1));
    world.pass(10);
    requestDelete(world.store, 'deployments.apps', 'shop', 'web', { propagation: 'Foreground' });
    world.pass(0.3);
    expect(world.store.get('deployments.apps', 'shop', 'web')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    world.pass(10);
    expect(world.store.get('deployments.apps', 'shop', 'web')).toBeUndefined();
    expect(world.pods('web')).toEqual([]);
  });

  it('empties a namespace before it goes', () => {
    const world = startWorld();
    world.store.create('deployments.apps', deployment('web', 2));
    world.pass(10);
    requestDelete(world.store, 'namespaces', '', 'shop');
    world.pass(15);
    expect(world.store.get('namespaces', '', 'shop')).toBeUndefined();
    expect([...world.store.everything()].filter(({ object }) => object.metadata.namespace === 'shop')).toEqual([]);
  });
});

describe('a schedule', () => {
  const after = Date.parse('2026-03-01T12:00:30Z');
  it.each([
    ['* * * * *', '2026-03-01T12:01:00Z'],
    ['*/15 * * * *', '2026-03-01T12:15:00Z'],
    ['30 3 * * *', '2026-03-02T03:30:00Z'],
    ['0 9 * * mon-fri', '2026-03-02T09:00:00Z'],
    ['0 0 13 * 5', '2026-03-06T00:00:00Z'],
    ['@monthly', '2026-04-01T00:00:00Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00Z'],
  ])('%s is next due at %s', (schedule, due) => {
    expect(new Date(nextRun(schedule, after) ?? 0).toISOString()).toBe(due.replace('Z', '.000Z'));
  });
  it.each(['often', '60 * * * *', '* * * *', '5-1 * * * *'])('cannot read %s', (schedule) => {
    expect(nextRun(schedule, after)).toBeUndefined();
  });
});
