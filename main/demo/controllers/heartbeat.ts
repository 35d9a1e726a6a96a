import { timestamp } from '../clock.ts';
import type { Manifest, Node } from '../kinds.ts';
import { isTrue } from './conditions.ts';
import { pace } from '../pace.ts';
import type { Controller, World } from './controller.ts';

interface Lease extends Manifest {
  spec: { holderIdentity: string; leaseDurationSeconds: number; renewTime: string };
}

const leases = 'leases.coordination.k8s.io';
const statusMs = 300_000;

/** Ready nodes say that they live: a lease every ten seconds (rarer where there are many), their status every five minutes. */
export function startHeartbeats(world: World): Controller {
  const { store, clock } = world;
  let cancels: (() => void)[] = [];
  const every = (ms: () => number, action: (node: Node) => void): void => {
    let cancel = (): void => undefined;
    const round = (): void => {
      for (const node of store.list<Node>('nodes')) if (isTrue(node.status.conditions, 'Ready')) action(node);
      cancel = clock.after(ms(), round);
    };
    cancel = clock.after(ms(), round);
    cancels.push(() => {
      cancel();
    });
  };
  every(
    () => pace(clock, store.list('nodes').length > 20 ? 40_000 : 10_000, Infinity),
    (node) => {
      renew(world, node.metadata);
    },
  );
  every(
    () => pace(clock, statusMs, Infinity),
    ({ metadata }) => {
      const at = timestamp(clock.now());
      store.modify<Node>('nodes', '', metadata.name, (copy) => {
        copy.status.conditions = copy.status.conditions.map((one) => ({ ...one, lastHeartbeatTime: at }));
        return copy;
      });
    },
  );
  return {
    close: () => {
      for (const cancel of cancels) cancel();
      cancels = [];
    },
  };
}

function renew({ store, clock }: World, { name, uid = '' }: Node['metadata']): void {
  const namespace = 'kube-node-lease';
  const renewTime = `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`;
  const renewed = store.modify<Lease>(leases, namespace, name, (copy) => {
    copy.spec.renewTime = renewTime;
    return copy;
  });
  if (renewed) return;
  store.create<Lease>(leases, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
  });
}
