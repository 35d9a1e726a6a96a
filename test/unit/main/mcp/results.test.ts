import { LosslessNumber, stringify } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { parseExact, textOf } from '../../../../main/mcp/results.ts';

describe('the JSON of an answer', () => {
  it('keeps an integer that a number cannot hold', () => {
    const parsed = parseExact('{"a":9007199254740993,"b":1,"c":0.1}') as Record<string, unknown>;
    expect(parsed['a']).toEqual(new LosslessNumber('9007199254740993'));
    expect(parsed['b']).toBe(1);
    expect(parsed['c']).toBe(0.1);
    expect(stringify(parsed)).toBe('{"a":9007199254740993,"b":1,"c":0.1}');
  });

  it('finds it in a list, negative, and after spaces', () => {
    expect(stringify(parseExact('[-9007199254740993]'))).toBe('[-9007199254740993]');
    expect(stringify(parseExact('{"a": 9007199254740993}'))).toBe('{"a":9007199254740993}');
  });

  it('keeps ordinary numbers numbers beside it, fractions and exponents too', () => {
    expect(parseExact('[9007199254740993,9007199254740991,1.0000000000000002,1e21]')).toEqual([
      new LosslessNumber('9007199254740993'),
      9007199254740991,
      1.0000000000000002,
      1e21,
    ]);
  });

  it('is not misled by digits inside a text', () => {
    expect(parseExact('{"text":"at: 12345678901234567890"}')).toEqual({ text: 'at: 12345678901234567890' });
  });
});

describe('the text of an answer', () => {
  it('joins its blocks and names one that is no text', () => {
    const image = { type: 'image', data: '', mimeType: 'image/png' } as const;
    expect(textOf({ content: [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }] })).toBe(
      'a\n[image]\nb',
    );
  });
});
