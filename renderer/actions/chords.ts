export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
}

/** 'Ctrl Shift N' of a press; Command counts as Ctrl. Shift is said only with letters and named keys, not with '?'. */
export function chordOf({ key, ctrl, shift }: Press): string {
  const name = key.length === 1 ? key.toUpperCase() : key;
  const saysShift = shift && (ctrl || key.length > 1);
  return `${ctrl ? 'Ctrl ' : ''}${saysShift ? 'Shift ' : ''}${name}`;
}

/**
 * Whether a press, after an earlier one, completes these keys: 'whole', 'begin' (the first of two), or 'no'.
 * `before` is the chord pressed just before, or null.
 */
export function matches(keys: string, chord: string, before: string | null): 'whole' | 'begin' | 'no' {
  if (keys === chord) return 'whole';
  const [first, second, ...rest] = keys.split(' ');
  const isSequence = second !== undefined && rest.length === 0 && first !== 'Ctrl' && first !== 'Shift';
  if (!isSequence) return 'no';
  if (before === first && chord === second) return 'whole';
  return chord === first ? 'begin' : 'no';
}
