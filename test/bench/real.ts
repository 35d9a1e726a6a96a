import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamOf } from '../integration/gate/upstreams.ts';

export interface RealForBench {
  readonly kubeconfig: string;
  readonly pods: number;
  readonly stop: () => Promise<void>;
}

const program = join(import.meta.dirname, '../../../shared/real-cluster');

/**
 * The cluster to measure on: the one that AI4K8S_REAL_KUBECONFIG names, else one of 5,000 simulated pods that is started
 * for this and stopped after it. Null, having said why, where there is neither.
 */
export async function realForBench(): Promise<RealForBench | null> {
  const named = process.env['AI4K8S_REAL_KUBECONFIG'];
  if (named !== undefined && named !== '')
    return { kubeconfig: named, pods: await podsOf(named), stop: () => Promise.resolve() };
  if (!existsSync(join(program, 'start'))) {
    process.stdout.write('No real cluster to measure on: set AI4K8S_REAL_KUBECONFIG to a kubeconfig.\n');
    return null;
  }
  const directory = mkdtempSync(join(tmpdir(), 'ai4k8s-bench-'));
  const options = ['--simulated-nodes', '50', '--simulated-pods', '5000'];
  const said = execFileSync(join(program, 'start'), [directory, ...options], { encoding: 'utf8' }).trim();
  const kubeconfig = said.split('\n').at(-1) ?? '';
  const stop = () => {
    execFileSync(join(program, 'stop'), [directory], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
    return Promise.resolve();
  };
  return { kubeconfig, pods: await podsOf(kubeconfig), stop };
}

async function podsOf(kubeconfig: string): Promise<number> {
  const upstream = upstreamOf('c', kubeconfig);
  const headers = { accept: 'application/json', ...(await upstream.credentials()) };
  const { hostname, port } = upstream.base;
  const list = await new Promise<string>((resolve, reject) => {
    const asked = request(
      { hostname, port, path: '/api/v1/pods?limit=1', headers, agent: upstream.agent },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += String(chunk)));
        answer.once('end', () => {
          resolve(text);
        });
      },
    );
    asked.once('error', reject);
    asked.end();
  });
  upstream.agent.destroy();
  const { items, metadata } = JSON.parse(list) as { items: unknown[]; metadata: { remainingItemCount?: number } };
  return items.length + (metadata.remainingItemCount ?? 0);
}
