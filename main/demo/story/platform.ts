import type { Manifest } from '../kinds.ts';
import { fillAnnotation } from '../stats.ts';
import { service, workload } from './make.ts';
import { claim } from './shop.ts';

type Noted = [Manifest, string?];

/** The payments team's namespace. */
export function payments(): Noted[] {
  const ns = 'payments';
  return [
    [
      workload(
        'Deployment',
        ns,
        'payments',
        { image: 'demo/payments:3.1.0', cpu: 80, memory: 192, port: 8080 },
        { replicas: 3 },
      ),
    ],
    [service(ns, 'payments', 'payments')],
    [
      workload(
        'Deployment',
        ns,
        'ledger',
        { image: 'demo/ledger:1.2.0', cpu: 80, memory: 256, port: 8080 },
        { replicas: 2 },
      ),
    ],
    [service(ns, 'ledger', 'ledger')],
    [workload('Deployment', ns, 'fraud', { image: 'demo/fraud:4.0.2', cpu: 120, memory: 320 }, { replicas: 2 })],
    [workload('Deployment', ns, 'notify', { image: 'demo/notify:1.0.5', memory: 64 }, { replicas: 2 })],
    [
      workload(
        'StatefulSet',
        ns,
        'postgres',
        {
          image: 'demo/postgres:16.4',
          cpu: 150,
          memory: 640,
          port: 5432,
          volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
        },
        { replicas: 1, volumeClaimTemplates: [claim('data', '10Gi')] },
      ),
    ],
    [service(ns, 'postgres', 'postgres', 5432, { clusterIP: 'None' })],
    [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'payments-api', namespace: ns },
        type: 'Opaque',
        data: { key: Buffer.from('demo-key-not-a-secret').toString('base64') },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'team', namespace: ns },
        spec: { hard: { 'requests.cpu': '20', 'requests.memory': '16Gi', pods: '40' } },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'only-shop', namespace: ns },
        spec: {
          podSelector: { matchLabels: { app: 'payments' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }] }],
        },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'backup', namespace: ns },
        spec: {
          schedule: '30 3 * * *',
          jobTemplate: {
            spec: {
              template: {
                spec: { restartPolicy: 'OnFailure', containers: [{ name: 'backup', image: 'demo/backup:1.0.0' }] },
              },
            },
          },
        },
      } as Manifest,
    ],
  ];
}

/** The pod that no node will have. */
export function fraudTrainer(): Noted {
  return [
    workload(
      'Deployment',
      'payments',
      'fraud-trainer',
      { image: 'demo/fraud:4.0.2', cpu: 16_000, memory: 1024 },
      { replicas: 1 },
    ),
    'pending: asks for 16 cores, the largest node has 4',
  ];
}

/** Monitoring: one database whose disk fills, and agents on every node. */
export function monitoring(): Noted[] {
  const ns = 'monitoring';
  const filling = claim('data', '20Gi', {
    [fillAnnotation]: '0.30+0.051',
    'demo.ai4k8s/story': 'fills by a gibibyte a day: retention is off',
  });
  return [
    [
      workload(
        'Deployment',
        ns,
        'collector',
        { image: 'demo/collector:0.98.0', cpu: 100, memory: 256, port: 9090 },
        { replicas: 1 },
      ),
    ],
    [service(ns, 'collector', 'collector', 9090)],
    [
      workload(
        'Deployment',
        ns,
        'dashboards',
        { image: 'demo/dashboards:11.1.0', memory: 192, port: 3000 },
        { replicas: 1 },
      ),
    ],
    [service(ns, 'dashboards', 'dashboards')],
    [
      workload(
        'StatefulSet',
        ns,
        'metrics-db',
        {
          image: 'demo/timescale:2.15.0',
          cpu: 250,
          memory: 1024,
          port: 5432,
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
        { replicas: 1, volumeClaimTemplates: [filling] },
      ),
      'its disk is filling',
    ],
    [service(ns, 'metrics-db', 'metrics-db', 5432, { clusterIP: 'None' })],
    [workload('DaemonSet', ns, 'node-agent', { image: 'demo/node-agent:1.0.0', cpu: 20, memory: 32 })],
    [workload('DaemonSet', ns, 'log-shipper', { image: 'demo/log-shipper:3.0.3', cpu: 30, memory: 64 })],
  ];
}

/** What a cluster itself runs, and the way in. */
export function system(): Noted[] {
  const ns = 'kube-system';
  return [
    [workload('Deployment', ns, 'dns', { image: 'demo/dns:1.11.3', cpu: 100, memory: 70 }, { replicas: 2 })],
    [
      {
        ...service(ns, 'dns', 'dns', 53),
        spec: {
          selector: { app: 'dns' },
          clusterIP: '10.96.0.10',
          ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }],
        },
      } as Manifest,
    ],
    [
      workload(
        'Deployment',
        ns,
        'metrics-server',
        { image: 'demo/metrics-server:0.9.0', cpu: 50, memory: 64, port: 4443 },
        { replicas: 1 },
      ),
    ],
    [service(ns, 'metrics-server', 'metrics-server', 443)],
    [
      workload(
        'Deployment',
        'ingress',
        'ingress',
        { image: 'demo/ingress:1.11.2', cpu: 100, memory: 128, port: 8080 },
        { replicas: 2 },
      ),
    ],
    [service('ingress', 'ingress', 'ingress', 80, { type: 'LoadBalancer' })],
    [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'demo' },
        spec: { controller: 'demo.ai4k8s/ingress' },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'kubernetes',
          namespace: 'default',
          labels: { component: 'apiserver', provider: 'kubernetes' },
        },
        spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
      } as Manifest,
    ],
  ];
}

/** Where the next versions are tried. */
export function staging(): Noted[] {
  const ns = 'staging';
  return [
    [workload('Deployment', ns, 'web', { image: 'demo/web:2.4.0', memory: 96, port: 8080 }, { replicas: 1 })],
    [service(ns, 'web', 'web')],
    [workload('Deployment', ns, 'catalog', { image: 'demo/catalog:5.1.0', memory: 160, port: 8080 }, { replicas: 1 })],
    [service(ns, 'catalog', 'catalog')],
  ];
}
