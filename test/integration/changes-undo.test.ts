import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../main/changes/shown.ts';
import { realCluster, realKubectl } from '../support/real-cluster.ts';
import { draft, remove, startChanges, type RunningChanges } from '../support/start-changes.ts';

const namespace = `t-undo-${String(process.pid)}`;
const core = `/api/v1/namespaces/${namespace}`;
const apps = `/apis/apps/v1/namespaces/${namespace}`;
const meta = (name: string, rest: object = {}) => ({ name, namespace, ...rest });
const workload = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: meta(name, { labels: { app: name } }),
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'c', image: 'localhost/box:1', command: ['sleep', '2147483647'] }],
      },
    },
  },
});

const run = promisify(execFile);

describe.skipIf(realCluster.kubeconfig === null)(`undo on a real cluster ${realCluster.because ?? ''}`, () => {
  let app: RunningChanges;
  const kubectl = async (...args: string[]) =>
    (await run(realKubectl() ?? 'kubectl', ['--kubeconfig', realCluster.kubeconfig ?? '', '-n', namespace, ...args]))
      .stdout;

  beforeAll(async () => {
    app = await startChanges(realCluster.kubeconfig ?? '');
    await kubectl('create', 'namespace', namespace);
  });
  afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await app.close();
  });

  const strip = (value: unknown): Partial<Record<'spec' | 'data' | 'labels', unknown>> => ({
    spec: at(value, 'spec'),
    data: at(value, 'data'),
    labels: at(value, 'metadata', 'labels'),
  });
  it.each<[string, string, object]>([
    ['Deployment', `${apps}/deployments`, workload('gone', 1)],
    [
      'ConfigMap',
      `${core}/configmaps`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('gone'), data: { a: '1' }, binaryData: { b: 'AAE=' } },
    ],
    ['ServiceAccount', `${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('gone') }],
    [
      'Service',
      `${core}/services`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('gone'),
        spec: { type: 'NodePort', selector: { app: 'gone' }, ports: [{ port: 80 }] },
      },
    ],
    [
      'CronJob',
      '/apis/batch/v1/namespaces/NS/cronjobs',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: meta('gone'),
        spec: {
          schedule: '0 0 1 1 *',
          jobTemplate: {
            spec: {
              template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'localhost/box:1' }] } },
            },
          },
        },
      },
    ],
    [
      'Job',
      '/apis/batch/v1/namespaces/NS/jobs',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: meta('gone'),
        spec: {
          suspend: true,
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'localhost/box:1' }] } },
        },
      },
    ],
    [
      'HorizontalPodAutoscaler',
      '/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers',
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: meta('gone'),
        spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
      },
    ],
    [
      'PersistentVolumeClaim',
      `${core}/persistentvolumeclaims`,
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: meta('gone'),
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
      },
    ],
    [
      'StatefulSet',
      `${apps}/statefulsets`,
      { ...workload('gone', 1), kind: 'StatefulSet', spec: { ...workload('gone', 1).spec, serviceName: 'gone' } },
    ],
    [
      'Ingress',
      '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: meta('gone'),
        spec: { defaultBackend: { service: { name: 'gone', port: { number: 80 } } } },
      },
    ],
  ])('creates a %s, deletes it and brings it back equal', async (kind, collection, body) => {
    const path = collection.replace('NS', namespace);
    expect((await app.perform(`Create ${kind}`, draft('POST', path, body))).state.kind).toBe('verified');
    const before = await app.object(`${path}/gone`);
    expect((await app.perform(`Delete ${kind}`, remove(`${path}/gone`))).state).toMatchObject({ kind: 'verified' });
    expect(await app.object(`${path}/gone`)).toBeNull();
    const back = await app.approve(await app.changes.undo(app.newest().seq, app.caller));
    expect(['verified', 'unverified']).toContain(back.state.kind);
    const after = await app.object(`${path}/gone`);
    if (kind !== 'Job') expect(strip(after)).toEqual(strip(before));
    expect(at(after, 'metadata', 'uid')).not.toBe(at(before, 'metadata', 'uid'));
    await kubectl('delete', kind.toLowerCase(), 'gone', '--wait=false');
  });

  it('brings a bare pod back for the scheduler to place, and a Service whose address was taken without it', async () => {
    const pod = { metadata: meta('bare'), spec: workload('bare', 1).spec.template.spec };
    await app.perform('Create a pod', draft('POST', `${core}/pods`, { apiVersion: 'v1', kind: 'Pod', ...pod }));
    await kubectl('wait', 'pod/bare', '--for=condition=Ready', '--timeout=60s');
    await app.perform('Delete it', draft('DELETE', `${core}/pods/bare`, { gracePeriodSeconds: 0 }));
    await app.approve(await app.changes.undo(app.newest().seq, app.caller));
    expect(at(await app.object(`${core}/pods/bare`), 'spec', 'containers', 0, 'image')).toBe('localhost/box:1');

    const service = (name: string, more: object = {}) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta(name),
      spec: { ports: [{ port: 80 }], ...more },
    });
    await app.perform('Create a Service', draft('POST', `${core}/services`, service('first')));
    const clusterIP = at(await app.object(`${core}/services/first`), 'spec', 'clusterIP');
    await app.perform('Delete it', remove(`${core}/services/first`));
    const { seq } = app.newest();
    await app.perform('Take its address', draft('POST', `${core}/services`, service('thief', { clusterIP })));
    const back = await app.approve(await app.changes.undo(seq, app.caller));
    expect(back.state.kind).toBe('verified');
    expect(at(await app.object(`${core}/services/first`), 'spec', 'clusterIP')).not.toBe(clusterIP);
  });

  it('drops the reference to an owner that is gone, so that the object is not collected at once', async () => {
    await kubectl('create', 'configmap', 'owner');
    const uid = await kubectl('get', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}');
    const owned = meta('owned', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }] });
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: owned };
    await app.perform('Create it', draft('POST', `${core}/configmaps`, body));
    await app.perform('Delete it', remove(`${core}/configmaps/owned`));
    const { seq } = app.newest();
    await kubectl('delete', 'configmap', 'owner');
    expect((await app.approve(await app.changes.undo(seq, app.caller))).state.kind).toBe('verified');
    expect(at(await app.object(`${core}/configmaps/owned`), 'metadata', 'ownerReferences')).toBeUndefined();
  });

  it('takes added keys and list items back, also while the rollout it caused goes on', async () => {
    await kubectl('create', 'deployment', 'multi', '--image=localhost/box:1', '--', 'sleep', '2147483647');
    await kubectl('rollout', 'status', 'deployment/multi', '--timeout=60s');
    const container = (name: string) => ({ name, image: 'localhost/box:1', command: ['sleep', '2147483647'] });
    const change = await app.propose('Add a container', [
      draft(
        'PATCH',
        `${apps}/deployments/multi`,
        {
          metadata: { labels: { added: 'yes' } },
          spec: { template: { spec: { containers: [container('side')] } } },
        },
        'application/strategic-merge-patch+json',
      ),
    ]);
    expect(change.effects.map((effect) => effect.text)).toContain('1 pod restarts, one after another.');
    expect((await app.approve(change)).state.kind).not.toBe('failed');
    const undo = await app.changes.undo(app.newest().seq, app.caller);
    await app.approve(undo);
    const after = await app.object(`${apps}/deployments/multi`);
    expect(at(after, 'metadata', 'labels', 'added')).toBeUndefined();
    expect(at(after, 'spec', 'template', 'spec', 'containers')).toHaveLength(1);
  });
});
