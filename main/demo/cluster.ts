/** One demo cluster from its parts: store, certificates, controllers, story, API server. */
import { randomBytes } from 'node:crypto';
import { Tokens } from './auth.ts';
import { bootstrap } from './bootstrap.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Cluster } from './context.ts';
import { Catalogue } from './definitions.ts';
import { Faults } from './faults.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { startLife } from './life.ts';
import type { Life } from './life.ts';
import { Authorizer } from './rbac.ts';
import { ApiServer } from './server.ts';
import { Store } from './store.ts';
import { CertificateAuthority } from './tls.ts';

export interface DemoOptions {
  /** 0 for a free one. */
  port: number;
  clock?: Clock;
  /** Fills the cluster before it is served: the story. */
  seed?: (cluster: Cluster, life: Life) => void;
}

export interface DemoCluster {
  url: string;
  /** For an administrator by client certificate (context `demo`) and by token, a viewer and a shop-developer. */
  kubeconfig: string;
  cluster: Cluster;
  life: Life;
  faults: Faults;
  close(): Promise<void>;
}

/** Starts a cluster and its API server on 127.0.0.1. */
export async function startDemoCluster({ port, clock = systemClock, seed }: DemoOptions): Promise<DemoCluster> {
  const authority = new CertificateAuthority();
  const admin = authority.client('demo-admin', ['system:masters']);
  const store = new Store(() => clock.now());
  const catalogue = new Catalogue(store);
  bootstrap(store, catalogue);
  const life = startLife(store, clock, authority.certificate);
  const tokens = new Tokens();
  const cluster: Cluster = {
    store,
    catalogue,
    authorizer: new Authorizer(store),
    tokens,
    runtime: life.runtime,
    computed: life.computed,
  };
  seed?.(cluster, life);
  store.compact();
  const token = (user: string, groups: string[] = []): { token: string } => {
    const text = randomBytes(32).toString('base64url');
    tokens.add(text, { name: user, groups });
    return { token: text };
  };
  const faults = new Faults();
  faults.onCompact = () => {
    store.compact();
  };
  const server = new ApiServer(cluster, authority, faults);
  const url = `https://127.0.0.1:${String(await server.listen(port))}`;
  const kubeconfig = kubeconfigText(url, authority.certificate, {
    admin: { certificate: admin.certificate, key: admin.key },
    token: token('demo-admin', ['system:masters']),
    viewer: token('viewer'),
    'shop-developer': token('shop-developer'),
  });
  return {
    url,
    kubeconfig,
    cluster,
    life,
    faults,
    close: async () => {
      life.close();
      catalogue.close();
      await server.close();
    },
  };
}
