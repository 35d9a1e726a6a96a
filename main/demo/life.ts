/**
 * Everything that moves in the demo cluster: controllers, scheduler, kubelets, metrics. It works on the store alone and
 * is handed to the API server as a PodRuntime and as computed resources.
 */
import type { Clock } from './clock.ts';
import { startAutoscalers } from './controllers/autoscaler.ts';
import { startDisruptionBudgets, startQuotas } from './controllers/budgets.ts';
import type { Controller, World } from './controllers/controller.ts';
import { startCronJobs } from './controllers/cron-job.ts';
import { startDaemonSets } from './controllers/daemon-set.ts';
import { startDefinitions } from './controllers/definitions.ts';
import { startDeployments } from './controllers/deployment.ts';
import { startEndpoints } from './controllers/endpoints.ts';
import { EventRecorder } from './controllers/events.ts';
import { startGarbageCollector } from './controllers/garbage.ts';
import { startHeartbeats } from './controllers/heartbeat.ts';
import { startJobs } from './controllers/job.ts';
import { startNamespaces } from './controllers/namespace.ts';
import { startNodeLifecycle } from './controllers/node-lifecycle.ts';
import { startReplicaSets } from './controllers/replica-set.ts';
import { startScheduler } from './controllers/scheduler.ts';
import { startStatefulSets } from './controllers/stateful-set.ts';
import { startVolumes } from './controllers/volumes.ts';
import { Kubelet } from './kubelet.ts';
import { Metrics } from './metrics.ts';
import type { ComputedResource, PodRuntime } from './pod-runtime.ts';
import { DemoRuntime } from './runtime.ts';
import type { Store } from './store.ts';

export interface Life {
  runtime: PodRuntime;
  computed: ReadonlyMap<string, ComputedResource>;
  metrics: Metrics;
  world: World;
  close(): void;
}

/** Starts it all. `caCertificate`: the PEM that namespaces get as kube-root-ca.crt. */
export function startLife(store: Store, clock: Clock, caCertificate: string): Life {
  const events = new EventRecorder(store, clock);
  const world: World = { store, clock, events };
  const kubelet = new Kubelet(world);
  const metrics = new Metrics(store, kubelet, clock);
  const parts: Controller[] = [
    events,
    kubelet,
    startNamespaces(world, caCertificate),
    startDefinitions(world),
    startDeployments(world),
    startReplicaSets(world),
    startStatefulSets(world),
    startDaemonSets(world),
    startJobs(world),
    startCronJobs(world),
    startScheduler(world),
    startNodeLifecycle(world),
    startHeartbeats(world),
    startEndpoints(world),
    startVolumes(world),
    startDisruptionBudgets(world),
    startQuotas(world),
    startAutoscalers(world, metrics),
    startGarbageCollector(world),
  ];
  return {
    runtime: new DemoRuntime(store, clock, kubelet, metrics),
    computed: metrics.resources(),
    metrics,
    world,
    close: () => {
      for (const part of parts.reverse()) part.close();
    },
  };
}
