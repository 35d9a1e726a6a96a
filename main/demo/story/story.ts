/**
 * The demo's story, lived through from twelve days ago until now by the same controllers that run on afterwards:
 *
 * - shop/checkout crashes in a loop: its last rollout dropped DATABASE_URL (`kubectl set env` or `rollout undo` heals it)
 * - shop/cart leaks memory and is killed every five hours (2.5.0 does not leak)
 * - monitoring/metrics-db fills its disk: full in about a day
 * - shop/search-reindex is a noisy neighbour: nearly two cores without having asked for them
 * - shop/web-canary has an image that does not exist
 * - payments/fraud-trainer is pending: no node has 16 cores
 * - shop/inventory: the Service's selector matches no pod
 * - shop/import-prices is a failed job
 * - shop/recommendations is never ready: its probe asks for the wrong port
 *
 * Promises: every object carries the annotation demo.ai4k8s/story; nothing in it is random, but uids and names of pods.
 * Must never: write a status by hand. What is seen is what the controllers and kubelets made of it.
 */
import type { Cluster } from '../context.ts';
import type { Deployment, Manifest, Service } from '../kinds.ts';
import type { StoryClock } from '../story-clock.ts';
import { make, namespaceNamed } from './make.ts';
import { demoNode, storageClasses } from './nodes.ts';
import { fraudTrainer, monitoring, payments, staging, system } from './platform.ts';
import { brokenShop, couponDefinition, healthyShop } from './shop.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long before now the story begins. */
export const storyLengthMs = 12 * day;

type Balanced = Manifest & { status?: unknown };

const namespaces: [string, string][] = [
  ['shop', 'storefront'],
  ['payments', 'payments'],
  ['monitoring', 'platform'],
  ['ingress', 'platform'],
  ['staging', 'storefront'],
];

/** Fills the cluster and lives the story through. The clock must stand `storyLengthMs` before now. */
export function tellStory(cluster: Cluster, clock: StoryClock): void {
  const { store } = cluster;
  const start = clock.now();
  const before = (ms: number, action: () => void): void => {
    clock.after(storyLengthMs - ms, action);
  };
  const add = ([object, note]: [Manifest, string?]): void => {
    make(cluster, object, note);
  };
  for (const [name, team] of namespaces) make(cluster, namespaceNamed(name, team));
  for (let index = 1; index <= 4; index += 1)
    store.create('nodes', demoNode(index, start, { cpu: 4, memoryGibibytes: 16 }));
  for (const object of storageClasses()) make(cluster, object);
  make(cluster, couponDefinition());
  clock.advanceTo(start + 500);
  for (const noted of [...system(), ...monitoring(), ...payments(), ...healthyShop(), ...staging()]) add(noted);
  clock.advanceTo(start + minute);
  const balanced = { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } };
  store.modify<Balanced>('services', 'ingress', 'ingress', (copy) => ({ ...copy, status: balanced }));
  store.modify<Balanced>('ingresses.networking.k8s.io', 'shop', 'shop', (copy) => ({ ...copy, status: balanced }));

  before(3 * day, () => {
    change(cluster, 'web', 'web 2.4.0', (spec) => setImage(spec, 'demo/web:2.4.0'));
  });
  before(26 * hour, () => {
    add(brokenShop.reindex());
  });
  before(22 * hour, () => {
    store.modify<Service>('services', 'shop', 'inventory', (service) => {
      service.spec.selector = { app: 'inventory-v2' };
      service.metadata.annotations = {
        ...service.metadata.annotations,
        'demo.ai4k8s/story': 'its selector matches no pod: the Deployment is still labelled app=inventory',
      };
      return service;
    });
  });
  before(7 * hour, () => {
    add(brokenShop.importPrices());
  });
  before(5 * hour, () => {
    add(brokenShop.canary());
  });
  before(4 * hour, () => {
    add(brokenShop.recommendations());
  });
  before(3 * hour, () => {
    add(fraudTrainer());
  });
  before(95 * minute, () => {
    change(cluster, 'checkout', 'checkout 1.4.3', (spec) => {
      setImage(spec, 'demo/checkout:1.4.3');
      for (const container of spec.template.spec.containers) delete container.env;
    });
  });
  clock.catchUp();
  store.compact();
}

function setImage(spec: Deployment['spec'], image: string): void {
  for (const container of spec.template.spec.containers) container.image = image;
}

function change(cluster: Cluster, name: string, cause: string, edit: (spec: Deployment['spec']) => void): void {
  cluster.store.modify<Deployment>('deployments.apps', 'shop', name, (deployment) => {
    edit(deployment.spec);
    deployment.metadata.annotations = { ...deployment.metadata.annotations, 'kubernetes.io/change-cause': cause };
    return deployment;
  });
}
