import type { ApiRequest } from './classify.ts';
import type { Target } from './permits.ts';
import { notPreviewable, type Refusal } from './refusal.ts';

/** Groups that kube-apiserver itself serves: their dry run is known. */
const builtIn = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

export function isBuiltIn(group: string): boolean {
  return builtIn.has(group);
}

/** Writes to subresources whose dry run is known, as `group/resource/subresource`; `*` for any resource. */
const subresources: Readonly<Record<string, readonly string[]>> = {
  '*/scale': ['update', 'patch'],
  '*/status': ['update', 'patch'],
  'pods/resize': ['update', 'patch'],
  'pods/ephemeralcontainers': ['update', 'patch'],
  'pods/eviction': ['create'],
  'pods/binding': ['create'],
  'certificatesigningrequests/approval': ['update', 'patch'],
  'namespaces/finalize': ['update'],
};

/** Null where the write's dry run is known; otherwise what to answer. The group is judged elsewhere. */
export function refusedPreview({ action, method, path, target }: ApiRequest): Refusal | null {
  if (target === null) return notPreviewable(`${method} ${path} is not a write to a resource.`);
  if (action === 'token') return notPreviewable('A token request yields a live token even as a dry run.');
  if (action === 'stream') {
    return notPreviewable(`${target.subresource ?? 'A stream'} runs at once and cannot be previewed.`);
  }
  const { resource, subresource } = target;
  if (subresource === null) return null;
  const known = subresources[`${resource}/${subresource}`] ?? subresources[`*/${subresource}`] ?? [];
  if (known.includes(action)) return null;
  return notPreviewable(`${method} on ${resource}/${subresource} has no dry run that the gate knows.`);
}

/** What the dry run of this write cannot know, in a person's words. */
export function limitsOf(target: Target, action: string, body: unknown): string[] {
  const limits: string[] = [];
  const creates = action === 'create' && target.subresource === null;
  const metadata = (body as { metadata?: { generateName?: unknown; name?: unknown } } | null)?.metadata;
  if (creates && metadata?.name === undefined && metadata?.generateName !== undefined) {
    limits.push('The server makes up the name when it really runs; it will be another than shown.');
  }
  if (creates && target.resource === 'services') {
    limits.push('clusterIP and nodePort are given when it really runs; an address that is taken shows only then.');
  }
  if (creates && (target.resource === 'namespaces' || target.resource === 'customresourcedefinitions')) {
    limits.push('What belongs into it cannot be checked before it exists.');
  }
  if (creates) limits.push('Quotas are checked for this object alone, as they are now.');
  if (target.resource === 'certificatesigningrequests' && target.subresource === 'approval') {
    limits.push('The signer issues the certificate on its own afterwards.');
  }
  if (target.subresource === 'eviction')
    limits.push('Whether disruption budgets still allow it is decided when it runs.');
  return limits;
}
