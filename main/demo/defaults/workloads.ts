/** Defaults of workloads, services, claims and the other kinds whose defaults Kubernetes writes in code. */
import { randomInt } from 'node:crypto';
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
  set(spec, 'manualSelector', undefined);
  set(spec, 'podReplacementPolicy', spec['podFailurePolicy'] ? 'Failed' : 'TerminatingOrFailed');
  defaultTemplate(spec);
}

function defaultServicePorts(spec: Json): void {
  const isExternal = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  for (const port of (spec['ports'] ?? []) as Json[]) {
    set(port, 'protocol', 'TCP');
    if (port['targetPort'] === undefined || port['targetPort'] === 0 || port['targetPort'] === '')
      port['targetPort'] = port['port'];
    if (isExternal && !port['nodePort']) port['nodePort'] = 30000 + randomInt(2768);
    if (!isExternal && port['nodePort'] !== undefined) delete port['nodePort'];
  }
}

/** `isDryRun`: addresses are then placeholders, as the real server's are. */
export interface DefaultContext {
  isDryRun: boolean;
  previous: Json | undefined;
}

function defaultService(object: Json, { isDryRun, previous }: DefaultContext): void {
  const spec = at(object, 'spec');
  set(spec, 'sessionAffinity', 'None');
  set(spec, 'type', 'ClusterIP');
  if (spec['sessionAffinity'] === 'ClientIP') at(spec, 'sessionAffinityConfig', 'clientIP')['timeoutSeconds'] ??= 10800;
  const before = previous?.['spec'] as Json | undefined;
  const isExternalName = spec['type'] === 'ExternalName';
  for (const port of (spec['ports'] ?? []) as Json[]) {
    const same = ((before?.['ports'] ?? []) as Json[]).find(
      (each) => each['port'] === port['port'] && each['name'] === port['name'],
    );
    if (same && !port['nodePort']) port['nodePort'] = same['nodePort'];
    if (port['nodePort'] === undefined) delete port['nodePort'];
  }
  defaultServicePorts(spec);
  if (isExternalName) return;
  if (!spec['clusterIP']) {
    const kept = before?.['clusterIP'];
    spec['clusterIP'] =
      kept ??
      (isDryRun
        ? '10.96.0.0'
        : `10.${String(96 + randomInt(15))}.${String(randomInt(256))}.${String(1 + randomInt(254))}`);
  }
  set(spec, 'clusterIPs', [spec['clusterIP']]);
  set(spec, 'ipFamilies', ['IPv4']);
  set(spec, 'ipFamilyPolicy', 'SingleStack');
  set(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec['type'] !== 'ClusterIP') set(spec, 'externalTrafficPolicy', 'Cluster');
  if (spec['type'] === 'LoadBalancer') set(spec, 'allocateLoadBalancerNodePorts', true);
}

function defaultScaler(object: Json): void {
  const spec = at(object, 'spec');
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

type Defaulter = (object: Json, context: DefaultContext) => void;

const defaulters: Record<string, Defaulter> = {
  pods: (object) => {
    defaultPodSpec(at(object, 'spec'));
    set(at(object, 'spec'), 'enableServiceLinks', true);
    for (const container of (at(object, 'spec')['containers'] ?? []) as Json[]) void container;
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
    set(at(object, 'status'), 'phase', 'Pending');
  },
  namespaces: (object) => {
    set(at(object, 'spec'), 'finalizers', ['kubernetes']);
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
export function defaultKind(storage: string, object: Json, context: DefaultContext): void {
  if (Object.hasOwn(defaulters, storage)) defaulters[storage]?.(object, context);
}
