import { describe, expect, it } from 'vitest';
import { parse } from '../../../../main/kubectl/grammar.ts';
import { applyPipes, checkPipes } from '../../../../main/kubectl/pipe.ts';

const text = 'NAME   READY\nweb-1  1/1\nweb-2  0/1\ndb.0   1/1\n';
const piped = (pipes: string, input = text) => {
  const stages = parse(`kubectl get pods ${pipes}`).pipes;
  checkPipes(stages);
  return applyPipes(stages, input);
};

// What each gives was given by the shell's own programs.
describe('pipes', () => {
  it.each([
    ['| grep web', 'web-1  1/1\nweb-2  0/1\n'],
    ['| grep -v web', 'NAME   READY\ndb.0   1/1\n'],
    ['| grep -i NAME', 'NAME   READY\n'],
    ['| grep -c web', '2\n'],
    ['| grep -n db', '4:db.0   1/1\n'],
    ['| grep -o "web-[0-9]"', 'web-1\nweb-2\n'],
    ['| grep -F db.0', 'db.0   1/1\n'],
    ["| grep -E '^(web|db)' | wc -l", '3\n'],
    [String.raw`| grep 'web\|db' | wc -l`, '3\n'],
    ["| grep '+'", ''],
    ['| grep -w web', 'web-1  1/1\nweb-2  0/1\n'],
    ['| grep -A1 web-2', 'web-2  0/1\ndb.0   1/1\n'],
    ['| head -2', 'NAME   READY\nweb-1  1/1\n'],
    ['| head -n -3', 'NAME   READY\n'],
    ['| tail -n 1', 'db.0   1/1\n'],
    ['| tail -n +3', 'web-2  0/1\ndb.0   1/1\n'],
    ['| tail -n 0', ''],
    ['| wc -l', '4\n'],
    ['| wc -w', '8\n'],
    ['| sort', 'NAME   READY\ndb.0   1/1\nweb-1  1/1\nweb-2  0/1\n'],
    ['| sort -r | head -1', 'web-2  0/1\n'],
    ['| sort -k2 | head -1', 'web-2  0/1\n'],
    ["| cut -d' ' -f1", 'NAME\nweb-1\nweb-2\ndb.0\n'],
    ['| cut -c1-3 | sort | uniq -c', '      1 NAM\n      1 db.\n      2 web\n'],
  ])('%s', (pipes, output) => {
    expect(piped(pipes).text).toBe(output);
  });
  it('ends as grep ends: 1 where nothing matched', () => {
    expect([
      piped('| grep web').exitCode,
      piped('| grep nope').exitCode,
      piped('| grep nope | wc -l').exitCode,
    ]).toEqual([0, 1, 0]);
  });
  it.each(['| xargs rm', '| sh', '| awk x', '| tee file', '| less'])(
    '%s is refused: no program is started',
    (pipes) => {
      expect(() => piped(pipes)).toThrow('none is started here');
    },
  );
  it.each(['| grep a file', '| cat file', '| head file', '| wc file'])('%s is refused: no file is read', (pipes) => {
    expect(() => piped(pipes)).toThrow('reads a file');
  });
  it('refuses a flag it does not know by its name', () => {
    expect(() => piped('| grep -z x')).toThrow('grep -z');
  });
  const json = JSON.stringify({
    items: [
      { name: 'b', n: 1 },
      { name: 'a', n: 2, l: ['x'] },
    ],
  });
  it.each([
    ["| jq -r '.items[].name'", 'b\na\n'],
    ["| jq '.items | length'", '2\n'],
    ["| jq -c '.items[] | select(.n > 1)'", '{"name":"a","n":2,"l":["x"]}\n'],
    [`| jq -r '.items[] | select(.name == "b") | .n'`, '1\n'],
    ["| jq -c '[.items[].n]'", '[1,2]\n'],
    ["| jq '.items[0]'", '{\n  "name": "b",\n  "n": 1\n}\n'],
    ["| jq -c '.items[-1] | keys'", '["l","n","name"]\n'],
    ['| jq .nope', 'null\n'],
  ])('%s', (pipes, output) => {
    expect(piped(pipes, json).text).toBe(output);
  });
  it('says that a table is no JSON', () => {
    expect(() => piped('| jq .')).toThrow('no JSON');
  });
});
