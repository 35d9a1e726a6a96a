/**
 * What resources the demo's API serves: those recorded from a real API server, and those that stored
 * CustomResourceDefinitions add. Answers discovery (aggregated and legacy) from the same table.
 */
import { customDiscovery, customResources } from './custom.ts';
import type { CustomResource } from './custom.ts';
import { recordedDiscovery } from './recordings.ts';
import type { AggregatedDiscovery, DiscoveredGroup, DiscoveredResource, DiscoveredSubresource } from './recordings.ts';
import type { Store } from './store.ts';

/** One resource of one version. `storage` names its objects in the store: versions of a resource share them. */
export interface ResourceDefinition {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: string[];
  categories: string[];
  subresources: Map<string, DiscoveredSubresource>;
  storage: string;
  custom?: CustomResource;
}

/** `apps/v1`, `v1`. */
export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group ? `${group}/${version}` : version;
}

/** The list path without leading slash and namespace: `api/v1/pods`, `apis/apps/v1/deployments`. */
export function listPath({ group, version, plural }: ResourceDefinition): string {
  return group ? `apis/${group}/${version}/${plural}` : `api/${version}/${plural}`;
}

/** Resources that are stored under another group's name. */
const sharedStorage: Record<string, string> = { 'events.events.k8s.io': 'events' };

function define(group: string, version: string, found: DiscoveredResource): ResourceDefinition {
  const qualified = group ? `${found.resource}.${group}` : found.resource;
  return {
    group,
    version,
    kind: found.responseKind.kind,
    plural: found.resource,
    singular: found.singularResource,
    namespaced: found.scope === 'Namespaced',
    verbs: found.verbs,
    shortNames: found.shortNames ?? [],
    categories: found.categories ?? [],
    subresources: new Map((found.subresources ?? []).map((sub) => [sub.subresource, sub])),
    storage: sharedStorage[qualified] ?? qualified,
  };
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

export class Catalogue {
  readonly #store: Store;
  readonly #builtIn = new Map<string, ResourceDefinition>();
  #custom: Map<string, ResourceDefinition> | null = null;
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    this.#store = store;
    const { core, groups } = recordedDiscovery();
    for (const item of [...core.items, ...groups.items]) {
      const group = item.metadata.name ?? '';
      for (const { version, resources } of item.versions) {
        for (const found of resources)
          this.#builtIn.set(keyOf(group, version, found.resource), define(group, version, found));
      }
    }
    this.#unsubscribe = store.subscribe(() => {
      this.#custom = null;
    }, 'customresourcedefinitions.apiextensions.k8s.io');
  }

  close(): void {
    this.#unsubscribe();
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    const key = keyOf(group, version, plural);
    return this.#builtIn.get(key) ?? this.#customDefinitions().get(key);
  }

  findKind(group: string, version: string, kind: string): ResourceDefinition | undefined {
    return [...this.all()].find((each) => each.group === group && each.version === version && each.kind === kind);
  }

  /** A version of a resource as the store names it, for access to it by controllers and reviews. */
  findStored(storage: string): ResourceDefinition | undefined {
    return [...this.all()].find((each) => each.storage === storage);
  }

  hasVersion(group: string, version: string): boolean {
    return [...this.all()].some((each) => each.group === group && each.version === version);
  }

  *all(): Generator<ResourceDefinition> {
    yield* this.#builtIn.values();
    yield* this.#customDefinitions().values();
  }

  /** The APIGroupDiscoveryList of /api or /apis. */
  discovery(root: 'api' | 'apis'): AggregatedDiscovery {
    const { core, groups } = recordedDiscovery();
    if (root === 'api') return core;
    return { ...groups, items: [...groups.items, ...this.#customGroups()] };
  }

  /** The APIGroupList of /apis. */
  groupList(): Record<string, unknown> {
    const { legacyGroups } = recordedDiscovery();
    return { ...legacyGroups, groups: [...legacyGroups.groups, ...this.#customGroups().map(legacyGroup)] };
  }

  /** The APIGroup of /apis/GROUP, or undefined. */
  group(name: string): Record<string, unknown> | undefined {
    const found = (this.groupList()['groups'] as { name: string }[]).find((each) => each.name === name);
    return found && { kind: 'APIGroup', apiVersion: 'v1', ...found };
  }

  /** The APIResourceList of /api/v1 or /apis/GROUP/VERSION, or undefined. */
  resourceList(group: string, version: string): Record<string, unknown> | undefined {
    const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
    const recorded = recordedDiscovery().lists[path];
    if (recorded) return recorded;
    const found = this.#customGroups().find((each) => each.metadata.name === group);
    const served = found?.versions.find((each) => each.version === version);
    if (!served) return undefined;
    return {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: `${group}/${version}`,
      resources: served.resources.flatMap(legacyResources),
    };
  }

  #customDefinitions(): Map<string, ResourceDefinition> {
    if (!this.#custom) {
      this.#custom = new Map();
      for (const custom of customResources(this.#store)) {
        const found = { ...define(custom.group, custom.version, custom.discovered), custom };
        this.#custom.set(keyOf(custom.group, custom.version, found.plural), found);
      }
    }
    return this.#custom;
  }

  #customGroups(): DiscoveredGroup[] {
    return customDiscovery(customResources(this.#store));
  }
}

function legacyGroup(group: DiscoveredGroup): Record<string, unknown> {
  const name = group.metadata.name ?? '';
  const versions = group.versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function legacyResources(found: DiscoveredResource): Record<string, unknown>[] {
  const { resource, responseKind, scope, singularResource, verbs, shortNames, categories, subresources } = found;
  const namespaced = scope === 'Namespaced';
  const main = {
    name: resource,
    singularName: singularResource,
    namespaced,
    kind: responseKind.kind,
    verbs,
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
  };
  const subs = (subresources ?? []).map((sub) => ({
    name: `${resource}/${sub.subresource}`,
    singularName: '',
    namespaced,
    ...(sub.responseKind ?? {}),
    kind: sub.responseKind?.kind ?? responseKind.kind,
    verbs: sub.verbs,
  }));
  return [main, ...subs];
}
