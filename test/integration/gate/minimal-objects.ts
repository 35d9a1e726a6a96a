/** A small valid object of every built-in kind that can be created, by `group/resource`; `name` becomes its name. */
const podSpec = { containers: [{ name: 'main', image: 'example.invalid/none:1' }] };
const template = { metadata: { labels: { app: 'x' } }, spec: podSpec };
const selector = { matchLabels: { app: 'x' } };
const rule = {
  clientConfig: { url: 'https://127.0.0.1:9/' },
  name: 'a.example.com',
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  failurePolicy: 'Ignore',
};
const review = { resourceAttributes: { verb: 'list', resource: 'pods' } };
const csr = `-----BEGIN CERTIFICATE REQUEST-----
MIHMMHMCAQAwETEPMA0GA1UEAwwGdC1nYXRlMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAElIYWZe6M55rj5n0q+WbfLACJPo9hTWbtJbuTefOO4Fy64EiQ5JoYJrNp
QwqqWODB7BD48uNZ7Dv8IFMaTn8MCqAAMAoGCCqGSM49BAMCA0kAMEYCIQC6T+ec
qqACnMIuqsKcppYEjUakDVjIypeNdV2i2725QgIhANRuWR9LxVuX9EVL/gcxfFpL
JPnRr2rVkjSGtqorUrG1
-----END CERTIFICATE REQUEST-----
`;

