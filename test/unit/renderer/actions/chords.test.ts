import { describe, expect, it } from 'vitest';
import { chordOf, matches } from '../../../../renderer/actions/chords.ts';

describe('reading keys', () => {
  it('says letters in upper case, and Shift only where it is not part of the sign', () => {
    expect(chordOf({ key: 'k', ctrl: true, shift: false })).toBe('Ctrl K');
    expect(chordOf({ key: 'N', ctrl: true, shift: true })).toBe('Ctrl Shift N');
    expect(chordOf({ key: '?', ctrl: false, shift: true })).toBe('?');
    expect(chordOf({ key: 'F7', ctrl: false, shift: true })).toBe('Shift F7');
  });
  it('takes two keys one after another, and no other order', () => {
    expect(matches('G C', 'G', null)).toBe('begin');
    expect(matches('G C', 'C', 'G')).toBe('whole');
    expect(matches('G C', 'C', null)).toBe('no');
    expect(matches('G C', 'H', 'G')).toBe('no');
  });
  it('does not take Ctrl K for a sequence of two keys', () => {
    expect(matches('Ctrl K', 'Ctrl K', null)).toBe('whole');
    expect(matches('Ctrl K', 'K', 'Ctrl')).toBe('no');
  });
});
