/*
 * The real cluster of a test run: the one that AI4K8S_REAL_KUBECONFIG names, else one that is started once, when the
 * first test file asks for it, and stopped after the run (real-cluster.setup.ts). Where there is none, tests that need
 * it are skipped: `describe.skipIf(realCluster.kubeconfig === null)`.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';

export interface RealCluster {
  /** Of an administrator; null where there is no real cluster. */
  readonly kubeconfig: string | null;
  /** Why there is none; null where there is one. */
  readonly because: string | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    realClusterUrl: string;
  }
}

async function ask(): Promise<RealCluster> {
  const named = process.env['AI4K8S_REAL_KUBECONFIG'];
  if (named !== undefined && named !== '') return { kubeconfig: named, because: null };
  return (await (await fetch(inject('realClusterUrl'))).json()) as RealCluster;
}

export const realCluster: RealCluster = await ask();

/** `kubeconfig.token`, `kubeconfig.viewer` or `kubeconfig.shop`, beside the administrator's; null where it is not. */
export function realKubeconfig(suffix: 'token' | 'viewer' | 'shop'): string | null {
  const path = `${realCluster.kubeconfig ?? ''}.${suffix}`;
  return existsSync(path) ? path : null;
}

/** The real kubectl beside it, for comparison; null where it is not. */
export function realKubectl(): string | null {
  const path = join(dirname(realCluster.kubeconfig ?? ''), 'bin', 'kubectl');
  return existsSync(path) ? path : null;
}
