import { describe, expect, test } from 'vitest';
import type { CommandResult, ResultBody } from '../../../../shared/commands.ts';
import { CommandResult as Shape } from '../../../../shared/commands.ts';
import { keptResult } from '../../../../main/conversations/kept-result.ts';
import { titleOf } from '../../../../main/conversations/title.ts';

function result(body: ResultBody, notes: string[] = []): CommandResult {
  return {
    run: '3f1c9f0e-8a3b-4c1d-9e2f-0a1b2c3d4e5f',
    line: 'kubectl get pods',
    cluster: 'c',
    namespace: null,
    at: 1,
    exitCode: 0,
    body,
    notes,
    route: { way: 'mcp', steps: [], ms: 1, narrowed: null },
    failure: null,
    following: true,
    doneText: null,
  };
}
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    cells: [`pod-${String(index)}`, 'x'.repeat(280)],
    object: null,
    createdAt: null,
  }));
const table = (count: number) => ({ resource: 'pods', columns: [], rows: rows(count), sorted: false });
const text = (lines: number) => `${'ä'.repeat(99)}\n`.repeat(lines);

describe('a result as it is kept', () => {
  test('is the same where it is small, except that it no longer follows', () => {
    const small = result({ kind: 'tables', tables: [table(3)] }, ['a note']);
    expect(keptResult(small)).toEqual({ ...small, following: false });
  });

  test.for<[string, ResultBody, RegExp]>([
    ['tables', { kind: 'tables', tables: [table(2000), table(3000)] }, /^Kept here: the first \d+ of 5000 rows\./],
    ['text', { kind: 'text', text: text(20_000) }, /^Kept here: the first \d+ of 2000000 characters\./],
    [
      'a document',
      { kind: 'document', language: 'yaml', text: text(20_000), object: null },
      /^Kept here: the first \d+ of 2000000 characters\./,
    ],
    [
      'logs',
      {
        kind: 'logs',
        lines: Array.from({ length: 20_000 }, (_, at) => ({ at, from: null, text: 'x'.repeat(100) })),
        truncated: false,
      },
      /^Kept here: the last \d+ of 20000 lines\./,
    ],
  ])('is trimmed below 1 MB where %s are large, and says so', ([, body, said]) => {
    const kept = keptResult(result(body, ['a note']));
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(1_000_000);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeGreaterThan(500_000);
    expect(Shape.safeParse(kept).success).toBe(true);
    expect(kept.notes[0]).toBe('a note');
    expect(kept.notes.at(-1)).toMatch(said);
  });

  test('of logs keeps the end, and no longer follows', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => ({ at, from: null, text: 'x'.repeat(100) }));
    const { body, following } = keptResult(result({ kind: 'logs', lines, truncated: false }));
    expect(following).toBe(false);
    expect(body).toMatchObject({ truncated: true });
    expect(body.kind === 'logs' && body.lines.at(-1)?.at).toBe(19_999);
  });

  test('of text ends with a whole line', () => {
    const { body } = keptResult(result({ kind: 'text', text: text(20_000) }));
    expect(body.kind === 'text' && body.text.endsWith('ä\n')).toBe(true);
  });
});

describe('the title of a conversation', () => {
  test.for([
    ['kubectl get pods', 'kubectl get pods'],
    ['  why is\n  web failing?  ', 'why is web failing?'],
    ['', 'New conversation'],
    ['a'.repeat(80), `${'a'.repeat(60)}…`],
    [`${'word '.repeat(11)}longerword and more`, `${'word '.repeat(11).trim()}…`],
    [`${'a'.repeat(59)}😀😀`, `${'a'.repeat(59)}…`],
  ] as const)('of %j is %j', ([words, title]) => {
    expect(titleOf(words)).toBe(title);
  });
});
