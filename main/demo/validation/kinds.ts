/** What the API server refuses of the kinds people write most: missing fields, wrong enums, changes of what is immutable. */
import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '../errors.ts';
import type { LabelSelector, Manifest } from '../kinds.ts';
import { matchesSelector } from '../selectors.ts';
import { parseQuantity } from '../../../shared/quantity.ts';
import { invalidValue, metadataCauses, nameCauses, required, unsupported } from './names.ts';

type Json = Record<string, unknown>;

const immutable = 'field is immutable';

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** `claims`: volumes that a StatefulSet makes of its claim templates. */
function podSpecCauses(spec: Json | undefined, field: string, policies: string[], claims: unknown[] = []): Cause[] {
  if (!spec) return [required(`${field}.containers`)];
  const causes: Cause[] = [];
  const containers = list(spec['containers']);
  if (!containers.length) causes.push(required(`${field}.containers`));
  const volumes = new Set([...claims, ...list(spec['volumes']).map((volume) => volume['name'])]);
  const seen = new Set<unknown>();
  for (const kind of ['initContainers', 'containers']) {
    for (const [index, container] of list(spec[kind]).entries()) {
      const at = `${field}.${kind}[${String(index)}]`;
      if (!container['name']) causes.push(required(`${at}.name`));
      else if (seen.has(container['name'])) {
        causes.push({
          reason: 'FieldValueDuplicate',
          message: `Duplicate value: ${JSON.stringify(container['name'])}`,
          field: `${at}.name`,
        });
      }
      seen.add(container['name']);
      if (!container['image'] && policies.length === 1) causes.push(required(`${at}.image`));
      else if (!container['image']) causes.push(required(`${at}.image`));
      for (const [mount, each] of list(container['volumeMounts']).entries()) {
        if (!volumes.has(each['name'])) {
          causes.push({
            reason: 'FieldValueNotFound',
            message: `Not found: ${JSON.stringify(each['name'])}`,
            field: `${at}.volumeMounts[${String(mount)}].name`,
          });
        }
      }
      causes.push(...resourceCauses(container['resources'] as Json | undefined, `${at}.resources`));
    }
  }
  if (!policies.includes(spec['restartPolicy'] as string))
    causes.push(unsupported(`${field}.restartPolicy`, spec['restartPolicy'], policies));
  return causes;
}

