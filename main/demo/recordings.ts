/**
 * What a real API server (v1.36) says of itself, as recorded by test/record-cluster/run.ts: discovery, OpenAPI v3,
 * Table columns, and the objects every API server creates for itself. 75 kB, gzipped JSON, read on first use.
 *
 * Promises: the shapes are the real server's, byte for byte but for the sentences (descriptions), which are absent;
 * `kubectl explain` therefore prints `<empty>` where a description would stand.
 * Must never: be edited by hand. Record again instead.
 * Decided against: one whole document per group version. The same 590 schemas would be stored twenty-five times over;
 * a document is put together from them when it is asked for.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One column of a Table answer, without its description. */
export interface ColumnDefinition {
  name: string;
  type: string;
  format: string;
  priority: number;
}

/** A schema of OpenAPI v3 as Kubernetes writes it: `$ref`s are wrapped in `allOf`. */
export interface Schema {
  type?: string;
  format?: string;
  default?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  $ref?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export interface DiscoveredSubresource {
  subresource: string;
  responseKind?: { group: string; version: string; kind: string };
  acceptedTypes?: { group: string; version: string; kind: string }[];
  verbs: string[];
}

/** One resource of aggregated discovery. */
export interface DiscoveredResource {
  resource: string;
  responseKind: { group: string; version: string; kind: string };
  scope: 'Namespaced' | 'Cluster';
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: DiscoveredSubresource[];
}

export interface DiscoveredGroup {
  metadata: { name?: string; creationTimestamp?: null };
  versions: { version: string; resources: DiscoveredResource[]; freshness?: string }[];
}

/** An APIGroupDiscoveryList. */
export interface AggregatedDiscovery {
  kind: string;
  apiVersion: string;
  metadata: Record<string, unknown>;
  items: DiscoveredGroup[];
}

/** Everything under /api, /apis and /version. `lists`: legacy APIResourceLists by path, such as `/apis/apps/v1`. */
export interface RecordedDiscovery {
  core: AggregatedDiscovery;
  groups: AggregatedDiscovery;
  legacyGroups: { kind: string; apiVersion: string; groups: Record<string, unknown>[] };
  lists: Record<string, Record<string, unknown> & { resources: Record<string, unknown>[] }>;
  version: Record<string, string>;
}

interface StoredDocument {
  openapi: string;
  info: Record<string, unknown>;
  paths?: Record<string, unknown>;
  components?: { schemas: Record<string, Schema> } & Record<string, unknown>;
  shared: string[];
}

const read = new Map<string, unknown>();

function load(name: string): unknown {
  if (!read.has(name)) {
    const bytes = readFileSync(new URL(`recordings/${name}.json.gz`, import.meta.url));
    read.set(name, JSON.parse(gunzipSync(bytes).toString('utf8')));
  }
  return read.get(name);
}

/** Discovery, aggregated and legacy. Shared between callers: copy before changing. */
export function recordedDiscovery(): RecordedDiscovery {
  return load('discovery') as RecordedDiscovery;
}

/** Every schema by its name, such as `io.k8s.api.core.v1.Pod`. */
export function recordedSchemas(): Record<string, Schema> {
  return load('openapi-schemas') as Record<string, Schema>;
}

/** Names under `paths` of GET /openapi/v3, such as `apis/apps/v1`, in the recorded order. */
export function openApiDocumentNames(): string[] {
  return Object.keys(load('openapi-documents') as Record<string, StoredDocument>);
}

/** The document served at /openapi/v3/<name>, or undefined where none was recorded. */
export function openApiDocument(name: string): Record<string, unknown> | undefined {
  const documents = load('openapi-documents') as Record<string, StoredDocument>;
  const stored = Object.hasOwn(documents, name) ? documents[name] : undefined;
  if (!stored) return undefined;
  const { shared, components, ...document } = stored;
  const every = recordedSchemas();
  const names = [...shared, ...Object.keys(components?.schemas ?? {})].sort();
  const schemas = Object.fromEntries(names.map((schema) => [schema, components?.schemas[schema] ?? every[schema]]));
  return { ...document, components: { ...components, schemas } };
}

/**
 * Table columns of a resource, asked as its list path without the leading slash: `api/v1/pods`,
 * `apis/apps/v1/deployments`. Undefined for what was not recorded (custom resources).
 */
export function recordedColumns(path: string): ColumnDefinition[] | undefined {
  const columns = load('table-columns') as Record<string, ColumnDefinition[]>;
  return Object.hasOwn(columns, path) ? columns[path] : undefined;
}

/** Cluster roles and their bindings, priority classes and API services that a new API server has. A fresh copy. */
export function bootstrapObjects(): Record<string, unknown>[] {
  return structuredClone(load('bootstrap-objects') as Record<string, unknown>[]);
}
