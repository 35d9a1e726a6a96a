import { describe, expect, it } from 'vitest';
import { lex, scan } from '../../../../main/kubectl/lexer.ts';

const words = (line: string): string[][] => lex(line).map((stage) => stage.map(({ text }) => text));

describe('the lexer', () => {
  it('splits at spaces, and joins quoted parts to their word', () => {
    expect(words(`kubectl get pods -o jsonpath='{.items[*].metadata.name} x'"y z"`)).toEqual([
      ['kubectl', 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.name} xy z'],
    ]);
  });
  it('keeps an empty quoted word', () => {
    expect(words(`kubectl get '' x`)).toEqual([['kubectl', 'get', '', 'x']]);
  });
  it('takes backslashes as a shell does, outside and inside double quotes', () => {
    expect(words(String.raw`a\ b "c\"d\n" 'e\f'`)).toEqual([['a b', String.raw`c"d\n`, String.raw`e\f`]]);
  });
  it('splits pipes, but not inside quotes', () => {
    expect(words(`kubectl get pods | grep 'a|b' | wc -l`)).toEqual([
      ['kubectl', 'get', 'pods'],
      ['grep', 'a|b'],
      ['wc', '-l'],
    ]);
  });
  it('knows where each word stands, quotes included', () => {
    expect(lex(`get  'a b'`)[0]).toEqual([
      { text: 'get', from: 0, to: 3 },
      { text: 'a b', from: 5, to: 10 },
    ]);
  });
  it.each([
    ['kubectl get pods; rm x', "';'"],
    ['kubectl get pods && ls', "'&&'"],
    ['kubectl get pods || ls', "'||'"],
    ['kubectl get pods &', "'&'"],
    ['kubectl get pods > file', 'redirects'],
    ['kubectl get pods < file', 'redirects'],
    ['kubectl get $(whoami)', "'$(...)'"],
    ['kubectl get "$(whoami)"', "'$(...)'"],
    ['kubectl get `whoami`', 'backticks'],
    ['kubectl get "`whoami`"', 'backticks'],
    ['kubectl get $POD', 'variables'],
    ['kubectl get "$POD"', 'variables'],
    ['kubectl delete pod web-*', 'pattern'],
    ['kubectl delete pod web-?', 'pattern'],
    ['kubectl delete pod [ab]', 'pattern'],
    ['kubectl get pods # all', 'comment'],
    ['kubectl get pods\nkubectl get nodes', 'several commands'],
    ['(kubectl get pods)', 'parentheses'],
  ])('refuses %s, saying why', (line, reason) => {
    expect(() => lex(line)).toThrow(reason);
  });
  it.each([
    `grep '$(x)'`,
    `grep 'a;b'`,
    `grep "a$"`,
    `get -o custom-columns=A:.spec.items[0]`,
    String.raw`a\*`,
    '{.items[*]}',
  ])('takes %s literally', (line) => {
    expect(scan(line).problem).toBeNull();
  });
  it('refuses a quote that is not closed, but scans it for completion', () => {
    expect(() => lex(`get 'po`)).toThrow('not closed');
    expect(scan(`get 'po`).stages[0]?.at(-1)).toEqual({ text: 'po', from: 4, to: 7 });
  });
  it('takes a backslash at the end of a line as its continuation', () => {
    expect(words('kubectl get \\\n  pods')).toEqual([['kubectl', 'get', 'pods']]);
  });
});
