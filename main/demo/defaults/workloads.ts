/** Defaults of workloads, services, claims and the other kinds whose defaults Kubernetes writes in code. */
import { defaultPodSpec } from './pod.ts';

type Json = Record<string, unknown>;

function set(object: Json, key: string, value: unknown): void {
  if (object[key] === undefined) object[key] = value;
}

function at(object: Json, ...path: string[]): Json {
  return path.reduce((found, key) => (found[key] ??= {}) as Json, object);
}

function defaultTemplate(spec: Json): void {
  const template = spec['template'] as Json | undefined;
  if (template) defaultPodSpec(at(template, 'spec'));
}

function defaultJobSpec(spec: Json): void {
  const indexedOrCounted = spec['completions'] === undefined && spec['parallelism'] === undefined;
  if (indexedOrCounted) set(spec, 'completions', 1);
  set(spec, 'parallelism', 1);
  set(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 2147483647);
  set(spec, 'completionMode', 'NonIndexed');
  set(spec, 'suspend', false);
  set(spec, 'manualSelector', false);
  set(spec, 'podReplacementPolicy', spec['podFailurePolicy'] ? 'Failed' : 'TerminatingOrFailed');
  defaultTemplate(spec);
}

function defaultService(object: Json): void {
  const spec = at(object, 'spec');
  set(spec, 'sessionAffinity', 'None');
  set(spec, 'type', 'ClusterIP');
  if (spec['sessionAffinity'] === 'ClientIP') at(spec, 'sessionAffinityConfig', 'clientIP')['timeoutSeconds'] ??= 10800;
  for (const port of (spec['ports'] ?? []) as Json[]) {
    set(port, 'protocol', 'TCP');
    port['targetPort'] ||= port['port'];
  }
  if (spec['type'] === 'ExternalName') return;
  set(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec['type'] !== 'ClusterIP') set(spec, 'externalTrafficPolicy', 'Cluster');
  if (spec['type'] === 'LoadBalancer') set(spec, 'allocateLoadBalancerNodePorts', true);
}

function defaultScaler(object: Json): void {
  const spec = at(object, 'spec');
  set(at(object, 'status'), 'currentMetrics', null);
  set(spec, 'minReplicas', 1);
  set(spec, 'metrics', [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ]);
  const behavior = spec['behavior'] as Json | undefined;
  if (!behavior) return;
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = behavior[direction] as Json | undefined;
    if (rules) set(rules, 'selectPolicy', 'Max');
  }
}

type Defaulter = (object: Json) => void;

