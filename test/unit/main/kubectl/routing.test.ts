import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../../main/clusters/cluster-access.ts';
import { titleOf } from '../../../../main/kubectl/describe/generic.ts';
import { findType, resolveTargets, shortNameWarnings } from '../../../../main/kubectl/resource-names.ts';
import { wayOf, type Question } from '../../../../main/kubectl/route.ts';
import { labelQuery } from '../../../../main/kubectl/selector.ts';
import { suggest } from '../../../../main/kubectl/suggest.ts';

const resource = (group: string, name: string, kind: string, more: Partial<ApiResource> = {}): ApiResource => ({
  group,
  version: 'v1',
  name,
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: [],
  categories: [],
  subresources: [],
  preferred: true,
  ...more,
});
const pods = resource('', 'pods', 'Pod', { shortNames: ['po'], categories: ['all'] });
const nodes = resource('', 'nodes', 'Node', { namespaced: false });
const deployments = resource('apps', 'deployments', 'Deployment', { shortNames: ['deploy'], categories: ['all'] });
const events = resource('', 'events', 'Event', { shortNames: ['ev'] });
const resources = [
  pods,
  nodes,
  events,
  deployments,
  resource('apps', 'deployments', 'Deployment', { version: 'v1beta1', preferred: false }),
  resource('events.k8s.io', 'events', 'Event', { shortNames: ['ev'] }),
  resource('metrics.k8s.io', 'pods', 'PodMetrics', { singular: '' }),
];
const names = (...args: string[]) =>
  resolveTargets(args, resources).map(({ resource: { group, version, name }, names: asked }) => [
    `${name}.${version}.${group}`,
    ...asked,
  ]);

describe('resource names', () => {
  it.each(['pods', 'pod', 'po', 'Pod', 'POD'])('knows %s', (word) => {
    expect(findType(word, resources)).toBe(pods);
  });
  it.each(['deploy', 'deployments.apps', 'deployment.v1.apps', 'deployments.app'])('knows %s', (word) => {
    expect(findType(word, resources)).toBe(deployments);
  });
  it('takes another version only where it is asked for', () => {
    expect(findType('deployments.v1beta1.apps', resources)?.version).toBe('v1beta1');
  });
  it('prefers the core group, and finds the other by its group', () => {
    expect(findType('events', resources)).toBe(events);
    expect(findType('pods.metrics.k8s.io', resources)?.kind).toBe('PodMetrics');
    expect(shortNameWarnings(['ev'], resources)).toEqual([
      'Warning: short name "ev" could also match lower priority resource events.events.k8s.io',
    ]);
  });
  it.each([
    [['po', 'a', 'b'], [['pods.v1.', 'a', 'b']]],
    [['po,deploy'], [['pods.v1.'], ['deployments.v1.apps']]],
    [
      ['po/a', 'deploy/b'],
      [
        ['pods.v1.', 'a'],
        ['deployments.v1.apps', 'b'],
      ],
    ],
    [['all'], [['pods.v1.'], ['deployments.v1.apps']]],
  ])('reads %j', (args, targets) => {
    expect(names(...args)).toEqual(targets);
  });
  it.each([
    [['po/a', 'deploy'], 'there is no need to specify a resource type'],
    [['po/a/b'], 'may not have more than one slash'],
    [['po/'], 'must have a single resource and name'],
    [['foo'], 'the server doesn\'t have a resource type "foo"'],
    [['constructor'], 'the server doesn\'t have a resource type "constructor"'],
  ])('refuses %j', (args, reason) => {
    expect(() => names(...args)).toThrow(reason);
  });
});

describe('the way of a read', () => {
  const question: Question = {
    resource: pods,
    namespace: 'shop',
    names: [],
    labelSelector: '',
    fieldSelector: '',
    format: '',
    sorted: false,
    subresource: null,
    managedFields: false,
    paged: false,
  };
  const way = (more: Partial<Question>) => wayOf({ ...question, ...more });
  it('is a list tool for tables of lists, with the selectors as they are', () => {
    expect(way({})).toEqual({ way: 'mcp', tool: 'pods_list_in_namespace', args: { namespace: 'shop' }, form: 'table' });
    expect(way({ namespace: null, labelSelector: 'a=b' })).toEqual({
      way: 'mcp',
      tool: 'pods_list',
      args: { labelSelector: 'a=b' },
      form: 'table',
    });
    expect(way({ resource: deployments, format: 'wide' })).toMatchObject({
      tool: 'resources_list',
      args: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop' },
    });
  });
  it('never names a namespace with a type that has none', () => {
    expect(way({ resource: nodes, namespace: 'shop' })).toMatchObject({ args: { apiVersion: 'v1', kind: 'Node' } });
    expect(way({ resource: nodes, namespace: 'shop' })).not.toMatchObject({ args: { namespace: 'shop' } });
  });
  it('is the get tool for one object as YAML or JSON', () => {
    expect(way({ names: ['web'], format: 'yaml' })).toMatchObject({
      tool: 'resources_get',
      form: 'yaml',
      args: { name: 'web' },
    });
    expect(way({ format: 'json' })).toMatchObject({ tool: 'resources_list', form: 'yaml' });
  });
  it.each<[string, Partial<Question>]>([
    ['names in a table', { names: ['web'] }],
    ['sorting', { sorted: true }],
    ['pages', { paged: true }],
    ['a subresource', { subresource: 'scale' }],
    ['managedFields', { managedFields: true, format: 'yaml' }],
    ['a template, which may read managedFields', { format: 'jsonpath' }],
    ["columns of one's own", { format: 'custom-columns' }],
    ['several objects', { names: ['a', 'b'], format: 'yaml' }],
    ['an API of another server', { resource: resource('metrics.k8s.io', 'pods', 'PodMetrics') }],
  ])('is direct for %s', (_, more) => {
    expect(way(more).way).toBe('direct');
  });
});

describe('small things', () => {
  it('writes selectors as label queries', () => {
    expect(
      labelQuery({
        matchLabels: { b: '2', a: '1' },
        matchExpressions: [
          { key: 'c', operator: 'In', values: ['y', 'x'] },
          { key: 'd', operator: 'DoesNotExist' },
        ],
      }),
    ).toBe('a=1,b=2,c in (x,y),!d');
    expect(labelQuery({ app: 'web' })).toBe('app=web');
  });
  it('suggests what is near', () => {
    expect(suggest('delte', ['get', 'delete', 'describe'])).toEqual(['delete']);
  });
  it.each([
    ['creationTimestamp', 'Creation Timestamp'],
    ['apiVersion', 'API Version'],
    ['uid', 'UID'],
    ['caBundle', 'Ca Bundle'],
    ['a.b', 'a.b'],
  ])('calls the field %s %s', (key, title) => {
    expect(titleOf(key)).toBe(title);
  });
});
