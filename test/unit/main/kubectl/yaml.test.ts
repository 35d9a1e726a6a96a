import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseExact } from '../../../../main/kubectl/exact-json.ts';
import { printJson } from '../../../../main/kubectl/print/json.ts';
import { printYaml } from '../../../../main/kubectl/print/yaml.ts';

const value = (text: string): string => printYaml({ a: text }).replace(/^a: /, '').replace(/\n$/, '');

// Each right side was printed by `kubectl create --dry-run=client -o yaml`, v1.36.3.
describe('YAML as kubectl prints it', () => {
  it.each([
    ['', '""'],
    ['a', 'a'],
    ['y', '"y"'],
    ['off', '"off"'],
    ['oFF', 'oFF'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['1', '"1"'],
    ['0x1f', '"0x1f"'],
    ['1_000', '"1_000"'],
    ['1e3', '"1e3"'],
    ['.5', '".5"'],
    ['.', '.'],
    ['1.2.3', '1.2.3'],
    ['10.0.0.1', '10.0.0.1'],
    ['1Gi', '1Gi'],
    ['12:30', '"12:30"'],
    ['1:60', '1:60'],
    ['2020-01-01', '"2020-01-01"'],
    ['2020-13-01', '2020-13-01'],
    ['18446744073709551615', '"18446744073709551615"'],
    ['<<', '<<'],
    ['=', '='],
    ['- a', "'- a'"],
    ['-a', '-a'],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['# x', "'# x'"],
    ['@a', "'@a'"],
    ['---', "'---'"],
    ["it's", "it's"],
    ["'a'", "'''a'''"],
    ['"a"', `'"a"'`],
    [' lead', "' lead'"],
    ['trail ', "'trail '"],
    ['a\tb', String.raw`"a\tb"`],
    ['é', 'é'],
    ['😀', String.raw`"\U0001F600"`],
    ['a b', 'a b'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\nb\n', '|\n  a\n  b'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a \nb', String.raw`"a \nb"`],
  ])('writes %j as %s', (text, printed) => {
    expect(value(text)).toBe(printed);
  });
  it('folds long lines after column 80, plain and quoted', () => {
    expect(value('word '.repeat(20).trim())).toBe(`${'word '.repeat(16).trim()}\n  ${'word '.repeat(4).trim()}`);
    expect(value(`it's: ${'word '.repeat(20).trim()}`)).toMatch(/^'it''s: (word ?)+\n {2}(word ?)+'$/);
  });
  it('puts lists at the indent of their key, and sorts keys as go-yaml does', () => {
    expect(printYaml({ b10: [1, { y: 2, x: [[]] }], b2: {}, 'b-1': null })).toBe(
      'b-1: null\nb2: {}\nb10:\n- 1\n- x:\n  - []\n  "y": 2\n',
    );
  });
  it('reads back as what it was, whatever the strings are', () => {
    const odd = [
      '',
      'yes',
      '0',
      '1.0',
      '- x',
      'a\nb\n',
      ' x',
      'x:',
      '"',
      "'",
      '\\',
      '\t',
      '%',
      '{}',
      '[]',
      '|',
      '>',
      '\u0007',
    ];
    const object = Object.fromEntries(odd.map((text, at) => [`k${String(at)}`, [text, { [`${text}k`]: text }]]));
    expect(parse(printYaml(object), { version: '1.1' })).toEqual(object);
  });
});

describe('JSON as kubectl prints it', () => {
  it('indents by four, sorts keys and escapes as Go does', () => {
    expect(printJson({ b: '<a> & \u2028', a: [], c: {} })).toBe(
      '{\n    "a": [],\n    "b": "\\u003ca\\u003e \\u0026 \\u2028",\n    "c": {}\n}\n',
    );
  });
  it('keeps integers of 64 bits exact', () => {
    const text = '{"big":9007199254740993,"least":-9223372036854775808,"small":1}';
    expect(printJson(parseExact(text))).toBe(
      '{\n    "big": 9007199254740993,\n    "least": -9223372036854775808,\n    "small": 1\n}\n',
    );
    expect(printYaml(parseExact(text))).toBe('big: 9007199254740993\nleast: -9223372036854775808\nsmall: 1\n');
  });
});
