import type { ApiResource } from './cluster-access.ts';

/** Accept header of aggregated discovery, and of the form that every server has. */
export const aggregatedAccept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly preferred: boolean;
}

interface DiscoveredResource {
  readonly resource?: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
  readonly subresources?: readonly { readonly subresource?: string }[];
}

interface DiscoveredGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly { readonly version?: string; readonly resources?: readonly DiscoveredResource[] }[];
}

/** Whether an answer of `/api` or `/apis` is aggregated; an older server answers in the other form. */
export function isAggregated(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'APIGroupDiscoveryList';
}

/** An `APIGroupDiscoveryList`, in its own order, which is that of kubectl. */
export function fromAggregated(answer: unknown): ApiResource[] {
  const groups = (answer as { items?: readonly DiscoveredGroup[] }).items ?? [];
  return groups.flatMap((group) =>
    (group.versions ?? []).flatMap(({ version = '', resources = [] }, index) =>
      resources.map((resource) =>
        aggregatedResource(resource, { group: group.metadata?.name ?? '', version, preferred: index === 0 }),
      ),
    ),
  );
}

function aggregatedResource(resource: DiscoveredResource, of: GroupVersion): ApiResource {
  return {
    ...of,
    name: resource.resource ?? '',
    singular: resource.singularResource ?? '',
    kind: resource.responseKind?.kind ?? '',
    namespaced: resource.scope === 'Namespaced',
    verbs: resource.verbs ?? [],
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    subresources: (resource.subresources ?? []).flatMap(({ subresource }) => subresource ?? []),
  };
}

interface LegacyResource {
  readonly name: string;
  readonly singularName?: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The groups and versions that `/api` and `/apis` name without aggregation. */
export function groupVersionsOf(core: unknown, named: unknown): GroupVersion[] {
  const versions = (core as { versions?: readonly string[] }).versions ?? [];
  const groups =
    (
      named as {
        groups?: readonly {
          name: string;
          versions: readonly { version: string }[];
          preferredVersion?: { version: string };
        }[];
      }
    ).groups ?? [];
  return [
    ...versions.map((version, index) => ({ group: '', version, preferred: index === 0 })),
    ...groups.flatMap(({ name, versions: served, preferredVersion }) =>
      served.map(({ version }) => ({
        group: name,
        version,
        preferred: version === (preferredVersion?.version ?? served[0]?.version),
      })),
    ),
  ];
}

/** Path of one group version's `APIResourceList`. */
export function pathOf({ group, version }: GroupVersion): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** An `APIResourceList`, where a subresource is an entry 'pods/log' of its own. */
export function fromLegacy(answer: unknown, of: GroupVersion): ApiResource[] {
  const entries = (answer as { resources?: readonly LegacyResource[] }).resources ?? [];
  return entries
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName, kind, namespaced, verbs, shortNames, categories }) => ({
      ...of,
      name,
      singular: singularName ?? '',
      kind,
      namespaced,
      verbs: verbs ?? [],
      shortNames: shortNames ?? [],
      categories: categories ?? [],
      subresources: entries.flatMap((entry) =>
        entry.name.startsWith(`${name}/`) ? [entry.name.slice(name.length + 1)] : [],
      ),
    }));
}