function resourceCauses(resources: Json | undefined, field: string): Cause[] {
  const limits = (resources?.['limits'] ?? {}) as Record<string, string>;
  const requests = (resources?.['requests'] ?? {}) as Record<string, string>;
  return Object.entries(requests).flatMap(([name, amount]) => {
    const limit = limits[name];
    if (limit === undefined || parseQuantity(amount) <= parseQuantity(limit)) return [];
    return [invalidValue(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}

function workloadCauses(object: Json, previous: Json | undefined, policies: string[], isSelectorGiven = true): Cause[] {
  const spec = (object['spec'] ?? {}) as Json;
  const template = (spec['template'] ?? {}) as {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec?: Json;
  };
  const causes: Cause[] = [];
  const selector = spec['selector'] as LabelSelector | undefined;
  const replicas = spec['replicas'];
  if (typeof replicas === 'number' && replicas < 0) {
    causes.push(invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'));
  }
  if (isSelectorGiven) {
    const labels = template.metadata?.labels ?? {};
    if (!selector || !(Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0))) {
      causes.push(
        selector
          ? invalidValue('spec.selector', selector, 'empty selector is invalid for deployment')
          : required('spec.selector'),
      );
      if (!selector)
        causes.push(
          invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
        );
    } else if (!matchesSelector(selector, labels)) {
      causes.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
    }
  }
  causes.push(...metadataCauses(template.metadata?.labels, template.metadata?.annotations, 'spec.template'));
  const claims = list((object['spec'] as Json | undefined)?.['volumeClaimTemplates']).map(
    (claim) => (claim['metadata'] as Json | undefined)?.['name'],
  );
  causes.push(...podSpecCauses(template.spec, 'spec.template.spec', policies, claims));
  const before = previous?.['spec'] as Json | undefined;
  if (before && !isDeepStrictEqual(before['selector'], selector))
    causes.push(invalidValue('spec.selector', selector, immutable));
  return causes;
}

const alwaysOnly = ['Always'];
const jobPolicies = ['OnFailure', 'Never'];

/** What of a running pod may change: images, the deadline, tolerations that are added. */
function podCauses(object: Json, previous: Json | undefined): Cause[] {
  const spec = object['spec'] as Json | undefined;
  const causes = podSpecCauses(spec, 'spec', ['Always', 'OnFailure', 'Never']);
  const before = previous?.['spec'] as Json | undefined;
  if (!before || !spec) return causes;
  const comparable = (each: Json): Json => {
    const {
      activeDeadlineSeconds: _deadline,
      tolerations: _tolerations,
      terminationGracePeriodSeconds: _grace,
      ephemeralContainers: _ephemeral,
      nodeName: _node,
      ...rest
    } = each;
    const blank = (containers: unknown): Json[] =>
      list(containers).map(({ image: _image, resources: _resources, ...container }) => container);
    return {
      ...rest,
      containers: blank(rest['containers']),
      ...(rest['initContainers'] ? { initContainers: blank(rest['initContainers']) } : {}),
    };
  };
  if (!isDeepStrictEqual(comparable(spec), comparable(before))) {
    const why =
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
      '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
      '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
    causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field: 'spec' });
  }
  return causes;
}

function serviceCauses(object: Json, previous: Json | undefined): Cause[] {
  const spec = (object['spec'] ?? {}) as Json;
  const causes: Cause[] = [];
  const ports = list(spec['ports']);
  if (!ports.length && spec['clusterIP'] !== 'None' && spec['type'] !== 'ExternalName')
    causes.push(required('spec.ports'));
  for (const [index, port] of ports.entries()) {
    for (const key of ['port', 'targetPort']) {
      const number = port[key];
      if (typeof number !== 'number' || (number >= 1 && number <= 65535)) continue;
      causes.push(
        invalidValue(`spec.ports[${String(index)}].${key}`, number, 'must be between 1 and 65535, inclusive'),
      );
    }
    if (ports.length > 1 && !port['name']) causes.push(required(`spec.ports[${String(index)}].name`));
  }
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (!types.includes(spec['type'] as string)) causes.push(unsupported('spec.type', spec['type'], types));
  const before = previous?.['spec'] as Json | undefined;
  if (
    before?.['clusterIP'] &&
    spec['clusterIP'] !== before['clusterIP'] &&
    spec['type'] !== 'ExternalName' &&
    before['type'] !== 'ExternalName'
  ) {
    causes.push(invalidValue('spec.clusterIPs[0]', spec['clusterIP'], 'may not change once set'));
  }
  return causes;
}

function dataSize(object: Json): number {
  return ['data', 'binaryData', 'stringData'].reduce((sum, key) => {
    return (
      sum +
      Object.values((object[key] ?? {}) as Record<string, string>).reduce(
        (bytes, value) => bytes + Buffer.byteLength(value),
        0,
      )
    );
  }, 0);
}

function dataCauses(object: Json, previous: Json | undefined): Cause[] {
  const causes: Cause[] = [];
  if (dataSize(object) > 1_048_576)
    causes.push({ reason: 'FieldValueTooLong', message: 'Too long: may not be more than 1048576 bytes', field: '' });
  for (const key of Object.keys((object['data'] ?? {}) as Json)) {
    if (!/^[-._a-zA-Z0-9]+$/.test(key))
      causes.push(
        invalidValue(
          `data[${key}]`,
          key,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        ),
      );
  }
  if (
    previous?.['immutable'] === true &&
    !isDeepStrictEqual([object['data'], object['binaryData']], [previous['data'], previous['binaryData']])
  ) {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field: 'data',
    });
  }
  return causes;
}

