import type { Cluster } from '../context.ts';
import { make, namespaceNamed, workload } from './make.ts';
import { demoNode } from './nodes.ts';

/** How many pods and nodes are added to the story's own. */
export interface Crowd {
  pods: number;
  nodes: number;
}

const perDeployment = 25;
const images = [
  'demo/web:2.4.0',
  'demo/catalog:5.1.0',
  'demo/inventory:1.8.0',
  'demo/ledger:1.2.0',
  'demo/notify:1.0.5',
];

/** Many quiet pods on many nodes: Deployments of 25 in twenty namespaces named crowd-NN. */
export function addCrowd(cluster: Cluster, { pods, nodes }: Crowd): void {
  const at = cluster.store.now();
  for (let index = 0; index < nodes; index += 1) {
    cluster.store.create('nodes', demoNode(index + 5, at, { cpu: 16, memoryGibibytes: 64 }));
  }
  const deployments = Math.ceil(pods / perDeployment);
  const names = [...new Set(Array.from({ length: deployments }, (_one, index) => namespaceOf(index)))];
  for (const name of names) make(cluster, namespaceNamed(name, 'crowd'));
  for (let index = 0; index < deployments; index += 1) {
    const replicas = Math.min(perDeployment, pods - index * perDeployment);
    const image = images[index % images.length] ?? 'demo/web:2.4.0';
    const name = `service-${String(index).padStart(3, '0')}`;
    make(
      cluster,
      workload('Deployment', namespaceOf(index), name, { image, cpu: 50, memory: 64, port: 8080 }, { replicas }),
    );
  }
}

function namespaceOf(deployment: number): string {
  return `crowd-${String(deployment % 20).padStart(2, '0')}`;
}
