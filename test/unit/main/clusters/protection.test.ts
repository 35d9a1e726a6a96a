import { expect, test } from 'vitest';
import { marksOf } from '../../../../main/clusters/marks.ts';
import { defaultColour, looksLikeProduction } from '../../../../main/clusters/protection.ts';
import type { ClusterConfig } from '../../../../main/kubeconfig/cluster-config.ts';

const config = (context: string, more: Partial<ClusterConfig> = {}): ClusterConfig => ({
  id: 'x-1',
  context,
  source: '/k',
  server: 'https://h',
  user: 'u',
  namespace: 'shop',
  identity: { server: 'https://h', caSha256: null },
  questions: [],
  demo: false,
  ...more,
});

test.each([
  ['prod', true],
  ['shop-prod-eu', true],
  ['arn:aws:eks:eu-central-1:1:cluster/Production', true],
  ['admin@live', true],
  ['product-catalogue', false],
  ['reproduction', false],
  ['staging', false],
  ['delivery', false],
])('%s is taken for production until somebody says otherwise: %s', (context, expected) => {
  expect(looksLikeProduction(context)).toBe(expected);
  expect(marksOf({}, config(context)).production).toBe(expected);
  expect(marksOf({ production: !expected }, config(context)).production).toBe(!expected);
});

test('the demo is never production, and what was said goes before what is guessed', () => {
  expect(marksOf({}, config('demo-production', { demo: true })).production).toBe(false);
  expect(marksOf({}, config('a'))).toMatchObject({ name: 'a', namespace: 'shop', readOnly: false, group: null });
  expect(marksOf({ name: 'Shop', namespace: 'kube-system', group: null, colour: 0 }, config('a'))).toMatchObject({
    name: 'Shop',
    namespace: 'kube-system',
    colour: 0,
  });
});

test('a colour is one of twelve and stays', () => {
  const colours = Array.from({ length: 200 }, (_, index) => defaultColour(`c-${String(index)}`));
  expect(Math.min(...colours)).toBe(0);
  expect(Math.max(...colours)).toBe(11);
  expect(defaultColour('c-1')).toBe(colours[1]);
});