type Validator = (object: Json, previous: Json | undefined) => Cause[];

const validators: Record<string, Validator> = {
  pods: podCauses,
  'deployments.apps': (object, previous) => workloadCauses(object, previous, alwaysOnly),
  'replicasets.apps': (object, previous) => workloadCauses(object, previous, alwaysOnly),
  'statefulsets.apps': (object, previous) => workloadCauses(object, previous, alwaysOnly),
  'daemonsets.apps': (object, previous) => workloadCauses(object, previous, alwaysOnly),
  'jobs.batch': (object, previous) => {
    const causes = workloadCauses(object, previous, jobPolicies, false);
    const spec = object['spec'] as Json;
    const before = previous?.['spec'] as Json | undefined;
    if (before && !isDeepStrictEqual(before['template'], spec['template']))
      causes.push(invalidValue('spec.template', spec['template'], immutable));
    return causes;
  },
  'cronjobs.batch': (object) => {
    const spec = (object['spec'] ?? {}) as Json;
    const causes: Cause[] = [];
    const schedule = spec['schedule'];
    if (!schedule) causes.push(required('spec.schedule'));
    else if (!/^(@\w+( \S+)?|(\S+\s+){4}\S+)$/.test(schedule as string))
      causes.push(
        invalidValue(
          'spec.schedule',
          schedule,
          `expected exactly 5 fields, found ${String((schedule as string).trim().split(/\s+/).length)}: [${(schedule as string).trim()}]`,
        ),
      );
    const template = ((spec['jobTemplate'] as Json | undefined)?.['spec'] as Json | undefined)?.['template'] as
      { spec?: Json } | undefined;
    return [...causes, ...podSpecCauses(template?.spec, 'spec.jobTemplate.spec.template.spec', jobPolicies)];
  },
  services: serviceCauses,
  configmaps: dataCauses,
  secrets: (object, previous) => {
    const causes = dataCauses(object, previous);
    if (previous && previous['type'] !== object['type']) causes.push(invalidValue('type', object['type'], immutable));
    return causes;
  },
  persistentvolumeclaims: (object) => {
    const spec = (object['spec'] ?? {}) as Json;
    const requests = ((spec['resources'] as Json | undefined)?.['requests'] ?? {}) as Json;
    return [
      ...(list(spec['accessModes']).length ? [] : [required('spec.accessModes', 'at least 1 access mode is required')]),
      ...(requests['storage'] ? [] : [required('spec.resources[storage]')]),
    ];
  },
  'horizontalpodautoscalers.autoscaling': (object) => {
    const { minReplicas = 1, maxReplicas = 0 } = (object['spec'] ?? {}) as {
      minReplicas?: number;
      maxReplicas?: number;
    };
    if (maxReplicas < 1) return [invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0')];
    return maxReplicas < minReplicas
      ? [invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : [];
  },
  'clusterrolebindings.rbac.authorization.k8s.io': roleRefCauses,
  'rolebindings.rbac.authorization.k8s.io': roleRefCauses,
};

function roleRefCauses(object: Json, previous: Json | undefined): Cause[] {
  if (!previous || isDeepStrictEqual(previous['roleRef'], object['roleRef'])) return [];
  return [invalidValue('roleRef', object['roleRef'], 'cannot change roleRef')];
}

/** Everything that is wrong with an object that is to be stored. `previous`: what it replaces. */
export function validateObject(storage: string, object: Manifest, previous: Manifest | undefined): Cause[] {
  const { name, labels, annotations } = object.metadata;
  const own = Object.hasOwn(validators, storage) ? validators[storage] : undefined;
  return [
    ...(previous ? [] : nameCauses(storage, name)),
    ...metadataCauses(labels, annotations),
    ...(own?.(object as unknown as Json, previous as unknown as Json | undefined) ?? []),
  ];
}
