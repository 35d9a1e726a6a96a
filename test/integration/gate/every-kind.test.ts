import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnClusters } from './clusters.ts';
import type { GateUnderTest } from './harness.ts';
import { defineWidgets, json, unique, type Answered, type Asked } from './harness.ts';
import { minimal, onlyPreviewed } from './minimal-objects.ts';

interface Kind {
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface Discovered {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: string;
        readonly verbs: readonly string[];
        readonly responseKind: { readonly kind: string };
      }[];
    }[];
  }[];
}

const group = `${unique('every')}.example.com`;

async function kindsOf(gate: GateUnderTest): Promise<Kind[]> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const all = await Promise.all(['/api', '/apis'].map((path) => gate.direct(path, { headers: { accept } })));
  return all
    .flatMap((answer) => (answer.json() as unknown as Discovered).items)
    .flatMap(({ metadata, versions: [preferred] }) =>
      (preferred?.resources ?? [])
        .filter(({ verbs }) => verbs.includes('create'))
        .map((one) => ({
          id: `${metadata?.name ?? ''}/${one.resource}`,
          apiVersion: metadata?.name === undefined ? 'v1' : `${metadata.name}/${preferred?.version ?? ''}`,
          kind: one.responseKind.kind,
          plural: one.resource,
          namespaced: one.scope === 'Namespaced',
        })),
    )
    .filter(({ id }) => id in minimal || !id.split('/')[0]?.includes('example'));
}

/** An object without what the server and controllers write. */
function settled(answer: Answered): unknown {
  if (answer.status !== 200) return answer.status;
  const {
    status: _status,
    metadata,
    ...rest
  } = answer.json() as { status?: unknown; metadata: Record<string, unknown> };
  const { resourceVersion: _version, managedFields: _fields, generation: _generation, ...kept } = metadata;
  const { 'deployment.kubernetes.io/revision': _revision, ...annotations } = (kept['annotations'] ?? {}) as Record<
    string,
    string
  >;
  return { ...rest, metadata: { ...kept, annotations } };
}

const widget: Kind = {
  id: `${group}/widgets`,
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};

/** Where the demo cluster is not yet as the real one. */
const demoGaps: Readonly<Record<string, string>> = {
  '/bindings': 'the demo cluster binds a pod that is not there',
  'events.k8s.io/events': 'the demo cluster cannot patch an events.k8s.io Event',
};

describeOnClusters('row 3: a preview leaves the cluster unchanged', async (cluster) => {
  const namespace = unique('every');
  const under = await cluster.start();
  const kinds = await kindsOf(under);

  beforeAll(async () => {
    await under.makeNamespace(namespace);
    await defineWidgets(under, group);
  });
  afterAll(async () => {
    await under.direct(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`, {
      method: 'DELETE',
    });
    await under.removeNamespace(namespace);
    await under.close();
  });

  it('for every kind that the cluster lists, with none forgotten', () => {
    expect(kinds.length).toBeGreaterThan(50);
    expect(kinds.filter(({ id }) => !(id in minimal)).map(({ id }) => id)).toEqual([]);
  });

  it.for([...kinds, widget].map((kind) => ({ id: kind.id, kind })))('for $id', async ({ id, kind }, context) => {
    const gap = cluster.isDemo ? demoGaps[id] : undefined;
    if (gap !== undefined) context.skip(gap);
    const name = unique('one');
    const made = minimal[id]?.(name, namespace) ?? {};
    const object = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      ...made,
      metadata:
        kind.plural.endsWith('accessreviews') || kind.plural.endsWith('rulesreviews')
          ? { name: '' }
          : { name, ...(made['metadata'] as object | undefined) },
    };
    const { name: called } = object.metadata;
    const prefix = kind.apiVersion === 'v1' ? '/api/v1' : `/apis/${kind.apiVersion}`;
    const collection = `${prefix}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
    const path = `${collection}/${called}`;
    const create: Asked = { method: 'POST', headers: json, body: JSON.stringify(object) };

    if (kind.plural === 'tokenreviews') {
      expect((await under.previewed(collection, create)).answer.status).toBe(403);
      return;
    }
    const created = await under.previewed(collection, create);
    if (kind.kind === 'Binding') {
      expect(created.answer.status).toBe(404);
      return;
    }
    expect(created.answer.status, created.answer.text).toBe(201);
    if (kind.plural.endsWith('reviews')) {
      expect(created.report.writes).toEqual([]);
      return;
    }
    expect((await under.direct(path)).status).toBe(404);
    expect(created.report.writes).toHaveLength(1);
    expect(created.report.writes[0]).toMatchObject({ method: 'POST', before: null, guard: null });

    const apply = (labels: Record<string, string>): Asked => ({
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify({ ...object, metadata: { ...object.metadata, labels } }),
    });
    const fresh = await under.previewed(`${path}?fieldManager=t-gate&force=true`, apply({ t: 'applied' }));
    expect(fresh.answer.status, fresh.answer.text).toBe(201);
    expect((await under.direct(path)).status).toBe(404);
    if (onlyPreviewed.has(id)) return;

    await under.make(collection, object);
    try {
      const before = settled(await under.direct(path));
      const current = (await under.direct(path)).json() as { metadata: Record<string, unknown> };
      const patch = (type: string, body: unknown): Asked => ({
        method: 'PATCH',
        headers: { 'content-type': `application/${type}` },
        body: JSON.stringify(body),
      });
      const labels = { metadata: { labels: { t: 'x' } } };
      const writes: [string, string, Asked][] = [
        [
          'update',
          path,
          {
            method: 'PUT',
            headers: json,
            body: JSON.stringify({
              ...current,
              metadata: { ...current.metadata, resourceVersion: undefined, labels: { t: 'x' } },
            }),
          },
        ],
        ['merge patch', path, patch('merge-patch+json', labels)],
        ['JSON patch', path, patch('json-patch+json', [{ op: 'add', path: '/metadata/labels', value: { t: 'x' } }])],
        ['apply', `${path}?fieldManager=t-gate&force=true`, apply({ t: 'y' })],
        ['delete', path, { method: 'DELETE', headers: json, body: '{"kind":"DeleteOptions","apiVersion":"v1"}' }],
        ['deletecollection', `${collection}?fieldSelector=metadata.name%3D${called}`, { method: 'DELETE' }],
      ];
      if (kind !== widget) writes.push(['strategic patch', path, patch('strategic-merge-patch+json', labels)]);
      for (const [what, at, asked] of writes) {
        const { answer, report } = await under.previewed(at, asked);
        expect(answer.status, `${what}: ${answer.text}`).toBe(200);
        expect(report.writes.length, what).toBe(1);
        expect(settled(await under.direct(path)), what).toEqual(before);
      }
    } finally {
      await under.direct(path, {
        method: 'DELETE',
        headers: json,
        body: '{"propagationPolicy":"Background","gracePeriodSeconds":0}',
      });
    }
  });
});
