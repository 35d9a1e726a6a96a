import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo } from '../../main/hosts/demo.ts';

const root = join(import.meta.dirname, '..', '..');

/** The demo cluster, as the product starts it, with a folder of its own. */
export async function startDemoCluster(): Promise<Omit<Demo, 'take'>> {
  const dir = await mkdtemp(join(tmpdir(), 'ai4k8s-demo-'));
  const demo = await startDemo(root, dir, () => undefined);
  demo.take();
  return {
    kubeconfig: demo.kubeconfig,
    async close() {
      await demo.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
