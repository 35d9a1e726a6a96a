import { configMap, core, apps, deployment, forever, template } from './objects.ts';
import { get, patch, post, put, remove } from './request.ts';
import type { Request } from './request.ts';

/** Updates, patches and subresources. */
export const changes: Request[] = [
  put('', `${core}/configmaps/one`, configMap('one', { a: '2' })),
  put('a stale resourceVersion', `${core}/configmaps/one`, {
    ...configMap('one'),
    metadata: { name: 'one', resourceVersion: '1' },
  }),
  put('a wrong uid', `${core}/configmaps/one`, { ...configMap('one'), metadata: { name: 'one', uid: 'nobody' } }),
  put('another name', `${core}/configmaps/one`, configMap('other')),
  put('missing', `${core}/configmaps/none`, configMap('none')),
  put('dry run', `${core}/configmaps/one?dryRun=All`, configMap('one', { a: '3' })),
  put('an immutable field', `${apps}/deployments/one`, {
    ...deployment,
    spec: {
      ...deployment.spec,
      selector: { matchLabels: { app: 'other' } },
      template: { ...template('Always', forever), metadata: { labels: { app: 'other' } } },
    },
  }),
  patch('merge', 'a value', `${core}/configmaps/one`, { data: { b: '1' } }),
  patch('merge', 'nothing', `${core}/configmaps/one`, {}),
  patch('merge', 'dry run', `${core}/configmaps/one?dryRun=All`, { data: { b: null } }),
  patch('merge', 'a stale resourceVersion', `${core}/configmaps/one`, { metadata: { resourceVersion: '1' } }),
  patch(
    'merge',
    'a wrong type',
    `${core}/configmaps/one`,
    { data: { b: 1 } },
    {
      differs: { message: 'it quotes the whole object, whose keys have no order' },
    },
  ),
  patch('merge', 'missing', `${core}/configmaps/none`, { data: {} }),
  patch('json', 'a value', `${core}/configmaps/one`, [{ op: 'replace', path: '/data/b', value: '2' }]),
  patch('json', 'a test that fails', `${core}/configmaps/one`, [{ op: 'test', path: '/data/b', value: '9' }]),
  patch('json', 'a path that is not there', `${core}/configmaps/one`, [{ op: 'remove', path: '/data/none' }]),
  patch('json', 'no list', `${core}/configmaps/one`, { op: 'remove' }),
  patch('strategic', 'an env variable', `${apps}/deployments/one?dryRun=All`, {
    spec: { template: { spec: { containers: [{ name: 'box', env: [{ name: 'A', value: '1' }] }] } } },
  }),
  patch('strategic', 'of a custom object', '/apis/compare.example/v1/namespaces/NS/things/one', { spec: { size: 4 } }),
  patch('merge', 'of a custom object', '/apis/compare.example/v1/namespaces/NS/things/one', { spec: { size: 4 } }),
  patch('apply', 'a new object', `${core}/configmaps/applied?fieldManager=first`, configMap('applied')),
  patch('apply', 'the same again', `${core}/configmaps/applied?fieldManager=first`, configMap('applied')),
  patch('apply', 'in conflict', `${core}/configmaps/applied?fieldManager=second`, configMap('applied', { a: '2' })),
  patch(
    'apply',
    'forced',
    `${core}/configmaps/applied?fieldManager=second&force=true`,
    configMap('applied', { a: '2' }),
  ),
  patch('apply', 'no manager', `${core}/configmaps/applied`, configMap('applied')),
  patch('apply', 'an unknown field', `${apps}/deployments/one?fieldManager=first`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'one' },
    spec: { replcas: 2 },
  }),
  patch('apply', 'dry run', `${apps}/deployments/one?fieldManager=first&dryRun=All&force=true`, deployment),
  { ...patch('merge', 'as plain JSON', `${core}/configmaps/one`, { data: {} }), contentType: 'application/json' },
  patch('merge', 'scale', `${apps}/deployments/one/scale`, { spec: { replicas: 2 } }),
  patch('merge', 'scale, dry run', `${apps}/deployments/one/scale?dryRun=All`, { spec: { replicas: 3 } }),
  put('scale to less than nothing', `${apps}/deployments/one/scale`, {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'one', namespace: 'NS' },
    spec: { replicas: -1 },
  }),
  patch('merge', 'status', `${apps}/deployments/one/status?dryRun=All`, { status: { observedGeneration: 1 } }),
  post('eviction, dry run', `${core}/pods/one/eviction?dryRun=All`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'one' },
  }),
  post('eviction of nothing', `${core}/pods/none/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'none' },
  }),
  post('may I', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace: 'NS', verb: 'list', resource: 'pods' } },
  }),
  post('what may I', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: 'NS' },
  }),
  post('may somebody', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'nobody', resourceAttributes: { namespace: 'NS', verb: 'list', resource: 'pods' } },
  }),
  post(
    'who am I',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    },
    { differs: { 'body.status.userInfo.extra': 'the demo gives certificates no credential id' } },
  ),
];

const nobody = { 'Impersonate-User': 'nobody' };

/** Refusals. */
export const refusals: Request[] = [
  get(`${core}/secrets`, { headers: nobody }),
  get('/api/v1/nodes', { headers: nobody }),
  get(`${core}/pods/one/log`, { headers: nobody }),
  get('/metrics', { headers: nobody }),
  post('as nobody', `${core}/configmaps`, configMap('x'), { headers: nobody }),
  remove('as nobody', `${core}/configmaps/one`, undefined, { headers: nobody }),
  get(`${core}/configmaps`, { headers: { 'Impersonate-Group': 'a' } }),
  { name: 'HEAD of a list', method: 'HEAD', path: `${core}/configmaps` },
  { name: 'OPTIONS of a list', method: 'OPTIONS', path: `${core}/configmaps` },
  put('a list', `${core}/configmaps`, configMap('x')),
  post('an object', `${core}/configmaps/one`, configMap('one')),
];

/** Deletions, dry and real. */
export const deletions: Request[] = [
  get(`${apps}/deployments/one`, {
    until: (body) => (body as { status?: { availableReplicas?: number } }).status?.availableReplicas === 2,
  }),
  remove('dry run in the body', `${core}/configmaps/one`, { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: ['All'] }),
  remove('dry run in the query', `${core}/configmaps/one?dryRun=All`),
  remove('a wrong uid', `${core}/configmaps/one`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: 'nobody' },
  }),
  remove('an unknown policy', `${core}/configmaps/one`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Sometimes',
  }),
  remove('both policies', `${core}/configmaps/one`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Orphan',
    orphanDependents: true,
  }),
  remove('dry run as a text', `${core}/configmaps/one`, { apiVersion: 'v1', kind: 'DeleteOptions', dryRun: 'All' }),
  get(`${core}/configmaps/one`),
  remove('', `${core}/configmaps/one`),
  remove('again', `${core}/configmaps/one`),
  remove('some of a collection', `${core}/configmaps?labelSelector=app%3Dcompare`),
  remove('of a Service', `${core}/services/one`),
  remove('of a Deployment in the foreground', `${apps}/deployments/one`, { propagationPolicy: 'Foreground' }),
  remove('of a StatefulSet, orphaning', `${apps}/statefulsets/one`, { propagationPolicy: 'Orphan' }),
  remove('of a Job without a policy', '/apis/batch/v1/namespaces/NS/jobs/one'),
  remove('of a pod at once', `${core}/pods/one`, { gracePeriodSeconds: 0 }),
  remove('of a custom object', '/apis/compare.example/v1/namespaces/NS/things/one'),
  remove('of a definition', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.compare.example'),
];
