import { execFile } from 'node:child_process';

/** How a program ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = new URL('../..', import.meta.url).pathname;

/** Runs a program to its end, a minute at most, with this KUBECONFIG. A signal is code 130. */
export function execute(
  file: string,
  args: readonly string[],
  kubeconfig: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig, ...environment };
    execFile(file, [...args], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : typeof error.code === 'number' ? error.code : 130 });
    });
  });
}
