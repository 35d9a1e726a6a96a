import { describe, expect, it } from 'vitest';
import { CustomColumns } from '../../../../main/kubectl/print/custom-columns.ts';
import { GoTemplate } from '../../../../main/kubectl/print/go-template.ts';
import { JsonPath, relaxed } from '../../../../main/kubectl/print/jsonpath.ts';

const list = {
  kind: 'List',
  items: [
    { name: 'a', n: 1, ok: true, tags: ['x', 'y'], labels: { 'app.io/name': 'one', z: '1' } },
    { name: 'b', n: 2.5, ok: false, tags: [], labels: {} },
    { name: 'c', n: 30, tags: ['z'], nothing: null },
  ],
};
const print = (template: string, allowMissing = true): string => new JsonPath(template, { allowMissing }).print(list);

describe("kubectl's JSONPath", () => {
  it.each([
    ['{.kind}', 'List'],
    ['{$.kind}{@.kind}', 'ListList'],
    ['{.items[*].name}', 'a b c'],
    ['{.items[0].name} and {.items[-1].name}', 'a and c'],
    ['{.items[0:2].name}', 'a b'],
    ['{.items[::2].name}', 'a c'],
    ['{.items[1:].name}', 'b c'],
    ['{.items[0,2].name}', 'a c'],
    [`{.items[0]['name','n']}`, 'a 1'],
    [`{.items[0].labels['app\\.io/name']}`, 'one'],
    ['{.items[0].labels.app\\.io/name}', 'one'],
    ['{.items[?(@.n>2)].name}', 'b c'],
    ['{.items[?(@.n>=30)].name}', 'c'],
    ['{.items[?(@.name=="b")].n}', '2.5'],
    [`{.items[?(@.name!='b')].name}`, 'a c'],
    ['{.items[?(@.ok==true)].name}', 'a'],
    ['{.items[?(@.tags[0])].name}', 'a c'],
    ['{range .items[*]}{.name}={.n}{"\\n"}{end}', 'a=1\nb=2.5\nc=30\n'],
    ['{range .items[*]}{.name}:{range .tags[*]}<{@}>{end};{end}.', 'a:<x><y>;b:;c:<z>;.'],
    ['{.items[0].tags}', '["x","y"]'],
    ['{.items[0].labels}', '{"app.io/name":"one","z":"1"}'],
    ['{.items[2].nothing}', 'null'],
    ['{.nope.deeper}', ''],
    ['{..name}', 'a b c'],
    ['text {"quoted\\t"}{3}{true}', 'text quoted\t3true'],
  ])('prints %s', (template, text) => {
    expect(print(template)).toBe(text);
  });
  it.each([
    ['{.items', 'unclosed action'],
    ['{.items[5].name}', 'array index out of bounds: index 5, length 3'],
    ['{.items[', 'unterminated array'],
    ['{.items[a]}', 'invalid array index a'],
    ['{end}', 'not in range, nothing to end'],
    ['{foo .items}', 'unrecognized identifier foo'],
    ['{.items[?(@.name>1)]}', 'incompatible types for comparison'],
    ['{.kind[0]}', 'is not array or slice'],
  ])('refuses %s', (template, reason) => {
    expect(() => print(template)).toThrow(reason);
  });
  it('refuses missing keys only where it is told to', () => {
    expect(() => print('{.nope}', false)).toThrow('nope is not found');
  });
  it('takes the three spellings of a path for the same', () => {
    expect(['a.b', '.a.b', '{a.b}', '{.a.b}'].map(relaxed)).toEqual(Array(4).fill('{.a.b}'));
  });
  it('does not find what objects inherit', () => {
    expect(print('{.items[0].constructor}{.items[0].toString}')).toBe('');
  });
});

describe('custom columns', () => {
  it('joins several values, and writes maps and nothing as Go does', () => {
    const text = new CustomColumns('NAME:.name,TAGS:.tags[*],L:.labels,X:.x').print(list.items, true);
    expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'TAGS', 'L', 'X'],
      ['a', 'x,y', 'map[app.io/name:one z:1]', '<none>'],
      ['b', '<none>', 'map[]', '<none>'],
      ['c', 'z', '<none>', '<none>'],
      [''],
    ]);
  });
  it('refuses a column without a path', () => {
    expect(() => new CustomColumns('NAME')).toThrow('expected <header>:<json-path-expr>');
  });
});

describe('go templates', () => {
  const run = (template: string, strict = false): string => new GoTemplate(template, { strict }).print(list);
  it.each([
    ['{{.kind}} {{.nope}}', 'List <no value>'],
    ['{{range .items}}{{.name}},{{end}}', 'a,b,c,'],
    ['{{range $i, $x := .items}}{{$i}}{{$x.name}}{{end}}', '0a1b2c'],
    ['{{range .none}}x{{else}}empty{{end}}', 'empty'],
    ['{{if .nope}}a{{else if .kind}}b{{else}}c{{end}}', 'b'],
    ['{{with .kind}}{{.}}{{end}}', 'List'],
    ['{{len .items}} {{index .items 1 "name"}} {{(index .items 0).n}}', '3 b 1'],
    ['{{if and (eq .kind "List") (not .nope)}}yes{{end}}', 'yes'],
    ['{{.kind | printf "%-6s|%q"}}', 'List  |%!q(MISSING)'],
    ['{{$x := .kind}}{{$x}}{{/* no */}}', 'List'],
    ['a  {{- .kind -}}  b', 'aListb'],
    ['{{ "SGk=" | base64decode }}', 'Hi'],
    ['{{index (index .items 0).labels "app.io/name"}}', 'one'],
    ['{{range $k, $v := (index .items 0).labels}}{{$k}}={{$v}} {{end}}', 'app.io/name=one z=1 '],
  ])('prints %s', (template, text) => {
    expect(run(template)).toBe(text);
  });
  it.each([
    ['{{template "x"}}', 'is not in this app'],
    ['{{nope .kind}}', 'function "nope" not defined'],
    ['{{range .items}}', 'unexpected EOF'],
    ['{{.kind', 'unclosed action'],
    ['{{$y}}', 'undefined variable'],
  ])('refuses %s by name', (template, reason) => {
    expect(() => run(template)).toThrow(reason);
  });
});
