/** The demo's story over HTTPS: what is broken is found, and what a person does about it works. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoCluster } from '../../main/demo/cluster.ts';
import type { Deployment, Event, Job, Manifest, Pod, Service, StatefulSet } from '../../main/demo/kinds.ts';
import { startStory } from '../../main/demo/story/start.ts';
import { podStatusWord } from '../../main/demo/tables/pod.ts';
import { ApiClient } from '../compare-clusters/api-client.ts';

let demo: DemoCluster;
let client: ApiClient;
const folder = mkdtempSync(join(tmpdir(), 'demo-life-'));

beforeAll(async () => {
  const startedAt = performance.now();
  demo = await startStory(0);
  process.stdout.write(`the story was told in ${String(Math.round(performance.now() - startedAt))} ms\n`);
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, demo.kubeconfig);
  client = new ApiClient(file);
});

afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const shop = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';

async function items<T>(path: string): Promise<T[]> {
  return ((await client.json(path)) as { items: T[] }).items;
}

async function words(selector: string, namespace = 'shop'): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
  return (await items<Pod>(path)).map(podStatusWord);
}

async function send(method: string, path: string, body: unknown, contentType?: string): Promise<Manifest> {
  const answer = await client.ask(path, {
    method,
    body: JSON.stringify(body),
    ...(contentType ? { contentType } : {}),
  });
  expect(answer.status, answer.text).toBeLessThan(300);
  return JSON.parse(answer.text) as Manifest;
}

/** Resolves with the object once it satisfies the condition. */
function becomes<T extends Manifest>(resource: string, name: string, isIt: (object: T) => boolean): Promise<T> {
  const { store } = demo.cluster;
  return new Promise((resolve) => {
    const look = (): void => {
      const object = store.get<T>(resource, 'shop', name);
      if (!object || !isIt(object)) return;
      end();
      resolve(object);
    };
    const end = store.subscribe(look, resource);
    look();
  });
}

const isRolledOut = ({ metadata, spec, status }: Deployment): boolean =>
  status?.observedGeneration === metadata.generation &&
  status?.updatedReplicas === spec.replicas &&
  status?.availableReplicas === spec.replicas &&
  status?.replicas === spec.replicas;

describe('the story', () => {
  test('has between 40 and 60 pods on four nodes, all marked as the demo', async () => {
    const nodes = await items<Manifest>('/api/v1/nodes');
    expect(nodes.map((node) => node.metadata.labels?.['demo.ai4k8s/demo'])).toEqual(['true', 'true', 'true', 'true']);
    const pods = await items<Pod>('/api/v1/pods');
    expect(pods.length).toBeGreaterThanOrEqual(40);
    expect(pods.length).toBeLessThanOrEqual(60);
    const deployments = await items<Deployment>('/apis/apps/v1/deployments');
    for (const { metadata } of deployments)
      expect(metadata.annotations?.['demo.ai4k8s/story'], metadata.name).toBeTruthy();
  });

  test('shows every fault that it tells of', async () => {
    expect(await words('app=web-canary')).toEqual(['ImagePullBackOff']);
    expect(await words('app=fraud-trainer', 'payments')).toEqual(['Pending']);
    expect(await words('app=import-prices')).toEqual(['Error', 'Error', 'Error']);
    const job = (await client.json('/apis/batch/v1/namespaces/shop/jobs/import-prices')) as Job;
    expect(job.status?.conditions?.map((one) => one.type)).toContain('Failed');
    const carts = await items<Pod>(`${shop}/pods?labelSelector=app%3Dcart`);
    for (const pod of carts) {
      const [container] = pod.status?.containerStatuses ?? [];
      expect(container?.restartCount).toBeGreaterThan(10);
      expect(container?.lastState?.terminated?.reason).toBe('OOMKilled');
    }
    const inventory = (await client.json(`${shop}/endpoints/inventory`)) as { subsets?: unknown };
    expect(inventory.subsets).toBeUndefined();
    const [recommendations] = await items<Pod>(`${shop}/pods?labelSelector=app%3Drecommendations`);
    expect(recommendations?.status?.containerStatuses?.[0]?.ready).toBe(false);
    const restarts = (await items<Pod>(`${shop}/pods?labelSelector=app%3Dcheckout`)).map(
      (pod) => pod.status?.containerStatuses?.[0]?.restartCount ?? 0,
    );
    for (const count of restarts) expect(count).toBeGreaterThan(15);
    const events = await items<Event>(`${shop}/events?fieldSelector=reason%3DBackOff`);
    expect(events.some((event) => (event.count ?? 0) > 15)).toBe(true);
  });

  test('has a neighbour that uses far more than it asks for, and a disk that is nearly full', async () => {
    const metrics = (await client.json('/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods')) as {
      items: { metadata: { name: string }; containers: { usage: { cpu: string } }[] }[];
    };
    const reindex = metrics.items.find((one) => one.metadata.name.startsWith('search-reindex'));
    expect(Number.parseInt(reindex?.containers[0]?.usage.cpu ?? '0')).toBeGreaterThan(1.5e9);
    const [database] = await items<Pod>('/api/v1/namespaces/monitoring/pods?labelSelector=app%3Dmetrics-db');
    const summary = (await client.json(`/api/v1/nodes/${database?.spec.nodeName ?? ''}/proxy/stats/summary`)) as {
      pods: { podRef: { name: string }; volume?: { usedBytes: number; capacityBytes: number }[] }[];
    };
    const volume = summary.pods.find((pod) => pod.podRef.name === 'metrics-db-0')?.volume?.[0];
    expect((volume?.usedBytes ?? 0) / (volume?.capacityBytes ?? 1)).toBeGreaterThan(0.88);
  });

  test('tells in the log of the crash loop what is missing', async () => {
    const [pod] = await items<Pod>(`${shop}/pods?labelSelector=app%3Dcheckout`);
    const log = await client.ask(`${shop}/pods/${pod?.metadata.name ?? ''}/log`);
    expect(log.text).toContain('DATABASE_URL is not set');
  });
});