export const minimal: Readonly<Record<string, (name: string, namespace: string) => Record<string, unknown>>> = {
  '/bindings': () => ({ target: { kind: 'Node', name: 'none' } }),
  '/configmaps': () => ({ data: { a: '1' } }),
  '/endpoints': () => ({}),
  '/events': (name, namespace) => ({
    involvedObject: { kind: 'Pod', name, namespace },
    reason: 'X',
    message: 'x',
    type: 'Normal',
  }),
  '/limitranges': () => ({ spec: { limits: [{ type: 'Pod', max: { cpu: '4' } }] } }),
  '/namespaces': () => ({}),
  '/nodes': () => ({}),
  '/persistentvolumeclaims': () => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  }),
  '/persistentvolumes': () => ({
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Mi' }, hostPath: { path: '/none' } },
  }),
  '/pods': () => ({ spec: { ...podSpec, nodeSelector: { none: 'x' } } }),
  '/podtemplates': () => ({ template }),
  '/replicationcontrollers': () => ({ spec: { replicas: 0, selector: { app: 'x' }, template } }),
  '/resourcequotas': () => ({ spec: { hard: { pods: '100' } } }),
  '/secrets': () => ({ stringData: { a: 'b' } }),
  '/serviceaccounts': () => ({}),
  '/services': () => ({ spec: { ports: [{ port: 80 }] } }),
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': () => ({ webhooks: [rule] }),
  'admissionregistration.k8s.io/validatingwebhookconfigurations': () => ({ webhooks: [rule] }),
  'admissionregistration.k8s.io/validatingadmissionpolicies': () => ({
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['x.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['x'] },
        ],
      },
      validations: [{ expression: 'true' }],
    },
  }),
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': () => ({
    spec: { policyName: 'none', validationActions: ['Warn'] },
  }),
  'admissionregistration.k8s.io/mutatingadmissionpolicies': () => ({
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['x.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['x'] },
        ],
      },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      reinvocationPolicy: 'Never',
    },
  }),
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': () => ({ spec: { policyName: 'none' } }),
  'apiextensions.k8s.io/customresourcedefinitions': (name) => ({
    metadata: { name: `things.${name}.example.com` },
    spec: {
      group: `${name}.example.com`,
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  'apiregistration.k8s.io/apiservices': (name) => ({
    metadata: { name: `v1.${name}.example.com` },
    spec: {
      group: `${name}.example.com`,
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: 'none', namespace: 'default' },
    },
  }),
  'apps/controllerrevisions': () => ({ revision: 1, data: {} }),
  'apps/daemonsets': () => ({
    spec: { selector, template: { ...template, spec: { ...podSpec, nodeSelector: { none: 'x' } } } },
  }),
  'apps/deployments': () => ({ spec: { replicas: 0, selector, template } }),
  'apps/replicasets': () => ({ spec: { replicas: 0, selector, template } }),
  'apps/statefulsets': () => ({ spec: { replicas: 0, selector, template, serviceName: 'x' } }),
  'authentication.k8s.io/tokenreviews': () => ({ spec: { token: 'x' } }),
  'authentication.k8s.io/selfsubjectreviews': () => ({}),
  'authorization.k8s.io/localsubjectaccessreviews': (_name, namespace) => ({
    spec: { user: 'x', resourceAttributes: { verb: 'list', resource: 'pods', namespace } },
  }),
  'authorization.k8s.io/selfsubjectaccessreviews': () => ({ spec: review }),
  'authorization.k8s.io/selfsubjectrulesreviews': () => ({ spec: { namespace: 'default' } }),
  'authorization.k8s.io/subjectaccessreviews': () => ({ spec: { user: 'x', ...review } }),
  'autoscaling/horizontalpodautoscalers': () => ({
    spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'none', apiVersion: 'apps/v1' } },
  }),
  'batch/cronjobs': () => ({
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
    },
  }),
  'batch/jobs': () => ({ spec: { suspend: true, template: { spec: { ...podSpec, restartPolicy: 'Never' } } } }),
  'certificates.k8s.io/certificatesigningrequests': () => ({
    spec: { request: Buffer.from(csr).toString('base64'), signerName: 'example.com/none', usages: ['client auth'] },
  }),
  'coordination.k8s.io/leases': () => ({ spec: { holderIdentity: 'x' } }),
  'discovery.k8s.io/endpointslices': () => ({ addressType: 'IPv4', endpoints: [] }),
  'events.k8s.io/events': (name, namespace) => ({
    metadata: { name, namespace },
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'x.example.com/x',
    reportingInstance: 'x',
    action: 'X',
    reason: 'X',
    type: 'Normal',
    regarding: { kind: 'Pod', name, namespace },
  }),
  'flowcontrol.apiserver.k8s.io/flowschemas': () => ({
    spec: { matchingPrecedence: 9000, priorityLevelConfiguration: { name: 'global-default' } },
  }),
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': () => ({
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
  }),
  'networking.k8s.io/ingressclasses': () => ({ spec: { controller: 'example.com/none' } }),
  'networking.k8s.io/ingresses': () => ({ spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } } }),
  'networking.k8s.io/ipaddresses': () => ({
    metadata: { name: '10.250.0.9' },
    spec: { parentRef: { resource: 'services', name: 'x', namespace: 'default' } },
  }),
  'networking.k8s.io/servicecidrs': () => ({ spec: { cidrs: ['10.250.0.0/24'] } }),
  'networking.k8s.io/networkpolicies': () => ({ spec: { podSelector: { matchLabels: { none: 'x' } } } }),
  'node.k8s.io/runtimeclasses': () => ({ handler: 'none' }),
  'policy/poddisruptionbudgets': () => ({ spec: { minAvailable: 0, selector: { matchLabels: { none: 'x' } } } }),
  'rbac.authorization.k8s.io/clusterroles': () => ({ rules: [] }),
  'rbac.authorization.k8s.io/clusterrolebindings': () => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [],
  }),
  'rbac.authorization.k8s.io/roles': () => ({ rules: [] }),
  'rbac.authorization.k8s.io/rolebindings': () => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [],
  }),
  'resource.k8s.io/deviceclasses': () => ({ spec: {} }),
  'resource.k8s.io/resourceclaims': () => ({ spec: {} }),
  'resource.k8s.io/resourceclaimtemplates': () => ({ spec: { spec: {} } }),
  'resource.k8s.io/resourceslices': () => ({
    spec: { driver: 'x.example.com', pool: { name: 'x', generation: 1, resourceSliceCount: 1 }, allNodes: true },
  }),
  'scheduling.k8s.io/priorityclasses': () => ({ value: 1 }),
  'storage.k8s.io/csidrivers': () => ({ spec: {} }),
  'storage.k8s.io/csinodes': () => ({ spec: { drivers: [] } }),
  'storage.k8s.io/csistoragecapacities': () => ({ storageClassName: 'x' }),
  'storage.k8s.io/storageclasses': () => ({ provisioner: 'example.com/none' }),
  'storage.k8s.io/volumeattachments': () => ({
    spec: { attacher: 'x', nodeName: 'x', source: { persistentVolumeName: 'x' } },
  }),
  'storage.k8s.io/volumeattributesclasses': () => ({ driverName: 'x.example.com', parameters: { a: 'b' } }),
};

/** Kinds of which no object is really made: another part of the cluster would act on it. */
export const onlyPreviewed = new Set([
  '/nodes',
  '/bindings',
  'apiregistration.k8s.io/apiservices',
  'networking.k8s.io/ipaddresses',
  'networking.k8s.io/servicecidrs',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/volumeattachments',
]);
