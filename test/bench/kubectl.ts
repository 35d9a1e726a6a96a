import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandResult } from '../../shared/commands.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';
import { realForBench } from './real.ts';

/** What is asked, and how often: the same list through the MCP server, directly, and by the real kubectl process. */
interface Question {
  readonly what: string;
  readonly line: string;
  readonly rounds: number;
}

/**
 * `kubectl get pods` in one running application against a new kubectl process per command, interleaved, so that the
 * machine's load falls on all alike. `--chunk-size` sends a list directly: the MCP server's tools have no pages.
 */
export async function bench(): Promise<void> {
  const real = await realForBench();
  if (real === null) return;
  const program = join(dirname(real.kubeconfig), 'bin', 'kubectl');
  if (!existsSync(program)) {
    print(`No real kubectl beside ${real.kubeconfig}.`);
    await real.stop();
    return;
  }
  const app = await startTestApp({ kubeconfigs: [real.kubeconfig] });
  try {
    for (const question of await questions(program, real.kubeconfig))
      await compare(question, program, real.kubeconfig, app);
  } finally {
    await app.close();
    await real.stop();
  }
}

/** All pods, and the namespaces whose sizes are nearest to 500 and to 10. */
async function questions(program: string, kubeconfig: string): Promise<Question[]> {
  const args = ['get', 'pods', '-A', '--no-headers', '-o', 'custom-columns=N:.metadata.namespace'];
  const names = (await kubectl(program, kubeconfig, args)).split('\n').filter((line) => line !== '');
  const counts = Object.entries(Object.groupBy(names, (name) => name)).map(([name, all = []]) => ({
    name,
    pods: all.length,
  }));
  const nearest = (wanted: number) =>
    counts
      .filter(({ pods }) => pods >= wanted / 2 && pods <= wanted * 2)
      .sort((a, b) => Math.abs(a.pods - wanted) - Math.abs(b.pods - wanted))
      .slice(0, 1);
  const inNamespaces = [500, 10].flatMap(nearest);
  return [
    { what: `${String(names.length)} pods`, line: 'kubectl get pods -A', rounds: names.length > 1000 ? 15 : 40 },
    ...inNamespaces.map(({ name, pods }) => ({
      what: `${String(pods)} pods`,
      line: `kubectl get pods -n ${name}`,
      rounds: 40,
    })),
  ];
}

async function compare(
  { what, line, rounds }: Question,
  program: string,
  kubeconfig: string,
  app: RunningApp,
): Promise<void> {
  const args = line.split(' ').slice(1);
  const ways: Record<string, () => Promise<string>> = {
    kubectl: () => kubectl(program, kubeconfig, args),
    mcp: () => ours(app, line, 'mcp'),
    direct: () => ours(app, `${line} --chunk-size=0`, 'direct'),
  };
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, ask] of Object.entries(ways)) {
      const begun = performance.now();
      await ask();
      if (round >= 0) times[name]?.push(performance.now() - begun);
    }
  }
  const base = median(times['kubectl'] ?? []);
  print(`\n${what}: ${line}, ${String(rounds)} rounds, interleaved`);
  for (const [name, all] of Object.entries(times)) {
    const ratio = name === 'kubectl' ? '' : `  ${(median(all) / base).toFixed(2)} of kubectl's time`;
    print(`  ${name.padEnd(8)} p50 ${median(all).toFixed(0)} ms  p95 ${percentile(all, 0.95).toFixed(0)} ms${ratio}`);
  }
}

async function ours(app: RunningApp, line: string, way: string): Promise<string> {
  const input = { run: randomUUID(), line, cluster: null, namespace: null, conversation: null, form: 'terminal' };
  const reply = await app.app.dispatch('commands.run', input, { client: app.client, account: app.app.account });
  if (!reply.ok) throw new Error(reply.failure.message);
  const { body, route, exitCode, notes } = reply.value as CommandResult;
  if (exitCode !== 0 || body.kind !== 'text') throw new Error(`${line}: ${notes.join(' ')}`);
  if (route.way !== way) throw new Error(`${line} went the ${route.way} way, not ${way}`);
  return body.text;
}

function kubectl(program: string, kubeconfig: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, KUBECONFIG: kubeconfig }, maxBuffer: 256 * 1024 * 1024 };
    execFile(program, [...args], options, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}

function median(all: readonly number[]): number {
  return percentile(all, 0.5);
}

function percentile(all: readonly number[], at: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
