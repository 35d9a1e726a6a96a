import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';

/** The flags of `npm start`, parsed. */
export interface Flags {
  readonly demo: boolean;
  /** The browser host even where Electron is there. */
  readonly browser: boolean;
  /** Whether a browser window is opened on the printed address. */
  readonly open: boolean;
  /** 0: a free one. */
  readonly port: number;
  /** Null: the platform's place for it. */
  readonly dataDir: string | null;
  /** Empty: KUBECONFIG, else ~/.kube/config. */
  readonly kubeconfigs: readonly string[];
  /** One command to run in place of a window, with what belongs to it. */
  readonly run: string | null;
  readonly approve: string | null;
  readonly context: string | null;
  /** Set by `start.ts` for the Electron process: the demo that it has started already. */
  readonly demoKubeconfig: string | null;
}

export const usage = `Flags of AI4K8s, after \`npm start --\`:
  --demo               start the demo cluster and use it
  --browser            open in the browser, even where Electron is installed
  --no-open            print the address and open no window
  --port N             the browser host's port; a free one unless given
  --data-dir DIR       where conversations, settings and logs are kept
  --kubeconfig PATH    a kubeconfig to use in place of KUBECONFIG and ~/.kube/config; several as KUBECONFIG lists
                       them, or the flag several times
  --run 'COMMAND'      run one command, print what kubectl would print, and end
  --context NAME       with --run: the context to use
  --approve DIGEST     with --run: run exactly the change of this digest`;

/** Throws an Error whose message is one sentence for the terminal. */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = readArgs(args);
  const { run = null, approve = null, context = null } = values;
  if (run === null && approve !== null) throw new Error('--approve goes with --run.');
  if (run === null && context !== null) throw new Error('--context goes with --run.');
  return {
    demo: values.demo,
    browser: values.browser,
    open: !values['no-open'],
    port: portOf(values.port),
    dataDir: nonEmpty('--data-dir', values['data-dir']),
    kubeconfigs: (values.kubeconfig ?? []).flatMap(pathsOf),
    run: nonEmpty('--run', run ?? undefined),
    approve,
    context,
    demoKubeconfig: values['demo-kubeconfig'] ?? null,
  };
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        demo: { type: 'boolean', default: false },
        browser: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        kubeconfig: { type: 'string', multiple: true },
        run: { type: 'string' },
        approve: { type: 'string' },
        context: { type: 'string' },
        'demo-kubeconfig': { type: 'string' },
      },
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // node adds a hint about `--` that does not fit a program without positional arguments.
    throw new Error(said.split('. To specify')[0] ?? said, { cause: error });
  }
}

/** A list as KUBECONFIG holds it; a file whose own name has the separator is taken as it is. */
function pathsOf(value: string): string[] {
  if (existsSync(value)) return [value];
  const paths = value.split(delimiter).filter((path) => path !== '');
  if (paths.length === 0) throw new Error('--kubeconfig takes a value.');
  return paths;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port takes a number from 0 to 65535, not '${text}'.`);
}

function nonEmpty(flag: string, text: string | undefined): string | null {
  if (text === '') throw new Error(`${flag} takes a value.`);
  return text ?? null;
}
