import { describe, expect, it } from 'vitest';
import { countDifferences, diffLines, foldEqual, type DiffLine } from '../../../../renderer/changes/diff-lines.ts';

const text = (line: DiffLine) => line.parts.map((part) => part.text).join('');
const marked = (line: DiffLine) => line.parts.filter((part) => part.changed).map((part) => part.text);
const lines = (...all: string[]) => `${all.join('\n')}\n`;

describe('the difference of two objects', () => {
  it('shows the old line before the new one and marks only the words that differ', () => {
    const diff = diffLines(lines('spec:', '  replicas: 3'), lines('spec:', '  replicas: 5'));
    expect(diff.map((line) => [line.kind, line.number, text(line)])).toEqual([
      ['equal', 1, 'spec:'],
      ['removed', 2, '  replicas: 3'],
      ['added', 2, '  replicas: 5'],
    ]);
    expect(diff.slice(1).map(marked)).toEqual([['3'], ['5']]);
  });

  it('numbers removed lines by the old text and added ones by the new', () => {
    const diff = diffLines(lines('a', 'b', 'c'), lines('x', 'a', 'c'));
    expect(diff.map((line) => `${line.kind} ${String(line.number)} ${text(line)}`)).toEqual([
      'added 1 x',
      'equal 2 a',
      'removed 2 b',
      'equal 3 c',
    ]);
  });

  it('shows a new object as added lines and a going one as removed lines, never as equal', () => {
    expect(new Set(diffLines(null, lines('a', 'b')).map((line) => line.kind))).toEqual(new Set(['added']));
    expect(new Set(diffLines(lines('a', 'b'), null).map((line) => line.kind))).toEqual(new Set(['removed']));
  });

  it('does not mark words where two lines have nothing to do with each other', () => {
    const diff = diffLines(lines('image: nginx'), lines('command: [sleep, "1"]'));
    expect(diff.flatMap(marked)).toEqual([]);
  });

  it('loses no line: what is left without one side is that other side', () => {
    const before = lines('a', 'b', 'c', 'd', 'e', '  - f', 'g');
    const after = lines('a', 'c', 'B', 'd', '  - f', 'f', 'h');
    const diff = diffLines(before, after);
    const side = (skip: 'added' | 'removed') => lines(...diff.filter((line) => line.kind !== skip).map(text));
    expect(side('added')).toBe(before);
    expect(side('removed')).toBe(after);
  });

  it('counts places that differ, not lines', () => {
    expect(countDifferences(diffLines(lines('a', 'b', 'c', 'd'), lines('A', 'B', 'c', 'D')))).toBe(2);
  });
});

describe('folding equal lines', () => {
  const many = Array.from({ length: 60 }, (_, index) => `line ${String(index)}`);
  const changed = many.map((line, index) => (index === 30 ? 'other' : line));

  it('keeps the context around a difference and counts the rest', () => {
    const folded = foldEqual(diffLines(lines(...many), lines(...changed)), 3);
    expect(folded.map((entry) => (entry.kind === 'fold' ? entry.lines.length : entry.kind))).toEqual([
      27,
      'equal',
      'equal',
      'equal',
      'removed',
      'added',
      'equal',
      'equal',
      'equal',
      26,
    ]);
  });

  it('hides nothing that differs and loses no line', () => {
    const diff = diffLines(lines(...many), lines(...changed));
    const unfolded = foldEqual(diff, 2).flatMap((entry) => (entry.kind === 'fold' ? [...entry.lines] : [entry]));
    expect(unfolded).toEqual(diff);
    expect(
      foldEqual(diff, 2)
        .flatMap((entry) => (entry.kind === 'fold' ? entry.lines : []))
        .every((line) => line.kind === 'equal'),
    ).toBe(true);
  });

  it('does not fold a single line', () => {
    const folded = foldEqual(diffLines(lines('a', 'b', 'c'), lines('A', 'b', 'C')), 0);
    expect(folded.some((entry) => entry.kind === 'fold')).toBe(false);
  });
});