const defaulters: Record<string, Defaulter> = {
  pods: (object) => {
    defaultPodSpec(at(object, 'spec'));
    set(at(object, 'spec'), 'enableServiceLinks', true);
  },
  podtemplates: defaultTemplate,
  'deployments.apps': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'replicas', 1);
    set(spec, 'revisionHistoryLimit', 10);
    set(spec, 'progressDeadlineSeconds', 600);
    const strategy = at(spec, 'strategy');
    set(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') {
      const rolling = at(strategy, 'rollingUpdate');
      set(rolling, 'maxUnavailable', '25%');
      set(rolling, 'maxSurge', '25%');
    }
    defaultTemplate(spec);
  },
  'replicasets.apps': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'replicas', 1);
    defaultTemplate(spec);
  },
  replicationcontrollers: (object) => {
    const spec = at(object, 'spec');
    set(spec, 'replicas', 1);
    const labels = (at(spec, 'template', 'metadata')['labels'] ?? {}) as Json;
    set(spec, 'selector', labels);
    set(at(object, 'metadata'), 'labels', labels);
    defaultTemplate(spec);
  },
  'statefulsets.apps': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'replicas', 1);
    set(spec, 'revisionHistoryLimit', 10);
    set(spec, 'podManagementPolicy', 'OrderedReady');
    const strategy = at(spec, 'updateStrategy');
    set(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') set(at(strategy, 'rollingUpdate'), 'partition', 0);
    const retention = at(spec, 'persistentVolumeClaimRetentionPolicy');
    set(retention, 'whenDeleted', 'Retain');
    set(retention, 'whenScaled', 'Retain');
    defaultTemplate(spec);
    for (const claim of (spec['volumeClaimTemplates'] ?? []) as Json[]) {
      Object.assign(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1' });
      set(at(claim, 'spec'), 'volumeMode', 'Filesystem');
      set(at(claim, 'status'), 'phase', 'Pending');
    }
  },
  'daemonsets.apps': (object) => {
    const spec = at(object, 'spec');
    const metadata = at(object, 'metadata');
    metadata['annotations'] = {
      'deprecated.daemonset.template.generation': '1',
      ...(metadata['annotations'] as object | undefined),
    };
    set(spec, 'revisionHistoryLimit', 10);
    const strategy = at(spec, 'updateStrategy');
    set(strategy, 'type', 'RollingUpdate');
    if (strategy['type'] === 'RollingUpdate') {
      const rolling = at(strategy, 'rollingUpdate');
      set(rolling, 'maxUnavailable', 1);
      set(rolling, 'maxSurge', 0);
    }
    defaultTemplate(spec);
  },
  'jobs.batch': (object) => {
    defaultJobSpec(at(object, 'spec'));
  },
  'cronjobs.batch': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'concurrencyPolicy', 'Allow');
    set(spec, 'suspend', false);
    set(spec, 'successfulJobsHistoryLimit', 3);
    set(spec, 'failedJobsHistoryLimit', 1);
    const template = at(spec, 'jobTemplate', 'spec')['template'] as Json | undefined;
    if (template) defaultPodSpec(at(template, 'spec'));
  },
  services: defaultService,
  persistentvolumeclaims: (object) => {
    set(at(object, 'spec'), 'volumeMode', 'Filesystem');
    set(at(object, 'status'), 'phase', 'Pending');
  },
  persistentvolumes: (object) => {
    const spec = at(object, 'spec');
    set(spec, 'volumeMode', 'Filesystem');
    set(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    const host = spec['hostPath'] as Json | undefined;
    if (host) set(host, 'type', '');
    set(at(object, 'status'), 'phase', 'Pending');
  },
  namespaces: (object) => {
    set(at(object, 'status'), 'phase', 'Active');
    const metadata = at(object, 'metadata');
    metadata['labels'] = {
      ...(metadata['labels'] as object | undefined),
      'kubernetes.io/metadata.name': metadata['name'],
    };
  },
  secrets: (object) => {
    set(object, 'type', 'Opaque');
    const texts = object['stringData'] as Record<string, string> | undefined;
    if (!texts) return;
    delete object['stringData'];
    const encoded = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    object['data'] = { ...(object['data'] as object | undefined), ...Object.fromEntries(encoded) };
  },
  'horizontalpodautoscalers.autoscaling': defaultScaler,
  'networkpolicies.networking.k8s.io': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'policyTypes', spec['egress'] ? ['Ingress', 'Egress'] : ['Ingress']);
    for (const rule of [...((spec['ingress'] ?? []) as Json[]), ...((spec['egress'] ?? []) as Json[])]) {
      for (const port of (rule['ports'] ?? []) as Json[]) set(port, 'protocol', 'TCP');
    }
  },
  limitranges: (object) => {
    for (const limit of (at(object, 'spec')['limits'] ?? []) as Json[]) {
      if (limit['type'] !== 'Container') continue;
      if (limit['max']) limit['default'] = { ...(limit['max'] as object), ...(limit['default'] as object | undefined) };
      if (limit['default'])
        limit['defaultRequest'] = {
          ...(limit['default'] as object),
          ...(limit['defaultRequest'] as object | undefined),
        };
    }
  },
  'endpointslices.discovery.k8s.io': (object) => {
    for (const port of (object['ports'] ?? []) as Json[]) {
      set(port, 'name', '');
      set(port, 'protocol', 'TCP');
    }
  },
  endpoints: (object) => {
    for (const subset of (object['subsets'] ?? []) as Json[]) {
      for (const port of (subset['ports'] ?? []) as Json[]) set(port, 'protocol', 'TCP');
    }
  },
  events: (object) => {
    for (const key of ['eventTime', 'firstTimestamp', 'lastTimestamp']) set(object, key, null);
    set(object, 'reportingComponent', '');
    set(object, 'reportingInstance', '');
  },
  'priorityclasses.scheduling.k8s.io': (object) => {
    set(object, 'preemptionPolicy', 'PreemptLowerPriority');
  },
  'customresourcedefinitions.apiextensions.k8s.io': (object) => {
    const spec = at(object, 'spec');
    set(spec, 'conversion', { strategy: 'None' });
    const names = at(spec, 'names');
    set(names, 'singular', String(names['kind'] as string).toLowerCase());
    set(names, 'listKind', `${String(names['kind'] as string)}List`);
    const status = at(object, 'status');
    set(
      status,
      'storedVersions',
      ((spec['versions'] ?? []) as Json[]).filter((each) => each['storage']).map((each) => each['name']),
    );
  },
  'clusterrolebindings.rbac.authorization.k8s.io': defaultBinding,
  'rolebindings.rbac.authorization.k8s.io': defaultBinding,
  'storageclasses.storage.k8s.io': (object) => {
    set(object, 'reclaimPolicy', 'Delete');
    set(object, 'volumeBindingMode', 'Immediate');
  },
};

function defaultBinding(object: Json): void {
  set(at(object, 'roleRef'), 'apiGroup', 'rbac.authorization.k8s.io');
  for (const subject of (object['subjects'] ?? []) as Json[]) {
    if (subject['kind'] !== 'ServiceAccount') set(subject, 'apiGroup', 'rbac.authorization.k8s.io');
  }
}

/** The defaults of a kind by its name in the store. Changes the object in place. */
export function defaultKind(storage: string, object: Json): void {
  if (Object.hasOwn(defaulters, storage)) defaulters[storage]?.(object);
}
