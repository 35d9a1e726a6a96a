import { afterAll, describe, it } from 'vitest';
import type { GateOptions } from '../../../main/gate/gate.ts';
import { startDemoCluster } from '../../support/demo-cluster.ts';
import { realCluster, realKubeconfig } from '../../support/real-cluster.ts';
import { GateUnderTest } from './harness.ts';

/** A cluster that a suite runs on. */
export interface ClusterUnderTest {
  readonly isDemo: boolean;
  kubeconfig(): Promise<string>;
  /** Of a person with the rights of namespace shop alone; null where there is none. */
  readonly restricted: string | null;
  start(options?: Partial<GateOptions> & { direct?: boolean }): Promise<GateUnderTest>;
}

/** The same suite on the real cluster, where it is, and on the demo cluster, always. */
export function describeOnClusters(title: string, suite: (cluster: ClusterUnderTest) => void | Promise<void>): void {
  const real = realCluster.kubeconfig;
  if (real === null) {
    describe.skip(`${title} (real cluster)`, () => {
      it(realCluster.because ?? 'there is none', () => undefined);
    });
  } else {
    const kubeconfig = () => Promise.resolve(real);
    const start: ClusterUnderTest['start'] = (options) => GateUnderTest.start(real, options);
    describe(`${title} (real cluster)`, () =>
      suite({ isDemo: false, kubeconfig, restricted: realKubeconfig('shop'), start }));
  }
  describe(`${title} (demo cluster)`, () => {
    let demo: ReturnType<typeof startDemoCluster> | null = null;
    const kubeconfig = async () => (await (demo ??= startDemoCluster())).kubeconfig;
    afterAll(async () => {
      await (await demo)?.close();
    });
    return suite({
      isDemo: true,
      kubeconfig,
      restricted: null,
      start: async (options) => GateUnderTest.start(await kubeconfig(), options),
    });
  });
}
