import { expect, it } from 'vitest';
import { selectorOf, selects, selectsByMap } from '../../../../main/changes/selector.ts';

it.each([
  ['app=web', { app: 'web' }, true],
  ['app=web', { app: 'api' }, false],
  ['app==web,tier!=db', { app: 'web', tier: 'front' }, true],
  ['app in (web,api),!legacy', { app: 'api' }, true],
  ['app in (web,api),!legacy', { app: 'api', legacy: '1' }, false],
  ['app notin (web)', { app: 'web' }, false],
  ['app', { app: '' }, true],
  ['constructor', {}, false],
])('%s on %j is %j', (text, labels, expected) => {
  expect(selects(selectorOf(text), labels)).toBe(expected);
});

it('selects nothing without a selector, and nothing with an empty map', () => {
  expect(selects(undefined, { a: 'b' })).toBe(false);
  expect(selectsByMap({}, { a: 'b' })).toBe(false);
});
