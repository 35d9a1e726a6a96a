/** OpenAPI v3 documents for custom resources, as `kubectl explain` and `kubectl apply` read them. */
import { customResources, definitionsResource } from './custom.ts';
import type { CustomResource } from './custom.ts';
import { recordedSchemas } from './recordings.ts';
import type { Schema } from './recordings.ts';
import type { Store } from './store.ts';

type Json = Record<string, unknown>;

const metaSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
let built: { key: string; documents: Map<string, Json> } = { key: '', documents: new Map() };

/** By document name, such as `apis/example.com/v1`. Kept until a definition changes. */
export function customOpenApi(store: Store): Map<string, Json> {
  const definitions = store.list(definitionsResource);
  const key = definitions.map(({ metadata }) => `${metadata.uid ?? ''}/${metadata.resourceVersion ?? ''}`).join(' ');
  if (built.key !== key) {
    const documents = new Map<string, Json>();
    const byName = Map.groupBy(customResources(store), ({ group, version }) => `apis/${group}/${version}`);
    for (const [name, resources] of byName) documents.set(name, document(name, resources));
    built = { key, documents };
  }
  return built.documents;
}

/** The schema's name, such as `com.example.v1.Widget`. */
export function customSchemaName({ group, version, discovered }: CustomResource): string {
  return `${group.split('.').reverse().join('.')}.${version}.${discovered.responseKind.kind}`;
}

/** The whole object's schema, with the metadata that every object has. */
export function customSchema(resource: CustomResource): Schema {
  const { group, version, discovered, definition } = resource;
  const own = definition.schema?.openAPIV3Schema ?? {};
  return {
    ...own,
    type: 'object',
    properties: {
      ...own.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [{ $ref: `#/components/schemas/${metaSchema}` }] },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: discovered.responseKind.kind }],
  };
}

function document(name: string, resources: CustomResource[]): Json {
  const schemas: Record<string, unknown> = {};
  const recorded = recordedSchemas();
  for (const each of [metaSchema, 'OwnerReference', 'ManagedFieldsEntry', 'FieldsV1', 'Time']) {
    const full = each.includes('.') ? each : metaSchema.replace('ObjectMeta', each);
    if (recorded[full]) schemas[full] = recorded[full];
  }
  const paths: Json = {};
  for (const resource of resources) {
    schemas[customSchemaName(resource)] = customSchema(resource);
    Object.assign(paths, operations(name, resource));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths,
    components: { schemas },
  };
}

/** kubectl looks here for which kinds take `fieldValidation` and `dryRun`. */
function operations(name: string, resource: CustomResource): Json {
  const { discovered } = resource;
  const scope = discovered.scope === 'Namespaced' ? '/namespaces/{namespace}' : '';
  const collection = `/${name}${scope}/${discovered.resource}`;
  const gvk = { group: resource.group, version: resource.version, kind: discovered.responseKind.kind };
  const query = (key: string): Json => ({ name: key, in: 'query', schema: { type: 'string', uniqueItems: true } });
  const write = (action: string): Json => ({
    parameters: [query('dryRun'), query('fieldManager'), query('fieldValidation')],
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    responses: {},
  });
  const read = (action: string): Json => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    responses: {},
  });
  return {
    [collection]: { get: read('list'), post: write('post') },
    [`${collection}/{name}`]: { get: read('get'), put: write('put'), patch: write('patch'), delete: write('delete') },
  };
}
