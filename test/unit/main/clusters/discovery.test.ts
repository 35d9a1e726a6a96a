import { expect, test } from 'vitest';
import {
  fromAggregated,
  fromLegacy,
  groupVersionsOf,
  isAggregated,
  pathOf,
} from '../../../../main/clusters/discovery.ts';

const scale = {
  group: 'autoscaling',
  version: 'v2',
  name: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: ['status'],
  preferred: true,
};

test('both forms of discovery say the same', () => {
  const aggregated = {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: 'autoscaling' },
        versions: [
          {
            version: 'v2',
            resources: [
              {
                resource: scale.name,
                responseKind: { group: '', version: '', kind: scale.kind },
                scope: 'Namespaced',
                singularResource: scale.singular,
                verbs: scale.verbs,
                shortNames: ['hpa'],
                categories: ['all'],
                subresources: [{ subresource: 'status', verbs: ['get'] }],
              },
            ],
          },
          { version: 'v1', resources: [{ resource: scale.name, scope: 'Namespaced' }] },
          // An API service that does not answer is stale, and has none.
          { version: 'v1beta1', freshness: 'Stale' },
        ],
      },
    ],
  };
  const legacy = {
    kind: 'APIResourceList',
    resources: [
      {
        name: scale.name,
        singularName: scale.singular,
        kind: scale.kind,
        namespaced: true,
        verbs: scale.verbs,
        shortNames: ['hpa'],
        categories: ['all'],
      },
      { name: `${scale.name}/status`, singularName: '', kind: scale.kind, namespaced: true, verbs: ['get'] },
      { name: 'other/status', singularName: '', kind: 'Other', namespaced: true, verbs: ['get'] },
    ],
  };
  expect(isAggregated(aggregated)).toBe(true);
  expect(isAggregated({ kind: 'APIVersions' })).toBe(false);
  const found = fromAggregated(aggregated);
  expect(found[0]).toEqual(scale);
  expect(found.map(({ version, preferred }) => [version, preferred])).toEqual([
    ['v2', true],
    ['v1', false],
  ]);
  expect(fromLegacy(legacy, { group: 'autoscaling', version: 'v2', preferred: true })).toEqual([scale]);
});

test('groups and versions come in the server’s order, the core first, each with its path', () => {
  const versions = groupVersionsOf(
    { versions: ['v1'] },
    {
      groups: [
        {
          name: 'apps',
          versions: [{ version: 'v1' }, { version: 'v1beta1' }],
          preferredVersion: { version: 'v1beta1' },
        },
      ],
    },
  );
  expect(versions.map((one) => [pathOf(one), one.preferred])).toEqual([
    ['/api/v1', true],
    ['/apis/apps/v1', false],
    ['/apis/apps/v1beta1', true],
  ]);
});