describe('a person', () => {
  test('ends the crash loop by setting the variable', async () => {
    const env = [{ name: 'DATABASE_URL', value: 'postgres://demo' }];
    const patch = { spec: { template: { spec: { containers: [{ name: 'checkout', env }] } } } };
    await send('PATCH', `${apps}/deployments/checkout`, patch, 'application/strategic-merge-patch+json');
    await becomes<Deployment>('deployments.apps', 'checkout', isRolledOut);
    expect(await words('app=checkout')).toEqual(['Running', 'Running']);
    const endpoints = await becomes<Manifest & { subsets?: { addresses?: unknown[] }[] }>(
      'endpoints',
      'checkout',
      (one) => one.subsets?.[0]?.addresses?.length === 2,
    );
    expect(endpoints.metadata.name).toBe('checkout');
  });

  test('restarts a rollout, and it completes with new pods', async () => {
    const before = (await items<Pod>(`${shop}/pods?labelSelector=app%3Dcatalog`)).map((pod) => pod.metadata.uid);
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await send('PATCH', `${apps}/deployments/catalog`, patch, 'application/strategic-merge-patch+json');
    const { metadata } = await becomes<Deployment>('deployments.apps', 'catalog', isRolledOut);
    expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    const ready = (await items<Pod>(`${shop}/pods?labelSelector=app%3Dcatalog`)).filter(
      (pod) => !pod.metadata.deletionTimestamp,
    );
    expect(ready).toHaveLength(3);
    for (const pod of ready) expect(before).not.toContain(pod.metadata.uid);
  });

  test('restarts a StatefulSet whose volume comes from a claim template, and its claim stays', async () => {
    const claims = await items<Manifest>(`${shop}/persistentvolumeclaims`);
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await send('PATCH', `${apps}/statefulsets/redis`, patch, 'application/strategic-merge-patch+json');
    const set = await becomes<StatefulSet>(
      'statefulsets.apps',
      'redis',
      ({ metadata, status }) =>
        status?.observedGeneration === metadata.generation &&
        status?.currentRevision === status?.updateRevision &&
        status?.readyReplicas === 1,
    );
    expect(set.status?.updatedReplicas).toBe(1);
    expect((await items<Manifest>(`${shop}/persistentvolumeclaims`)).map((one) => one.metadata.uid)).toEqual(
      claims.map((one) => one.metadata.uid),
    );
  });

  test('scales through the scale subresource', async () => {
    await send('PATCH', `${apps}/deployments/search/scale`, { spec: { replicas: 4 } }, 'application/merge-patch+json');
    await becomes<Deployment>('deployments.apps', 'search', (one) => one.spec.replicas === 4 && isRolledOut(one));
    expect(await words('app=search')).toEqual(['Running', 'Running', 'Running', 'Running']);
  });

  test('mends the Service whose selector matches nothing', async () => {
    await send(
      'PATCH',
      `${shop}/services/inventory`,
      { spec: { selector: { app: 'inventory' } } },
      'application/merge-patch+json',
    );
    await becomes<Manifest & { subsets?: { addresses?: unknown[] }[] }>(
      'endpoints',
      'inventory',
      (one) => one.subsets?.[0]?.addresses?.length === 2,
    );
  });

  test('runs a job of their own to its end and reads its log', async () => {
    const container = {
      name: 'hello',
      image: 'busybox',
      command: ['sh', '-c', 'echo hello from $NAME'],
      env: [{ name: 'NAME', value: 'the demo' }],
    };
    await send('POST', '/apis/batch/v1/namespaces/shop/jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'hello' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    });
    await becomes<Job>('jobs.batch', 'hello', (job) => job.status?.succeeded === 1);
    const [pod] = await items<Pod>(`${shop}/pods?labelSelector=job-name%3Dhello`);
    const log = await client.ask(`${shop}/pods/${pod?.metadata.name ?? ''}/log`);
    expect(log.text).toBe('hello from the demo\n');
  });

  test('deletes a Deployment, and everything it owned goes', async () => {
    await send('DELETE', `${apps}/deployments/web-canary`, { propagationPolicy: 'Background' });
    const { store } = demo.cluster;
    const owned = (): number =>
      ['replicasets.apps', 'pods']
        .flatMap((one) => store.list(one, 'shop'))
        .filter((one) => one.metadata.labels?.['app'] === 'web-canary').length;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (owned() > 0) return;
        end();
        resolve();
      };
      const end = store.subscribe(look);
      look();
    });
    expect(owned()).toBe(0);
    expect(store.get<Service>('services', 'shop', 'web')).toBeDefined();
  });
});
