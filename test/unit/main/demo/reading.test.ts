import { describe, expect, test } from 'vitest';
import { duplicateKeys } from '../../../../main/demo/body.ts';
import { decodeProtobuf } from '../../../../main/demo/protobuf.ts';
import { canonicalQuantity } from '../../../../main/demo/quantity.ts';
import { Query } from '../../../../main/demo/query.ts';
import { parsePath } from '../../../../main/demo/route.ts';
import { parseFieldSelector, parseLabelSelector } from '../../../../main/demo/selectors.ts';

test.each([
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['100000', '100k'],
  ['0Mi', '0'],
  ['12e6', '12e6'],
  ['1Qi', undefined],
  ['', undefined],
])('writes the quantity %s as %s', (given, canonical) => {
  expect(canonicalQuantity(given)).toBe(canonical);
});

test('finds keys that stand twice in one object, not in two', () => {
  expect(duplicateKeys('{"a":{"b":1,"b":2},"l":[{"x":1},{"x":1,"x":"x:{"}],"b":"a\\"b\\":"}')).toEqual([
    'a.b',
    'l[1].x',
  ]);
});

describe('query', () => {
  test('drops pairs with a semicolon or a bad escape and keeps case', () => {
    const query = new Query('a=1;b=2&dry%52un=%41ll&c=%zz&DryRun=x&watch&empty=');
    expect([
      query.get('a'),
      query.get('dryRun'),
      query.has('c'),
      query.get('dryrun'),
      query.flag('watch'),
      query.flag('empty'),
    ]).toEqual(['', 'All', false, '', true, true]);
    expect(new Query('watch=false').flag('watch')).toBe(false);
  });
});

describe('paths', () => {
  test.each([
    ['/api/v1/namespaces/shop', { namespace: '', plural: 'namespaces', name: 'shop', subresource: '' }],
    ['/api/v1/namespaces/shop/status', { plural: 'namespaces', name: 'shop', subresource: 'status' }],
    ['/api/v1/namespaces/shop/pods/', { namespace: 'shop', plural: 'pods', name: '' }],
    [
      '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      { group: 'apps', plural: 'deployments', name: 'web', subresource: 'scale' },
    ],
    ['/api/v1/watch/namespaces/shop/pods', { isWatch: true, namespace: 'shop', plural: 'pods' }],
    ['/api/v1/nodes/n/proxy/stats/summary', { plural: 'nodes', subresource: 'proxy', rest: 'stats/summary' }],
    ['/apis/apps/v1', { kind: 'plain' }],
  ])('takes %s apart', (path, parts) => {
    expect(parsePath(path)).toMatchObject(parts);
  });

  test.each(['//api/v1/pods', '/api//v1', '/api/v1/../v1/pods', '/api/./v1/pods'])('finds nothing at %s', (path) => {
    expect(parsePath(path)).toBeNull();
  });
});

describe('selectors', () => {
  const object = { metadata: { name: 'x', labels: { app: 'web', tier: 'front' } }, status: { phase: 'Running' } };
  test.each([
    ['app=web,tier!=back', true],
    ['app in (web, api),!gone', true],
    ['tier notin (front)', false],
    ['missing', false],
    ['app==web', true],
    ['missing!=x', true],
  ])('selects by %s: %s', (selector, isSelected) => {
    expect(parseLabelSelector(selector)(object)).toBe(isSelected);
  });

  test('selects by the fields a resource has, and refuses others in its words', () => {
    expect(parseFieldSelector('status.phase!=Pending,metadata.name=x', 'pods')(object)).toBe(true);
    expect(() => parseFieldSelector('foo=bar', 'pods')).toThrow('field label not supported: foo');
    expect(() => parseFieldSelector('foo=bar', 'configmaps')).toThrow('"foo" is not a known field selector');
    expect(() => parseLabelSelector('a in (')).toThrow('unable to parse requirement');
  });
});

describe('protobuf', () => {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
  const body = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
    Buffer.concat([Buffer.from('k8s\0'), field(1, Buffer.concat([text(1, apiVersion), text(2, kind)])), field(2, raw)]);

  test('reads DeleteOptions with grace, preconditions and dry run', () => {
    const raw = Buffer.concat([
      Buffer.from([0x08, 0x00]),
      field(2, text(1, 'u-1')),
      text(4, 'Foreground'),
      text(5, 'All'),
    ]);
    expect(decodeProtobuf(body('v1', 'DeleteOptions', raw))).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u-1' },
      propagationPolicy: 'Foreground',
      dryRun: ['All'],
    });
  });

  test('reads maps and leaves out what Go would not write', () => {
    const metadata = field(1, Buffer.concat([text(1, 'm'), text(2, ''), text(3, '')]));
    const entry = field(2, Buffer.concat([text(1, 'key'), text(2, 'value')]));
    expect(decodeProtobuf(body('v1', 'ConfigMap', Buffer.concat([metadata, entry])))).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'm' },
      data: { key: 'value' },
    });
  });

  test('refuses what is cut short or of no kind it knows', () => {
    expect(() => decodeProtobuf(Buffer.from('{"a":1}'))).toThrow('does not appear to be a protobuf message');
    expect(() => decodeProtobuf(body('v1', 'Nonsense', Buffer.alloc(0)))).toThrow('no kind "Nonsense"');
    expect(() => decodeProtobuf(body('v1', 'ConfigMap', Buffer.from([0x0a, 0x7f])))).toThrow('unexpected EOF');
  });
});
