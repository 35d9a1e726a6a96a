import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../../main/demo/programs/program.ts';
import { programFor, pullFailure } from '../../../../main/demo/programs/launch.ts';
import type { Launch } from '../../../../main/demo/programs/program.ts';
import { runCommand } from '../../../../main/demo/shell/run.ts';
import type { Life } from '../../../../main/demo/shell/run.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

function run(script: string, files: Record<string, string> = {}): Life {
  const surroundings = { env: { A: 'x y', EMPTY: '' }, files: new Map(Object.entries(files)), hostname: 'web-1', now };
  return runCommand(['sh', '-c', script], surroundings);
}

function printed(script: string, files?: Record<string, string>): string {
  return run(script, files)
    .output.map((one) => one.text)
    .join('');
}

describe('a shell in a demo container', () => {
  it.each([
    ['echo one two', 'one two\n'],
    ['echo "$A" $A ${NONE:-default}', 'x y x y default\n'],
    ["echo '$A'", '$A\n'],
    ['false || echo no; true && echo yes', 'no\nyes\n'],
    ['for i in 1 2 3; do echo $i; done | tail -n 1', '3\n'],
    ['if [ -z "$EMPTY" ]; then echo unset; else echo set; fi', 'unset\n'],
    ['x=$(echo inner); echo "got $x"', 'got inner\n'],
    ['seq 5 | grep -v 3 | wc -l', '4\n'],
    ['echo a > /tmp/x; echo b >> /tmp/x; cat /tmp/x', 'a\nb\n'],
    ['{ echo out; ls /none; } 2>&1; printf "\\n__rc=%d" $?', 'out\nls: /none: No such file or directory\n\n__rc=1'],
    ['for i in 1 2 3; do [ $i = 2 ] && break; echo $i; done', '1\n'],
    ['date -Iseconds; sleep 90; date -Iseconds', '2026-01-01T00:00:00+00:00\n2026-01-01T00:01:30+00:00\n'],
  ])('%s', (script, text) => {
    expect(printed(script)).toBe(text);
  });

  it('keeps error output apart and ends with the code it was told', () => {
    const life = run('echo out; echo err >&2; exit 4; echo never');
    expect(life.exitCode).toBe(4);
    expect(life.output.map((one) => [one.stream, one.text])).toEqual([
      [1, 'out\n'],
      [2, 'err\n'],
    ]);
  });

  it('says 127 for what is not there, and 2 for what it cannot read', () => {
    expect(run('nothing --here').exitCode).toBe(127);
    expect(run('echo "open').exitCode).toBe(2);
    expect(run('if true; then').exitCode).toBe(2);
  });

  it('knows a loop that never ends by what it repeats, also in the background', () => {
    const life = run('while true; do echo "$(date +%s) tick"; sleep 5; done & exec httpd -f');
    expect(life.exitCode).toBeUndefined();
    expect(life.again?.everyMs).toBe(5000);
    expect(life.again?.textAt(now + 3_600_000)).toBe('1767229200 tick\n');
  });

  it('ends in bounded time for a loop without a pause', () => {
    expect(run('while [ 1 = 1 ]; do :; done').exitCode).toBeUndefined();
  });
});

describe('programs', () => {
  const launch = (image: string, command?: string[], env: Record<string, string> = {}): Launch => ({
    image,
    command,
    args: undefined,
    env,
    memoryLimitBytes: 256 * 2 ** 20,
    cpuRequestMillicores: 60,
    memoryRequestBytes: 64 * 2 ** 20,
    seed: 'shop/web/web',
    podName: 'web-1',
  });

  it('know only their own tags, and any image that does not say that it is missing', () => {
    expect(pullFailure('demo/web:2.4.0')).toBeUndefined();
    expect(pullFailure('nginx')).toBeUndefined();
    expect(pullFailure('demo/web:2.5.0-rc1')).toContain('not found');
    expect(pullFailure('example/does-not-exist:1')).toContain('not found');
  });

  it('end without the variable they want, and serve with it', () => {
    expect(programFor(launch('demo/checkout:1.4.3'), new Map(), now).ending?.exitCode).toBe(1);
    const well = programFor(launch('demo/checkout:1.4.3', undefined, { DATABASE_URL: 'x' }), new Map(), now);
    expect(well.ending).toBeUndefined();
  });

  it('write the same lines whenever they are asked, and the newer ones after', () => {
    const program = programFor(launch('demo/web:2.4.0'), new Map(), now);
    const first = linesOf(program, now, now + 60_000);
    const later = linesOf(program, now, now + 120_000);
    expect(later.slice(0, first.length)).toEqual(first);
    expect(later.length).toBeGreaterThan(first.length + 50);
    expect(linesOf(program, now, now + 20 * 86_400_000).length).toBeLessThanOrEqual(5000);
  });

  it('leak towards their limit and start anew below it', () => {
    const { usage, ending } = programFor(launch('demo/cart:2.4.1'), new Map(), now);
    const atEnd = usage(now + (ending?.afterMs ?? 0) - 1000, now).memoryBytes;
    expect(atEnd).toBeGreaterThan(250 * 2 ** 20);
    expect(usage(now + 60_000, now).memoryBytes).toBeLessThan(100 * 2 ** 20);
    expect(ending?.reason).toBe('OOMKilled');
  });
});
