/** @kubernetes/client-node keeps a list of the demo's ConfigMaps for a minute in which its past is taken away again and again. */
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoCluster } from '../../main/demo/cluster.ts';
import type { DemoCluster } from '../../main/demo/cluster.ts';

let demo: DemoCluster;
beforeAll(async () => {
  demo = await startDemoCluster({ port: 0 });
});
afterAll(async () => {
  await demo.close();
});

test('watches for a minute through forced 410s and dropped connections without missing a change', async () => {
  const config = new KubeConfig();
  config.loadFromString(demo.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const namespace = 'default';
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace }));
  const values = new Map<string, string>();
  let awaited: { value: string; resolve: () => void } | null = null;
  const learn = (map: V1ConfigMap): void => {
    const value = map.data?.['round'];
    if (value === undefined) return;
    values.set(map.metadata?.name ?? '', value);
    if (awaited?.value === value) awaited.resolve();
  };
  informer.on('add', learn);
  informer.on('update', learn);
  informer.on('delete', (map) => values.delete(map.metadata?.name ?? ''));
  let restarts = 0;
  let isOver = false;
  informer.on('error', () => {
    restarts += 1;
    setTimeout(() => {
      if (!isOver) informer.start().catch(() => undefined);
    }, 50);
  });
  demo.cluster.store.create('configmaps', {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'counter', namespace },
    data: { round: '0' },
  } as never);
  await informer.start();

  const until = Date.now() + 60_000;
  let rounds = 0;
  while (Date.now() < until) {
    rounds += 1;
    const value = String(rounds);
    const arrived = new Promise<void>((resolve) => {
      awaited = { value, resolve };
    });
    // Between the drop and the client's return the past goes: its resourceVersion is then too old.
    if (rounds % 2 === 0) demo.faults.onDropConnections();
    demo.cluster.store.modify<{ data: Record<string, string> } & { metadata: { name: string } }>(
      'configmaps',
      namespace,
      'counter',
      (copy) => {
        copy.data = { round: value };
        return copy;
      },
    );
    demo.cluster.store.compact();
    await arrived;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  isOver = true;
  await informer.stop();
  expect(values.get('counter')).toBe(String(rounds));
  expect(rounds).toBeGreaterThan(20);
  expect(restarts).toBeGreaterThan(5);
}, 90_000);
