import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultDataDir } from '../../../../main/hosts/data-dir.ts';
import { parseFlags } from '../../../../main/hosts/options.ts';

describe('the flags of npm start', () => {
  test('none open the product on the kubeconfigs of the person', () => {
    expect(parseFlags([])).toEqual({
      demo: false,
      browser: false,
      open: true,
      port: 0,
      dataDir: null,
      kubeconfigs: [],
      run: null,
      approve: null,
      context: null,
      demoKubeconfig: null,
    });
  });

  test('all of them are read, kubeconfigs in their order', () => {
    const args = ['--demo', '--browser', '--no-open', '--port', '8123', '--data-dir', 'd'];
    expect(parseFlags([...args, '--kubeconfig', 'a', '--kubeconfig=b'])).toMatchObject({
      demo: true,
      browser: true,
      open: false,
      port: 8123,
      dataDir: 'd',
      kubeconfigs: ['a', 'b'],
    });
  });

  test('a list of kubeconfigs is read as KUBECONFIG is, unless it is one file’s name', () => {
    expect(parseFlags(['--kubeconfig', ['a', '', 'b'].join(delimiter), '--kubeconfig', 'c']).kubeconfigs).toEqual([
      'a',
      'b',
      'c',
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'ai4k8s-flags-'));
    const odd = join(folder, `odd${delimiter}name`);
    writeFileSync(odd, '');
    expect(parseFlags(['--kubeconfig', odd]).kubeconfigs).toEqual([odd]);
    rmSync(folder, { recursive: true });
  });

  test('a command, its context and its approval are taken as they are', () => {
    expect(parseFlags(['--run', 'kubectl get pods -A', '--context', 'arn:aws:c/x', '--approve', 'ab12'])).toMatchObject(
      {
        run: 'kubectl get pods -A',
        context: 'arn:aws:c/x',
        approve: 'ab12',
      },
    );
  });

  test.for([
    [['--dmeo'], "Unknown option '--dmeo'"],
    [['-x'], "Unknown option '-x'"],
    [['demo'], "Unexpected argument 'demo'"],
    [['--port', 'http'], "not 'http'"],
    [['--port', '70000'], "not '70000'"],
    [['--port=-1'], "not '-1'"],
    [['--demo=yes'], '--demo'],
    [['--kubeconfig'], '--kubeconfig'],
    [['--kubeconfig='], '--kubeconfig takes a value'],
    [['--kubeconfig', delimiter], '--kubeconfig takes a value'],
    [['--data-dir', ''], '--data-dir takes a value'],
    [['--run', ''], '--run takes a value'],
    [['--approve', 'x'], '--approve goes with --run'],
    [['--context', 'x'], '--context goes with --run'],
  ] as const)('%j is refused, saying which', ([args, said]) => {
    expect(() => parseFlags(args)).toThrow(said);
  });
});

describe('the data folder', () => {
  test.for([
    ['linux', {}, '/home/p/.local/share/ai4k8s'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/ai4k8s'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/p/.local/share/ai4k8s'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/p/Library/Application Support/AI4K8s'],
  ] as const)('on %s with %j is %s', ([platform, env, expected]) => {
    expect(defaultDataDir(platform, env, '/home/p')).toBe(expected);
  });
});
