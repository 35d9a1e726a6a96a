import { startLife } from '../../../../main/demo/life.ts';
import type { Life } from '../../../../main/demo/life.ts';
import type { Deployment, Manifest, Pod } from '../../../../main/demo/kinds.ts';
import { Store } from '../../../../main/demo/store.ts';
import { StoryClock } from '../../../../main/demo/story-clock.ts';
import { demoNode } from '../../../../main/demo/story/nodes.ts';
import { podStatusWord } from '../../../../main/demo/tables/pod.ts';

/** A cluster without an API server, whose time moves only when a test says so. */
export interface World {
  store: Store;
  life: Life;
  /** Lets seconds pass. */
  pass(seconds: number): void;
  pods(app: string): Pod[];
  /** READY and STATUS words of an app's pods. */
  words(app: string): string[];
}

export function startWorld(nodes = 2): World {
  const clock = new StoryClock(Date.now() + 1000);
  const store = new Store(() => clock.now());
  const namespace = (name: string): Manifest =>
    ({ metadata: { name }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }) as Manifest;
  for (const name of ['default', 'shop', 'kube-node-lease']) store.create('namespaces', namespace(name));
  for (let index = 1; index <= nodes; index += 1) {
    store.create('nodes', demoNode(index, clock.now(), { cpu: 4, memoryGibibytes: 8 }));
  }
  const life = startLife(store, clock, 'PEM');
  const pods = (app: string): Pod[] =>
    store.list<Pod>('pods', 'shop').filter((pod) => pod.metadata.labels?.['app'] === app);
  return {
    store,
    life,
    pods,
    pass: (seconds) => {
      clock.advanceTo(clock.now() + seconds * 1000);
    },
    words: (app) => pods(app).map(podStatusWord),
  };
}

export function podTemplate(app: string, container: object, spec: object = {}): Deployment['spec']['template'] {
  return {
    metadata: { labels: { app } },
    spec: { containers: [{ name: app, image: 'nginx', ...container }], ...spec },
  };
}

export function deployment(app: string, replicas: number, container: object = {}, spec: object = {}): Deployment {
  return {
    metadata: { name: app, namespace: 'shop' },
    spec: { replicas, selector: { matchLabels: { app } }, template: podTemplate(app, container), ...spec },
  };
}
