import { test as base, expect } from '@playwright/test';
import { AppProcess } from './app-process.ts';
import { TroubledClusters } from './troubled-clusters.ts';
import { Window } from './window.ts';

const ownCluster = process.env['AI4K8S_E2E_KUBECONFIG'];

interface Workers {
  readonly troubled: TroubledClusters;
  /** One app for all tests of a file: the demo cluster, or the one that AI4K8S_E2E_KUBECONFIG names. */
  readonly app: AppProcess;
}
interface Tests {
  readonly window: Window;
  /** What the page complained of; empty at the end of each test. */
  readonly complaints: string[];
}

export const test = base.extend<Tests, Workers>({
  troubled: [
    async ({ browserName: _ }, use) => {
      const troubled = await TroubledClusters.start();
      await use(troubled);
      await troubled.close();
    },
    { scope: 'worker' },
  ],
  app: [
    async ({ troubled }, use) => {
      const cluster = ownCluster === undefined ? ['--demo'] : ['--kubeconfig', ownCluster];
      const app = await AppProcess.start([...cluster, '--kubeconfig', troubled.kubeconfig]);
      await use(app);
      await app.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  window: async ({ page, app, complaints: _ }, use) => {
    await page.addInitScript((token) => sessionStorage.setItem('ai4k8s.token', token), app.token);
    await app.request('conversations.save-draft', { conversation: null, text: '' });
    await page.goto(app.origin);
    const window = new Window(page);
    await expect(window.cluster).toBeVisible();
    await expect(page.getByText('Reachable').first()).toBeVisible();
    await use(window);
  },
});
export { expect };

/** A Deployment that runs and that a test may scale. */
export async function someDeployment(app: AppProcess): Promise<{ namespace: string; name: string; replicas: number }> {
  const text = await app.kubectl('get deployments -A -o json');
  const { items } = JSON.parse(text) as {
    items: {
      metadata: { namespace: string; name: string };
      spec: { replicas: number };
      status: { readyReplicas?: number };
    }[];
  };
  const own = ownCluster === undefined ? items : items.filter((item) => item.metadata.namespace.startsWith('t-window'));
  const found = own.find((item) => item.spec.replicas > 0 && item.status.readyReplicas === item.spec.replicas);
  if (found === undefined) throw new Error('no Deployment of this cluster is ready');
  return { ...found.metadata, replicas: found.spec.replicas };
}
