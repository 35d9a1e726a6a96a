import type { Manifest } from '../kinds.ts';
import { age } from './cells.ts';
import type { Cell, Printer } from './cells.ts';

interface Binding extends Manifest {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

function binding(object: Manifest, now: number): Cell[] {
  const { metadata, roleRef, subjects = [] } = object as Binding;
  const names = (kind: string): string =>
    subjects
      .filter((subject) => subject.kind === kind)
      .map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace ?? ''}/${subject.name}` : subject.name))
      .join(', ');
  const role = `${roleRef.kind}/${roleRef.name}`;
  return [metadata.name, role, age(object, now), names('User'), names('Group'), names('ServiceAccount')];
}

function disruptionBudget(object: Manifest, now: number): Cell[] {
  const { metadata, spec, status } = object as Manifest & {
    spec: { minAvailable?: number | string; maxUnavailable?: number | string };
    status?: { disruptionsAllowed?: number };
  };
  return [
    metadata.name,
    String(spec.minAvailable ?? 'N/A'),
    String(spec.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
    age(object, now),
  ];
}

function webhooks(object: Manifest, now: number): Cell[] {
  return [
    object.metadata.name,
    (object as Manifest & { webhooks?: unknown[] }).webhooks?.length ?? 0,
    age(object, now),
  ];
}

function admissionPolicy(list: 'validations' | 'mutations'): Printer {
  return (object, now) => {
    const { spec } = object as Manifest & {
      spec: { validations?: unknown[]; mutations?: unknown[]; paramKind?: { apiVersion: string; kind: string } };
    };
    const kind = spec.paramKind ? `${spec.paramKind.apiVersion}/${spec.paramKind.kind}` : '<unset>';
    return [object.metadata.name, spec[list]?.length ?? 0, kind, age(object, now)];
  };
}

function admissionBinding(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & {
    spec: { policyName: string; paramRef?: { name?: string; namespace?: string } };
  };
  const { name, namespace } = spec.paramRef ?? {};
  const reference = name === undefined ? '<unset>' : namespace ? `${namespace}/${name}` : name;
  return [object.metadata.name, spec.policyName, reference, age(object, now)];
}

function flowSchema(object: Manifest, now: number): Cell[] {
  const { spec, status } = object as Manifest & {
    spec: {
      priorityLevelConfiguration: { name: string };
      matchingPrecedence: number;
      distinguisherMethod?: { type: string };
    };
    status?: { conditions?: { type: string; status: string }[] };
  };
  return [
    object.metadata.name,
    spec.priorityLevelConfiguration.name,
    spec.matchingPrecedence,
    spec.distinguisherMethod?.type ?? '<none>',
    age(object, now),
    status?.conditions?.find((one) => one.type === 'Dangling')?.status ?? '?',
  ];
}

function priorityLevel(object: Manifest, now: number): Cell[] {
  const { spec } = object as Manifest & {
    spec: {
      type: string;
      limited?: {
        nominalConcurrencyShares?: number;
        limitResponse?: { queuing?: { queues: number; handSize: number; queueLengthLimit: number } };
      };
    };
  };
  const shares = spec.limited?.nominalConcurrencyShares;
  const queuing = spec.limited?.limitResponse?.queuing;
  return [
    object.metadata.name,
    spec.type,
    shares ?? '<none>',
    queuing?.queues ?? '<none>',
    queuing?.handSize ?? '<none>',
    queuing?.queueLengthLimit ?? '<none>',
    age(object, now),
  ];
}

/** Printers of access rules, disruption budgets and admission, by list path. */
export const policyPrinters: Record<string, Printer> = {
  'apis/rbac.authorization.k8s.io/v1/rolebindings': binding,
  'apis/rbac.authorization.k8s.io/v1/clusterrolebindings': binding,
  'apis/policy/v1/poddisruptionbudgets': disruptionBudget,
  'apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations': webhooks,
  'apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations': webhooks,
  'apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies': admissionPolicy('validations'),
  'apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies': admissionPolicy('mutations'),
  'apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings': admissionBinding,
  'apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings': admissionBinding,
  'apis/flowcontrol.apiserver.k8s.io/v1/flowschemas': flowSchema,
  'apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations': priorityLevel,
};
