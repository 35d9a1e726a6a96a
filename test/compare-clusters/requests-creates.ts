import { apps, configMap, core, deployment, forever, metadata, template } from './objects.ts';
import { get, post } from './request.ts';
import type { Request } from './request.ts';

const phaseIs =
  (...phases: string[]) =>
  (body: unknown): boolean =>
    phases.includes((body as { status?: { phase?: string } }).status?.phase ?? '');

/** Creates, right and wrong. The order matters: later requests use what these make. */
export const creates: Request[] = [
  post(
    'the definition of a kind',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.compare.example' },
      spec: {
        group: 'compare.example',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { size: { type: 'integer', maximum: 9 } } } },
              },
            },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          },
        ],
      },
    },
    { differs: { 'body.status.conditions': 'null on the real server until its controller has seen the definition' } },
  ),
  get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.compare.example', {
    until: (body) => JSON.stringify(body).includes('InitialNamesAccepted'),
  }),
  post('dry run', `${core}/configmaps?dryRun=All`, configMap('dry')),
  get(`${core}/configmaps/dry`),
  post('unknown dry run', `${core}/configmaps?dryRun=all`, configMap('dry')),
  post('', `${core}/configmaps`, configMap('one')),
  post('the same again', `${core}/configmaps`, configMap('one')),
  post('a second', `${core}/configmaps`, configMap('two')),
  post('a third', `${core}/configmaps`, configMap('three')),
  post('a generated name', `${core}/configmaps?dryRun=All`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { generateName: 'made-' },
  }),
  post('an unknown field, warned', `${core}/configmaps?dryRun=All`, { ...configMap('dry'), dta: {} }),
  post('an unknown field, strict', `${core}/configmaps?dryRun=All&fieldValidation=Strict`, {
    ...configMap('dry'),
    dta: {},
  }),
  post('an unknown field, ignored', `${core}/configmaps?dryRun=All&fieldValidation=Ignore`, {
    ...configMap('dry'),
    dta: {},
  }),
  post('an invalid name', `${core}/configmaps`, configMap('Not_Valid')),
  post('no name', `${core}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
  post('another namespace', `${core}/configmaps`, { ...configMap('one'), metadata: { name: 'x', namespace: 'other' } }),
  post('a missing namespace', '/api/v1/namespaces/none-such/configmaps', configMap('one')),
  post('with a resourceVersion', `${core}/configmaps`, {
    ...configMap('one'),
    metadata: { name: 'rv', resourceVersion: '5' },
  }),
  post('another kind', `${core}/configmaps`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }),
  post('a wrong type', `${core}/configmaps`, configMap('typed', { a: 1 })),
  post('broken JSON', `${core}/configmaps`, '{"kind":'),
  post('plain text', `${core}/configmaps`, 'hello', { contentType: 'text/plain' }),
  post('YAML', `${core}/configmaps?dryRun=All`, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\n', {
    contentType: 'application/yaml',
  }),
  post('', `${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { key: 'compare' } }),
  post('', `${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }),
  post('', `${core}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: 'compare' }, ports: [{ port: 80, targetPort: 8080 }] },
  }),
  post('no ports', `${core}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'bad' },
    spec: { selector: { a: 'b' } },
  }),
  post('', `${core}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'none-such',
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  post('', `${core}/limitranges`, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata,
    spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '4Gi' } }] },
  }),
  post('', `${core}/resourcequotas`, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata,
    spec: { hard: { configmaps: '50', 'requests.cpu': '4' } },
  }),
  post('', `${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one', labels: { app: 'alone' } },
    spec: (template('Always', forever) as { spec: object }).spec,
  }),
  post('no containers', `${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bad' },
    spec: { containers: [] },
  }),
  post('', `${apps}/deployments`, deployment),
  post('a selector that does not match', `${apps}/deployments`, {
    ...deployment,
    metadata: { name: 'bad' },
    spec: { ...deployment.spec, selector: { matchLabels: { app: 'other' } } },
  }),
  post('no selector', `${apps}/deployments`, {
    ...deployment,
    metadata: { name: 'bad' },
    spec: { template: template('Always', forever) },
  }),
  post('', `${apps}/statefulsets`, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      replicas: 1,
      serviceName: 'one',
      selector: { matchLabels: { app: 'compare' } },
      template: template('Always', forever),
    },
  }),
  post('', `${apps}/daemonsets`, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: { selector: { matchLabels: { app: 'compare' } }, template: template('Always', forever) },
  }),
  post('', '/apis/batch/v1/namespaces/NS/jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: { template: template('Never', 'echo done') },
  }),
  post('', '/apis/batch/v1/namespaces/NS/cronjobs', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: template('Never', 'echo done') } } },
  }),
  post('a schedule that is none', '/apis/batch/v1/namespaces/NS/cronjobs', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'bad' },
    spec: { schedule: 'often', jobTemplate: { spec: { template: template('Never', 'echo done') } } },
  }),
  post('', '/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ghost' },
      maxReplicas: 3,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  }),
  post('', '/apis/policy/v1/namespaces/NS/poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'compare' } } },
  }),
  post('', '/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      rules: [
        {
          host: 'one.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'one', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  post('', '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: { podSelector: { matchLabels: { app: 'compare' } }, policyTypes: ['Ingress'] },
  }),
  post('', '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  post('', '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    subjects: [{ kind: 'ServiceAccount', name: 'one', namespace: 'NS' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
  }),
  post('', '/apis/compare.example/v1/namespaces/NS/things', {
    apiVersion: 'compare.example/v1',
    kind: 'Thing',
    metadata,
    spec: { size: 3 },
  }),
  post('a value too large', '/apis/compare.example/v1/namespaces/NS/things', {
    apiVersion: 'compare.example/v1',
    kind: 'Thing',
    metadata: { name: 'bad' },
    spec: { size: 12 },
  }),
  get(`${core}/pods/one`, { until: phaseIs('Running') }),
  get(`${apps}/deployments/one`, {
    until: (body) => (body as { status?: { readyReplicas?: number } }).status?.readyReplicas === 1,
  }),
  get(`${apps}/statefulsets/one`, {
    until: (body) => (body as { status?: { readyReplicas?: number } }).status?.readyReplicas === 1,
  }),
  get(`${apps}/daemonsets/one`, {
    until: (body) => {
      const { numberReady, desiredNumberScheduled } = (body as { status: Record<string, number> }).status;
      return numberReady === desiredNumberScheduled && numberReady !== 0;
    },
  }),
  get('/apis/batch/v1/namespaces/NS/jobs/one', {
    until: (body) => (body as { status?: { succeeded?: number } }).status?.succeeded === 1,
  }),
];
