// Records a real cluster's description of itself into main/demo/recordings, for the demo cluster to serve:
//   node test/record-cluster/run.ts --kubeconfig FILE
// Kept: discovery, the OpenAPI v3 documents with all that machines read (types, defaults, merge keys, list types,
// operations), Table columns, and the objects that every API server creates for itself (RBAC roles and the like).
// Left out: the sentences (descriptions), and every group that is defined by a CustomResourceDefinition.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ApiClient } from '../compare-clusters/api-client.ts';
import { withoutSentences } from './strip.ts';

type Json = Record<string, unknown>;
interface Discovery {
  items: { metadata?: { name?: string }; versions: { version: string; resources: Resource[] }[] }[];
}
interface Resource {
  resource: string;
  scope: string;
  verbs: string[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const folder = new URL('../../main/demo/recordings/', import.meta.url);

const { values } = parseArgs({ options: { kubeconfig: { type: 'string' } } });
if (!values.kubeconfig) throw new Error('--kubeconfig FILE is required');
const client = new ApiClient(values.kubeconfig);

function save(name: string, value: unknown): void {
  const bytes = gzipSync(JSON.stringify(value), { level: 9 });
  writeFileSync(new URL(name, folder), bytes);
  process.stdout.write(`${name}: ${String(bytes.length)} bytes\n`);
}

async function customGroups(): Promise<Set<string>> {
  const list = (await client.json('/apis/apiextensions.k8s.io/v1/customresourcedefinitions')) as {
    items: { spec: { group: string } }[];
  };
  return new Set(list.items.map((item) => item.spec.group));
}

async function recordDiscovery(custom: Set<string>): Promise<Discovery[]> {
  const core = (await client.json('/api', aggregated)) as Discovery;
  const groups = (await client.json('/apis', aggregated)) as Discovery;
  groups.items = groups.items.filter((item) => !custom.has(item.metadata?.name ?? ''));
  const legacyGroups = (await client.json('/apis')) as { groups: { name: string }[] };
  legacyGroups.groups = legacyGroups.groups.filter((group) => !custom.has(group.name));
  const lists: Json = { '/api/v1': await client.json('/api/v1') };
  for (const item of groups.items) {
    for (const { version } of item.versions) {
      const path = `/apis/${item.metadata?.name ?? ''}/${version}`;
      lists[path] = await client.json(path);
    }
  }
  save('discovery.json.gz', { core, groups, legacyGroups, lists, version: await client.json('/version') });
  return [core, groups];
}

async function recordOpenApi(custom: Set<string>): Promise<void> {
  const index = (await client.json('/openapi/v3')) as { paths: Record<string, { serverRelativeURL: string }> };
  const schemas: Json = {};
  const documents: Json = {};
  for (const [name, { serverRelativeURL }] of Object.entries(index.paths)) {
    if (custom.has(name.split('/')[1] ?? '')) continue;
    const document = withoutSentences(await client.json(serverRelativeURL)) as Json;
    const components = (document['components'] ?? {}) as { schemas?: Json };
    const names: string[] = [];
    const own: Json = {};
    for (const [schema, shape] of Object.entries(components.schemas ?? {})) {
      schemas[schema] ??= shape;
      if (JSON.stringify(schemas[schema]) === JSON.stringify(shape)) names.push(schema);
      else own[schema] = shape;
    }
    documents[name] = { ...document, components: { ...components, schemas: own }, shared: names };
  }
  save('openapi-schemas.json.gz', schemas);
  save('openapi-documents.json.gz', documents);
}

async function recordTables(discoveries: Discovery[]): Promise<void> {
  const columns: Json = {};
  for (const discovery of discoveries) {
    for (const item of discovery.items) {
      for (const { version, resources } of item.versions) {
        const group = item.metadata?.name;
        for (const resource of resources.filter((entry) => entry.verbs.includes('list'))) {
          const path = `${group ? `/apis/${group}` : '/api'}/${version}/${resource.resource}`;
          const answer = (await client.json(`${path}?limit=1`, table)) as { columnDefinitions: Json[] };
          columns[path.slice(1)] = answer.columnDefinitions.map((column) => withoutSentences(column));
        }
      }
    }
  }
  save('table-columns.json.gz', columns);
}

async function recordBootstrap(): Promise<void> {
  const paths = [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles?labelSelector=kubernetes.io/bootstrapping%3Drbac-defaults',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?labelSelector=kubernetes.io/bootstrapping%3Drbac-defaults',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    '/apis/apiregistration.k8s.io/v1/apiservices?labelSelector=kube-aggregator.kubernetes.io/automanaged',
  ];
  const objects: Json[] = [];
  for (const path of paths) {
    const list = (await client.json(path)) as { apiVersion: string; kind: string; items: Json[] };
    for (const item of list.items) {
      const { name, labels, annotations } = item['metadata'] as Json;
      const { status: _status, ...rest } = withoutSentences(item) as Json;
      objects.push({
        apiVersion: list.apiVersion,
        kind: list.kind.replace(/List$/, ''),
        ...rest,
        metadata: { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
      });
    }
  }
  save('bootstrap-objects.json.gz', objects);
}

const custom = await customGroups();
await recordTables(await recordDiscovery(custom));
await recordOpenApi(custom);
await recordBootstrap();
