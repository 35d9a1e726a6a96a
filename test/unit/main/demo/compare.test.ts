import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../compare-clusters/api-client.ts';
import { differencesOf } from '../../../compare-clusters/answers.ts';

const answer = (body: unknown, status = 200, type = 'application/json'): Answer => ({
  status,
  headers: { 'content-type': type },
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const paths = (a: unknown, b: unknown): string[] => differencesOf(answer(a), answer(b), false).map((one) => one.path);

describe('comparing two answers', () => {
  it('finds a key that only one has, once for all that is in it', () => {
    expect(paths({ a: 1, b: { c: { d: 1 } } }, { a: 2 })).toEqual(['body.b']);
    expect(paths({ items: [{ x: 1 }] }, { items: [{ x: 1, y: 2 }] })).toEqual(['body.items[].y']);
  });

  it('finds another type, also null', () => {
    expect(paths({ a: '1' }, { a: 1 })).toEqual(['body.a']);
    expect(paths({ a: null }, { a: [] })).toEqual(['body.a']);
  });

  it('does not mind what labels and data are called', () => {
    expect(paths({ metadata: { labels: { a: '1' } } }, { metadata: { labels: { b: '2' } } })).toEqual([]);
  });

  it('finds another status, another message, another warning', () => {
    const status = (message: string): unknown => ({ kind: 'Status', message });
    expect(differencesOf(answer({}), answer({}, 404), false)[0]?.path).toBe('status');
    expect(differencesOf(answer(status('no'), 400), answer(status('yes'), 400), false)[0]?.path).toBe('message');
    const warned = { ...answer({}), headers: { 'content-type': 'application/json', warning: '299 - "x"' } };
    expect(differencesOf(answer({}), warned, false)[0]?.path).toBe('header.warning');
  });

  it('finds another column and another type of cell', () => {
    const table = (name: string, cell: unknown): unknown => ({
      kind: 'Table',
      columnDefinitions: [{ name, type: 'string', format: '', priority: 0 }],
      rows: [{ cells: [cell], object: {} }],
    });
    expect(paths(table('Name', 'a'), table('Title', 'b'))).toEqual(['columns']);
    expect(paths(table('Name', 'a'), table('Name', 1))).toEqual(['cells']);
  });

  it('reads a watch line by line', () => {
    const line = (object: unknown): string => `${JSON.stringify({ type: 'ADDED', object })}\n`;
    expect(paths(line({ a: 1 }) + line({ a: 2 }), line({ a: 1 }))).toEqual([]);
    expect(paths(line({ a: 1 }), line({ b: 1 }))).toEqual(['body.[].object.a', 'body.[].object.b']);
  });
});
