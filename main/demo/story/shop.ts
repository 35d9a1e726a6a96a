import type { Manifest } from '../kinds.ts';
import { service, workload } from './make.ts';

type Noted = [Manifest, string?];

const ns = 'shop';

function claim(name: string, size: string, annotations?: Record<string, string>): object {
  return {
    metadata: { name, ...(annotations ? { annotations } : {}) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'standard',
      resources: { requests: { storage: size } },
    },
  };
}

/** The shop as it stood twelve days ago: everything works. */
export function healthyShop(): Noted[] {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'checkout-db', namespace: ns },
    type: 'Opaque',
    data: { url: Buffer.from('postgres://checkout:demo-only@postgres.payments:5432/shop').toString('base64') },
  } as Manifest;
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web-config', namespace: ns },
    data: { 'feature-flags.json': '{"newCart":true,"similarItems":true}\n', THEME: 'light' },
  } as Manifest;
  const fromSecret = [{ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'checkout-db', key: 'url' } } }];
  return [
    [secret],
    [config],
    [
      workload(
        'Deployment',
        ns,
        'web',
        {
          image: 'demo/web:2.3.0',
          cpu: 60,
          memory: 96,
          port: 8080,
          envFrom: [{ configMapRef: { name: 'web-config' } }],
        },
        { replicas: 3 },
      ),
    ],
    [service(ns, 'web', 'web')],
    [
      workload(
        'Deployment',
        ns,
        'catalog',
        { image: 'demo/catalog:5.1.0', cpu: 80, memory: 160, port: 8080 },
        { replicas: 3 },
      ),
    ],
    [service(ns, 'catalog', 'catalog')],
    [
      workload(
        'Deployment',
        ns,
        'search',
        { image: 'demo/search:3.2.0', cpu: 120, memory: 320, port: 8080 },
        { replicas: 2 },
      ),
    ],
    [service(ns, 'search', 'search')],
    [
      workload(
        'Deployment',
        ns,
        'checkout',
        { image: 'demo/checkout:1.4.2', cpu: 50, memory: 96, port: 8080, env: fromSecret },
        { replicas: 2, strategy: { type: 'Recreate' } },
      ),
    ],
    [service(ns, 'checkout', 'checkout')],
    [
      workload(
        'Deployment',
        ns,
        'cart',
        { image: 'demo/cart:2.4.1', cpu: 60, memory: 128, memoryLimit: 256, port: 8080 },
        { replicas: 2 },
      ),
      'leaks memory until it is killed, about every five hours',
    ],
    [service(ns, 'cart', 'cart')],
    [
      workload(
        'Deployment',
        ns,
        'inventory',
        { image: 'demo/inventory:1.8.0', memory: 96, port: 8080 },
        { replicas: 2 },
      ),
    ],
    [service(ns, 'inventory', 'inventory')],
    [
      workload(
        'StatefulSet',
        ns,
        'redis',
        {
          image: 'demo/redis:7.4.0',
          cpu: 50,
          memory: 128,
          port: 6379,
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
        { replicas: 1, volumeClaimTemplates: [claim('data', '2Gi')] },
      ),
    ],
    [service(ns, 'redis', 'redis', 6379, { clusterIP: 'None' })],
    [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'sales-report', namespace: ns },
        spec: {
          schedule: '15 */2 * * *',
          concurrencyPolicy: 'Forbid',
          jobTemplate: {
            spec: {
              template: {
                metadata: { labels: { app: 'sales-report' } },
                spec: {
                  restartPolicy: 'Never',
                  containers: [
                    {
                      name: 'report',
                      image: 'demo/report:1.3.0',
                      resources: { requests: { cpu: '50m', memory: '64Mi' } },
                    },
                  ],
                },
              },
            },
          },
        },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'shop', namespace: ns },
        spec: {
          ingressClassName: 'demo',
          rules: [
            {
              host: 'shop.example',
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
              },
            },
          ],
        },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: ns },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 3,
          maxReplicas: 8,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 90 } } },
          ],
        },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web', namespace: ns },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'shop.example/v1',
        kind: 'Coupon',
        metadata: { name: 'welcome', namespace: ns },
        spec: { percent: 10, code: 'WELCOME10' },
      } as Manifest,
    ],
    [
      {
        apiVersion: 'shop.example/v1',
        kind: 'Coupon',
        metadata: { name: 'spring', namespace: ns },
        spec: { percent: 25, code: 'SPRING25' },
      } as Manifest,
    ],
  ];
}

/** Objects that were broken from the day they came. */
export const brokenShop = {
  canary: (): Noted => [
    workload('Deployment', ns, 'web-canary', { image: 'demo/web:2.5.0-rc1', memory: 96, port: 8080 }, { replicas: 1 }),
    'its image does not exist: there is no tag 2.5.0-rc1',
  ],
  reindex: (): Noted => [
    workload(
      'Deployment',
      ns,
      'search-reindex',
      { image: 'demo/reindex:1.1.0', cpu: 100, memory: 256, memoryLimit: 0 },
      { replicas: 1 },
    ),
    'a noisy neighbour: asks for 100m of cpu and uses nearly two cores, without a limit',
  ],
  recommendations: (): Noted => [
    workload(
      'Deployment',
      ns,
      'recommendations',
      { image: 'demo/recommendations:0.9.0', memory: 160, port: 8080, probePort: 9090 },
      { replicas: 1 },
    ),
    'never ready: its probe asks for port 9090, it listens on 8080',
  ],
  importPrices: (): Noted => [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'import-prices', namespace: ns },
      spec: {
        backoffLimit: 2,
        template: {
          metadata: { labels: { app: 'import-prices' } },
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'import',
                image: 'demo/import-prices:2.0.0',
                resources: { requests: { cpu: '50m', memory: '64Mi' } },
              },
            ],
          },
        },
      },
    } as Manifest,
    'a failed job: line 7 of its file cannot be read',
  ],
};

/** The definition of the shop's own kind. */
export function couponDefinition(): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'coupons.shop.example' },
    spec: {
      group: 'shop.example',
      scope: 'Namespaced',
      names: {
        plural: 'coupons',
        singular: 'coupon',
        kind: 'Coupon',
        listKind: 'CouponList',
        shortNames: ['cpn'],
        categories: ['all'],
      },
      conversion: { strategy: 'None' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { percent: { type: 'integer', minimum: 1, maximum: 90 }, code: { type: 'string' } },
                },
              },
            },
          },
          additionalPrinterColumns: [
            { name: 'Percent', type: 'integer', jsonPath: '.spec.percent' },
            { name: 'Code', type: 'string', jsonPath: '.spec.code' },
          ],
        },
      ],
    },
  } as Manifest;
}

export { claim };
