import { describe, expect, it } from 'vitest';
import { shortName } from '../../../../renderer/clusters/short-name.ts';

describe('the letters on a cluster’s square', () => {
  it.each([
    ['prod-eu-1', 'pe1'],
    ['prod-eu-2', 'pe2'],
    ['staging-eu', 'se'],
    ['demo', 'de'],
    ['edge-hamburg-plant-2', 'eh2'],
    ['arn:aws:eks:eu-central-1:123:cluster/shop-eu', 'se'],
    ['kubernetes-admin@real', 'kar'],
    ['🙂', '?'],
    ['', '?'],
  ])('of %j are %j', (name, letters) => {
    expect(shortName(name)).toBe(letters);
  });
});
