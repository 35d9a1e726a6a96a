import { describe, expect, it } from 'vitest';
import type { Event, Node, Pod } from '../../../../main/demo/kinds.ts';
import { requestDelete } from '../../../../main/demo/delete.ts';
import { deployment, startWorld } from './demo-world.ts';
import type { World } from './demo-world.ts';

const script = (text: string): object => ({ image: 'busybox', command: ['sh', '-c', text] });

function bare(world: World, name: string, container: object, spec: object = {}): void {
  world.store.create<Pod>('pods', {
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { containers: [{ name, image: 'nginx', ...container }], terminationGracePeriodSeconds: 30, ...spec },
  });
}

function events(world: World, reason: string): Event[] {
  return world.store.list<Event>('events').filter((event) => event.reason === reason);
}

describe('a pod', () => {
  it('is scheduled, pulled, started and ready, and says so in events', () => {
    const world = startWorld();
    bare(world, 'web', {});
    world.pass(5);
    expect(world.words('web')).toEqual(['Running']);
    expect(world.pods('web')[0]?.status?.podIP).toMatch(/^10\.244\.\d+\.\d+$/);
    for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']) {
      expect(events(world, reason), reason).toHaveLength(1);
    }
  });

  it('that crashes waits 10, 20, 40 seconds and no more than five minutes', () => {
    const world = startWorld();
    bare(world, 'bad', script('exit 1'));
    const restartsAt = (seconds: number): number => {
      world.pass(seconds);
      return world.pods('bad')[0]?.status?.containerStatuses?.[0]?.restartCount ?? -1;
    };
    expect(restartsAt(7)).toBe(1);
    expect(world.words('bad')).toEqual(['CrashLoopBackOff']);
    expect(restartsAt(10)).toBe(2);
    expect(restartsAt(22)).toBe(3);
    expect(restartsAt(20)).toBe(3);
    expect(restartsAt(22)).toBe(4);
    world.pass(3600);
    const waiting = world.pods('bad')[0]?.status?.containerStatuses?.[0]?.state?.waiting;
    expect(waiting?.message).toMatch(/^back-off 5m0s restarting failed container=bad pod=bad_shop\(/);
    const [event] = events(world, 'BackOff');
    expect(event?.count).toBeGreaterThan(10);
  });

  it('that eats memory is killed for it when it has a limit', () => {
    const world = startWorld();
    bare(world, 'greedy', { ...script('exec tail /dev/zero'), resources: { limits: { memory: '24Mi' } } });
    world.pass(60);
    const status = world.pods('greedy')[0]?.status?.containerStatuses?.[0];
    expect(status?.lastState?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });

  it('whose image is not there tries again ever more rarely', () => {
    const world = startWorld();
    bare(world, 'canary', { image: 'demo/web:9.9.9' });
    world.pass(4);
    expect(world.words('canary')).toEqual(['ImagePullBackOff']);
    world.pass(1800);
    const count = events(world, 'Pulling')[0]?.count ?? 0;
    expect(count).toBeGreaterThan(6);
    expect(count).toBeLessThan(14);
  });

  it('too large for every node stays pending and says why, until there is a node', () => {
    const world = startWorld();
    bare(world, 'huge', { resources: { requests: { cpu: '64' } } });
    world.pass(5);
    const condition = world.pods('huge')[0]?.status?.conditions?.[0];
    expect(condition?.message).toBe(
      '0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    );
    world.store.modify<Node>('nodes', '', 'demo-node-1', (node) => {
      node.status.allocatable['cpu'] = '128';
      return node;
    });
    world.pass(5);
    expect(world.words('huge')).toEqual(['Running']);
  });

  it('waits for a ConfigMap that is missing and starts once it is there', () => {
    const world = startWorld();
    bare(world, 'reports', { envFrom: [{ configMapRef: { name: 'settings' } }] });
    world.pass(5);
    expect(world.words('reports')).toEqual(['CreateContainerConfigError']);
    world.store.create('configmaps', { metadata: { name: 'settings', namespace: 'shop' } });
    world.pass(20);
    expect(world.words('reports')).toEqual(['Running']);
  });

  it('is not ready while its probe asks for a port that nobody serves', () => {
    const world = startWorld();
    bare(world, 'probe', { ports: [{ containerPort: 8080 }], readinessProbe: { tcpSocket: { port: 9090 } } });
    world.pass(60);
    expect(world.pods('probe')[0]?.status?.containerStatuses?.[0]?.ready).toBe(false);
    expect(events(world, 'Unhealthy')[0]?.message).toMatch(
      /^Readiness probe failed: dial tcp 10\..*:9090: connect: connection refused$/,
    );
  });

  it('runs its init containers one after another before its own', () => {
    const world = startWorld();
    const initContainers = [
      { name: 'first', ...script('sleep 2') },
      { name: 'second', ...script('sleep 2') },
    ];
    bare(world, 'late', {}, { initContainers });
    world.pass(3);
    expect(world.words('late')).toEqual(['Init:0/2']);
    world.pass(1.5);
    expect(world.words('late')).toEqual(['Init:1/2']);
    world.pass(6);
    expect(world.words('late')).toEqual(['Running']);
  });

  it('that is deleted goes after its containers stopped, at once where it never ran', () => {
    const world = startWorld();
    bare(world, 'web', {});
    bare(world, 'sleeper', script('sleep 100000'), { terminationGracePeriodSeconds: 4 });
    world.pass(5);
    requestDelete(world.store, 'pods', 'shop', 'web');
    requestDelete(world.store, 'pods', 'shop', 'sleeper');
    expect(world.words('web')).toEqual(['Terminating']);
    world.pass(1);
    expect(world.words('web')).toEqual([]);
    expect(world.words('sleeper')).toEqual(['Terminating']);
    world.pass(4);
    expect(world.words('sleeper')).toEqual([]);
  });

  it('on a node that stops answering is not ready, and replaced elsewhere after five minutes', () => {
    const world = startWorld();
    world.store.create('deployments.apps', deployment('web', 2));
    world.pass(10);
    world.store.modify<Node>('nodes', '', 'demo-node-2', (node) => {
      for (const one of node.status.conditions) if (one.type === 'Ready') one.status = 'Unknown';
      return node;
    });
    world.pass(5);
    const lost = world.pods('web').filter((pod) => pod.spec.nodeName === 'demo-node-2');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.status?.conditions?.find((one) => one.type === 'Ready')?.status).toBe('False');
    world.pass(320);
    expect(world.words('web').sort()).toEqual(['Running', 'Running', 'Terminating']);
    const alive = world.pods('web').filter((pod) => !pod.metadata.deletionTimestamp);
    expect(new Set(alive.map((pod) => pod.spec.nodeName))).toEqual(new Set(['demo-node-1']));
  });

  it('logs what its program wrote, also of the run before, and answers a shell', () => {
    const world = startWorld();
    bare(world, 'bad', script('echo starting; echo "FATAL no url" >&2; exit 1'));
    bare(world, 'web', { env: [{ name: 'COLOUR', value: 'blue' }] });
    world.pass(20);
    const pod = (name: string): Pod => world.pods(name)[0] as Pod;
    const ask = { container: 'bad', previous: true, timestamps: false };
    expect(world.life.runtime.logs(pod('bad'), ask)).toEqual(['starting', 'FATAL no url']);
    expect(() => world.life.runtime.logs(pod('web'), { ...ask, container: 'web' })).toThrow(
      'previous terminated container',
    );
    const result = world.life.runtime.exec(pod('web'), 'web', ['sh', '-c', 'echo $COLOUR; cat /nope; exit 3'], '');
    expect(result).toEqual({
      stdout: 'blue\n',
      stderr: "cat: can't open '/nope': No such file or directory\n",
      exitCode: 3,
    });
  });

  it('uses the same at the same time for everyone who asks', () => {
    const world = startWorld();
    bare(world, 'web', { resources: { requests: { cpu: '100m', memory: '64Mi' } } });
    world.pass(60);
    const [pod] = world.pods('web');
    const at = Date.now() - 20 * 3_600_000;
    const once = world.life.metrics.usageAt(pod as Pod, at);
    expect(once).toEqual(world.life.metrics.usageAt(pod as Pod, at));
    expect(once[0]?.usage.cpuMillicores).toBeGreaterThan(10);
    expect(once[0]?.usage.cpuMillicores).toBeLessThan(100);
  });
});
