import { request } from 'node:https';
import { request as httpRequest } from 'node:http';
import { Agent } from 'node:http';
import { Gate } from '../../main/gate/gate.ts';
import type { GateAccess } from '../../main/gate/request.ts';
import type { Upstream } from '../../main/gate/upstream.ts';
import { upstreamOf, upstreamsOf } from '../integration/gate/upstreams.ts';
import { realForBench, type RealForBench } from './real.ts';

/** One way to ask for a path; resolves with the bytes of the answer. */
type Way = (path: string, accept: string) => Promise<number>;

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const rounds = 200;
/** Of lists of thousands. */
const few = 15;

/** Overhead of the gate per request, direct against gated, interleaved so that the machine's load falls on all alike. */
export async function bench(): Promise<void> {
  const real = await realForBench();
  if (real === null) return;
  try {
    await measure(real);
  } finally {
    await real.stop();
  }
}

async function measure(real: RealForBench): Promise<void> {
  const upstream = upstreamOf('c', real.kubeconfig);
  const gate = await Gate.start({ upstreams: upstreamsOf(upstream), isReadOnly: () => false, now: Date.now });
  const purpose = { account: null, client: null, call: 'bench', origin: 'command' } as const;
  const { token } = gate.grant({ kind: 'read', cluster: 'c', purpose, namespaces: null, maskSecrets: false });
  const ways: Record<string, Way> = {
    direct: direct(upstream),
    'in-process': inProcess(gate, token),
    port: overPort(gate.urlOf('c'), token),
  };
  await compare('one object', ways, '/api/v1/namespaces/default', 'application/json', rounds);
  await compare(
    'discovery (kept by the gate)',
    ways,
    '/apis',
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    rounds,
  );
  await compare(`pods as Table (${String(real.pods)})`, ways, '/api/v1/pods', table, real.pods > 1000 ? few : rounds);
  await compare(
    `pods as JSON (${String(real.pods)})`,
    ways,
    '/api/v1/pods',
    'application/json',
    real.pods > 1000 ? few : rounds,
  );
  await gate.close();
  upstream.agent.destroy();
}

async function compare(
  what: string,
  ways: Record<string, Way>,
  path: string,
  accept: string,
  count: number,
): Promise<void> {
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as number[]]));
  const bytes: Record<string, number> = {};
  for (let round = -3; round < count; round += 1) {
    for (const [name, ask] of Object.entries(ways)) {
      const begun = performance.now();
      bytes[name] = await ask(path, accept);
      if (round >= 0) times[name]?.push(performance.now() - begun);
    }
  }
  const base = percentile(times['direct'] ?? [], 0.5);
  print(`\n${what}, ${String(count)} rounds, interleaved`);
  for (const [name, all] of Object.entries(times)) {
    const [p50, p95] = [percentile(all, 0.5), percentile(all, 0.95)];
    const over =
      name === 'direct' ? '' : `  ${(p50 / base).toFixed(2)} × direct, p50 overhead ${(p50 - base).toFixed(2)} ms`;
    print(
      `  ${name.padEnd(11)} p50 ${p50.toFixed(2)} ms  p95 ${p95.toFixed(2)} ms  ${String(bytes[name] ?? 0)} bytes${over}`,
    );
  }
}

function percentile(all: readonly number[], at: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}

function direct(upstream: Upstream): Way {
  return async (path, accept) => {
    const headers = { accept, ...(await upstream.credentials()) };
    const { hostname, port } = upstream.base;
    return await new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, headers, agent: upstream.agent }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.once('end', () => {
          resolve(bytes);
        });
      });
      asked.once('error', reject);
      asked.end();
    });
  };
}

function inProcess(gate: GateAccess, token: string): Way {
  return async (path, accept) => {
    const answer = await gate.send('c', token, { method: 'GET', path, query: '', headers: { accept }, body: null });
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  };
}

function overPort(url: string, token: string): Way {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port, pathname } = new URL(url);
  return (path, accept) =>
    new Promise((resolve, reject) => {
      const headers = { accept, authorization: `Bearer ${token}` };
      const asked = httpRequest({ hostname, port, path: `${pathname}${path}`, headers, agent }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
        answer.once('end', () => {
          resolve(bytes);
        });
      });
      asked.once('error', reject);
      asked.end();
    });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
