import { diffLines as linesOf, diffWordsWithSpace } from 'diff';

export interface Part {
  readonly text: string;
  /** Differs from the line it stands against. */
  readonly changed: boolean;
}
export interface DiffLine {
  readonly kind: 'equal' | 'removed' | 'added';
  /** Of the text it is in: the old one for removed lines, else the new one. */
  readonly number: number;
  readonly parts: readonly Part[];
}
/** Equal lines that are not shown. */
export interface Fold {
  readonly kind: 'fold';
  readonly lines: readonly DiffLine[];
}

const split = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const whole = (text: string): Part[] => [{ text, changed: false }];

/** Two lines that stand against each other, the words that differ marked; unmarked where hardly anything is the same. */
function pair(before: string, after: string): { removed: Part[]; added: Part[] } {
  const words = diffWordsWithSpace(before, after);
  const same = words
    .filter((word) => !word.added && !word.removed)
    .reduce((sum, { value }) => sum + value.trim().length, 0);
  if (same * 4 < Math.min(before.trim().length, after.trim().length))
    return { removed: whole(before), added: whole(after) };
  const side = (skip: 'added' | 'removed') =>
    words.flatMap((word) => (word[skip] ? [] : [{ text: word.value, changed: word.added || word.removed }]));
  return { removed: side('added'), added: side('removed') };
}

/**
 * The unified difference, line by line: removed before added, lines of one block paired in order so that their words can be
 * compared. Null on one side: the object is not there, and all lines are of the other.
 */
export function diffLines(before: string | null, after: string | null): DiffLine[] {
  const result: DiffLine[] = [];
  let oldNumber = 1;
  let newNumber = 1;
  const blocks = linesOf(before ?? '', after ?? '');
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at];
    if (block === undefined) continue;
    if (!block.added && !block.removed) {
      for (const line of split(block.value)) {
        result.push({ kind: 'equal', number: newNumber++, parts: whole(line) });
        oldNumber++;
      }
      continue;
    }
    const following = blocks[at + 1];
    const isReplaced = block.removed && following?.added === true;
    const removed = block.removed ? split(block.value) : [];
    const added = isReplaced ? split(following.value) : block.added ? split(block.value) : [];
    if (isReplaced) at++;
    const pairs = removed.map((line, index) => {
      const other = added[index];
      return other === undefined ? null : pair(line, other);
    });
    removed.forEach((line, index) =>
      result.push({ kind: 'removed', number: oldNumber++, parts: pairs[index]?.removed ?? whole(line) }),
    );
    added.forEach((line, index) =>
      result.push({ kind: 'added', number: newNumber++, parts: pairs[index]?.added ?? whole(line) }),
    );
  }
  return result;
}

/** Hides equal lines farther than `context` from a difference; a run of one line is not worth hiding. */
export function foldEqual(lines: readonly DiffLine[], context: number): (DiffLine | Fold)[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === 'equal') return;
    for (let at = index - context; at <= index + context; at++) near.add(at);
  });
  const result: (DiffLine | Fold)[] = [];
  let hidden: DiffLine[] = [];
  const flush = () => {
    if (hidden.length > 1) result.push({ kind: 'fold', lines: hidden });
    else result.push(...hidden);
    hidden = [];
  };
  lines.forEach((line, index) => {
    if (near.has(index)) {
      flush();
      result.push(line);
    } else {
      hidden.push(line);
    }
  });
  flush();
  return result;
}

/** How many places differ: runs of removed or added lines. */
export function countDifferences(lines: readonly DiffLine[]): number {
  return lines.filter((line, index) => line.kind !== 'equal' && (lines[index - 1]?.kind ?? 'equal') === 'equal').length;
}
