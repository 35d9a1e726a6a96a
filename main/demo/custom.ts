/** What stored CustomResourceDefinitions add to the API: resources, discovery, printer columns, schemas. */
import type { Manifest } from './kinds.ts';
import type { DiscoveredGroup, DiscoveredResource, DiscoveredSubresource, Schema } from './recordings.ts';
import type { Store } from './store.ts';
import type { PrinterColumn } from './tables/custom.ts';

export const definitionsResource = 'customresourcedefinitions.apiextensions.k8s.io';

export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: {
    status?: object;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  additionalPrinterColumns?: PrinterColumn[];
}

export interface CustomResourceDefinition extends Manifest {
  spec: {
    group: string;
    names: {
      plural: string;
      singular?: string;
      kind: string;
      listKind?: string;
      shortNames?: string[];
      categories?: string[];
    };
    scope: 'Namespaced' | 'Cluster';
    versions: CustomResourceVersion[];
  };
  status?: Record<string, unknown>;
}

/** One served version of a custom resource. */
export interface CustomResource {
  group: string;
  version: string;
  definition: CustomResourceVersion;
  discovered: DiscoveredResource;
}

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

export function customResources(store: Store): CustomResource[] {
  const definitions = store.list<CustomResourceDefinition>(definitionsResource);
  return definitions.flatMap(({ spec }) =>
    spec.versions
      .filter((version) => version.served)
      .map((version) => ({
        group: spec.group,
        version: version.name,
        definition: version,
        discovered: discover(spec, version),
      })),
  );
}

function discover(spec: CustomResourceDefinition['spec'], version: CustomResourceVersion): DiscoveredResource {
  const { group, names, scope } = spec;
  const kind = { group, version: version.name, kind: names.kind };
  const subresources: DiscoveredSubresource[] = [];
  if (version.subresources?.status) {
    subresources.push({ subresource: 'status', responseKind: kind, verbs: ['get', 'patch', 'update'] });
  }
  if (version.subresources?.scale) {
    const responseKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
    subresources.push({ subresource: 'scale', responseKind, verbs: ['get', 'patch', 'update'] });
  }
  return {
    resource: names.plural,
    responseKind: kind,
    scope,
    singularResource: names.singular ?? names.kind.toLowerCase(),
    verbs,
    ...(names.shortNames ? { shortNames: names.shortNames } : {}),
    ...(names.categories ? { categories: names.categories } : {}),
    ...(subresources.length ? { subresources } : {}),
  };
}

/** Aggregated discovery of custom resources, by group and version. */
export function customDiscovery(resources: CustomResource[]): DiscoveredGroup[] {
  const groups = new Map<string, Map<string, DiscoveredResource[]>>();
  for (const { group, version, discovered } of resources) {
    const versions = groups.get(group) ?? new Map<string, DiscoveredResource[]>();
    versions.set(version, [...(versions.get(version) ?? []), discovered]);
    groups.set(group, versions);
  }
  return [...groups].map(([name, versions]) => ({
    metadata: { name },
    versions: [...versions].map(([version, found]) => ({ version, resources: found, freshness: 'Current' })),
  }));
}

/** A definition as it stands once the API has taken it up: names accepted, established. */
export function established(definition: CustomResourceDefinition, at: string): CustomResourceDefinition {
  const condition = (type: string, reason: string, message: string): object => ({
    type,
    status: 'True',
    lastTransitionTime: at,
    reason,
    message,
  });
  return {
    ...definition,
    status: {
      ...definition.status,
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: definition.spec.names,
    },
  };
}
