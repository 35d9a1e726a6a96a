/** The demo cluster as the real kubectl sees it: a client that we did not write decides whether it is one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemoCluster } from '../support/demo-cluster.ts';
import { kubectl, kubectlPath } from '../support/kubectl.ts';
import type { Ran } from '../support/kubectl.ts';

const web = (replicas: number, image = 'nginx:1.27'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: trial, labels: {app: web}}
spec:
  replicas: ${String(replicas)}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "${image}", ports: [{containerPort: 80}], resources: {requests: {cpu: 10m}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: trial}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: trial}
data: {a: "1"}
`;

describe.skipIf(kubectlPath === null)(
  `the demo cluster and kubectl${kubectlPath === null ? ' (skipped: no kubectl here)' : ''}`,
  () => {
    let demo: Awaited<ReturnType<typeof startDemoCluster>>;
    const run = (args: string[], options?: { input?: string; timeoutMs?: number }): Promise<Ran> =>
      kubectl(demo.kubeconfig, args, options);
    const ok = async (args: string[], input?: string): Promise<string> => {
      const { code, stdout, stderr } = await run(args, input === undefined ? {} : { input });
      expect(`${stderr}${String(code)}`, args.join(' ')).toMatch(/0$/);
      return stdout;
    };

    beforeAll(async () => {
      demo = await startDemoCluster();
      await ok(['create', 'namespace', 'trial']);
      await ok(['apply', '-f', '-'], web(2));
      await ok(['rollout', 'status', 'deploy/web', '-n', 'trial', '--timeout=30s']);
    });
    afterAll(async () => {
      await demo.close();
    });

    test('gets tables, wide, names and JSON of what was applied', async () => {
      const table = await ok(['get', 'deploy,svc,cm', '-n', 'trial', '-o', 'wide']);
      expect(table).toMatch(/deployment\.apps\/web\s+2\/2\s+2\s+2\s+\S+\s+web\s+nginx:1\.27\s+app=web/);
      expect(table).toMatch(/service\/web\s+ClusterIP\s+10\.\d+\.\d+\.\d+\s+<none>\s+80\/TCP/);
      expect(
        await ok([
          'get',
          'pods',
          '-n',
          'trial',
          '-l',
          'app=web',
          '--field-selector=status.phase=Running',
          '-o',
          'name',
        ]),
      ).toMatch(/^(pod\/web-\S+\n){2}$/);
      expect(
        await ok(['get', 'deploy', 'web', '-n', 'trial', '-o', 'jsonpath={.spec.strategy.rollingUpdate.maxSurge}']),
      ).toBe('25%');
      expect(await ok(['get', 'all', '-A'])).toContain('replicaset.apps/web-');
    });

    test('describes a deployment, a pod and a node with their events', async () => {
      expect(await ok(['describe', 'deploy', 'web', '-n', 'trial'])).toContain('ScalingReplicaSet');
      expect(await ok(['describe', 'pod', '-n', 'shop', 'redis-0'])).toMatch(/Controlled By:\s+StatefulSet\/redis/);
      expect(await ok(['describe', 'node', 'demo-node-1'])).toContain('Allocated resources');
    });

    test('follows a log until it is told to stop', async () => {
      const { stdout } = await run(['logs', '-f', '-n', 'shop', 'deploy/web', '--tail=2'], { timeoutMs: 4000 });
      expect(stdout.trim().split('\n').length).toBeGreaterThan(2);
      expect(await ok(['logs', '-n', 'shop', 'deploy/checkout', '--previous', '--tail=1'])).toContain('DATABASE_URL');
    });

    test('tops nodes and pods', async () => {
      expect(await ok(['top', 'nodes'])).toMatch(/demo-node-1\s+\d+m\s+\d+%/);
      expect(await ok(['top', 'pods', '-n', 'shop'])).toMatch(/redis-0\s+\d+m\s+\d+Mi/);
    });

    test('previews on the server and changes nothing', async () => {
      const before = await ok(['get', 'deploy,cm,pods', '-n', 'trial', '-o', 'json']);
      await ok(['apply', '-n', 'trial', '--dry-run=server', '-f', '-'], web(5));
      await ok(['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'], web(5));
      await ok(['scale', 'deploy/web', '-n', 'trial', '--replicas=7', '--dry-run=server']);
      await ok(['delete', 'deploy/web', '-n', 'trial', '--dry-run=server']);
      await ok(['delete', 'pods', '--all', '-n', 'trial', '--dry-run=server']);
      await ok([
        'patch',
        'cm',
        'settings',
        '-n',
        'trial',
        '--type=merge',
        '-p',
        '{"data":{"a":"2"}}',
        '--dry-run=server',
      ]);
      await ok(['create', 'configmap', 'other', '-n', 'trial', '--from-literal=a=b', '--dry-run=server']);
      expect(await ok(['get', 'deploy,cm,pods', '-n', 'trial', '-o', 'json'])).toBe(before);
    });

    test('patches in three ways', async () => {
      const template =
        '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"b"}]}]}}}}';
      await ok(['patch', 'deploy', 'web', '-n', 'trial', '-p', template]);
      await ok(['patch', 'deploy', 'web', '-n', 'trial', '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}']);
      const read = [
        'get',
        'deploy',
        'web',
        '-n',
        'trial',
        '-o',
        'jsonpath={.metadata.labels.x} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].value}',
      ];
      expect(await ok(read)).toBe('y nginx:1.27 b');
      await ok([
        'patch',
        'deploy',
        'web',
        '-n',
        'trial',
        '--type=json',
        '-p',
        '[{"op":"remove","path":"/metadata/labels/x"}]',
      ]);
      expect(await ok(read)).toBe(' nginx:1.27 b');
      const refused = await run([
        'patch',
        'deploy',
        'web',
        '-n',
        'trial',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/spec/replicas","value":77}]',
      ]);
      expect(refused.stderr).toContain('the server rejected our request due to an error in our request');
    });

    test('scales, rolls out, shows the history and undoes', async () => {
      await ok(['scale', 'deploy/web', '-n', 'trial', '--replicas=3']);
      await ok(['set', 'image', 'deploy/web', '-n', 'trial', 'web=nginx:1.28']);
      expect(await ok(['rollout', 'status', 'deploy/web', '-n', 'trial', '--timeout=40s'])).toContain(
        'successfully rolled out',
      );
      const { stdout } = await run(['rollout', 'undo', 'deploy/web', '-n', 'trial']);
      expect(stdout).toContain('rolled back');
      await ok(['rollout', 'restart', 'deploy/web', '-n', 'trial']);
      await ok(['rollout', 'status', 'deploy/web', '-n', 'trial', '--timeout=40s']);
      expect(
        await ok([
          'get',
          'deploy',
          'web',
          '-n',
          'trial',
          '-o',
          'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}',
        ]),
      ).toBe('3 nginx:1.27');
      expect(
        (await ok(['rollout', 'history', 'deploy/web', '-n', 'trial'])).match(/^\d+ /gm)?.length,
      ).toBeGreaterThanOrEqual(3);
    });

    test('shows conflicts of server-side apply and resolves them by force', async () => {
      await ok(
        ['apply', '--server-side', '-f', '-'],
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned, namespace: trial}\ndata: {a: "1", b: "1"}',
      );
      const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned, namespace: trial}\ndata: {a: "2"}';
      const refused = await run(['apply', '--server-side', '--field-manager=other', '-f', '-'], { input: other });
      expect(refused.stderr).toContain('conflict with "kubectl": .data.a');
      await ok(['apply', '--server-side', '--field-manager=other', '--force-conflicts', '-f', '-'], other);
      await ok(
        ['apply', '--server-side', '-f', '-'],
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned, namespace: trial}\ndata: {c: "1"}',
      );
      expect(await ok(['get', 'cm', 'owned', '-n', 'trial', '-o', 'jsonpath={.data}'])).toBe('{"a":"2","c":"1"}');
    });

    test('diffs against what is there', async () => {
      const { code, stdout } = await run(['diff', '-f', '-'], {
        input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: trial}\ndata: {a: "9"}',
      });
      expect(code).toBe(1);
      expect(stdout).toMatch(/-\s+a: "1"\n\+\s+a: "9"/);
    });

    test('explains fields and lists resources', async () => {
      expect(await ok(['explain', 'deployment.spec.strategy'])).toContain('rollingUpdate\t<RollingUpdateDeployment>');
      expect(await ok(['explain', 'coupons.spec'])).toContain('KIND:       Coupon');
      expect(await ok(['api-resources', '--api-group=apps', '-o', 'name'])).toContain('deployments.apps');
    });

    test('answers who may what, and refuses what a viewer may not', async () => {
      expect(await ok(['auth', 'can-i', 'delete', 'nodes'])).toBe('yes\n');
      expect((await run(['auth', 'can-i', 'list', 'secrets', '--context=demo-viewer'])).stdout).toBe('no\n');
      expect(await ok(['auth', 'can-i', 'create', 'deploy', '-n', 'shop', '--context=demo-shop-developer'])).toBe(
        'yes\n',
      );
      expect(await ok(['get', 'pods', '-A', '--context=demo-viewer', '-o', 'name'])).toContain('pod/redis-0');
      const refused = await run(['get', 'secrets', '-n', 'shop', '--context=demo-viewer']);
      expect(refused.stderr).toBe(
        'Error from server (Forbidden): secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "shop"\n',
      );
      const elsewhere = await run(['delete', 'pod', 'postgres-0', '-n', 'payments', '--context=demo-shop-developer']);
      expect(elsewhere.stderr).toContain(
        'User "shop-developer" cannot delete resource "pods" in API group "" in the namespace "payments"',
      );
      expect(await ok(['get', 'pods', '-n', 'shop', '--as=viewer', '-o', 'name'])).toContain('pod/redis-0');
    });

    test('runs commands in a container, with streams and exit code', async () => {
      expect(await ok(['exec', '-n', 'shop', 'redis-0', '--', 'sh', '-c', 'echo hello'])).toBe('hello\n');
      expect(await ok(['exec', '-i', '-n', 'shop', 'redis-0', '--', 'cat'], 'from outside\n')).toBe('from outside\n');
      const failed = await run(['exec', '-n', 'shop', 'redis-0', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
      expect(failed).toMatchObject({ code: 3, stdout: 'out\n' });
      expect(failed.stderr).toContain('err\n');
      expect((await run(['exec', '-n', 'shop', 'nothing', '--', 'ls'])).stderr).toContain('pods "nothing" not found');
    });

    test('waits for what it deletes', async () => {
      await ok(['run', 'short', '-n', 'trial', '--image=nginx:1.27']);
      await ok(['wait', '--for=condition=Ready', 'pod/short', '-n', 'trial', '--timeout=30s']);
      await ok(['delete', 'pod', 'short', '-n', 'trial', '--now']);
      expect((await run(['get', 'pod', 'short', '-n', 'trial'])).stderr).toBe(
        'Error from server (NotFound): pods "short" not found\n',
      );
      await ok(['create', 'namespace', 'passing']);
      await ok(['create', 'secret', 'generic', 'x', '-n', 'passing', '--from-literal=a=b']);
      await ok(['delete', 'namespace', 'passing', '--timeout=30s']);
    });

    test('cordons, drains by eviction and uncordons a node', async () => {
      await ok(['drain', 'demo-node-2', '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=60s']);
      expect(await ok(['get', 'node', 'demo-node-2'])).toContain('SchedulingDisabled');
      const left = await ok([
        'get',
        'pods',
        '-A',
        '--field-selector=spec.nodeName=demo-node-2',
        '-o',
        'jsonpath={.items[*].metadata.ownerReferences[0].kind}',
      ]);
      expect(new Set(left.split(' '))).toEqual(new Set(['DaemonSet']));
      await ok(['uncordon', 'demo-node-2']);
    });

    test('creates what kubectl sends as protobuf', async () => {
      await ok(['create', 'deployment', 'made', '-n', 'trial', '--image=nginx:1.27', '--replicas=0']);
      await ok([
        'create',
        'cronjob',
        'nightly',
        '-n',
        'trial',
        '--image=busybox',
        '--schedule=0 3 * * *',
        '--',
        'true',
      ]);
      await ok(['create', 'role', 'reader', '-n', 'trial', '--verb=get', '--resource=pods']);
      await ok(['create', 'service', 'nodeport', 'outside', '-n', 'trial', '--tcp=80:http']);
      await ok(['autoscale', 'deployment', 'made', '-n', 'trial', '--max=3', '--cpu=50%']);
      expect(
        await ok([
          'get',
          'deploy',
          'made',
          '-n',
          'trial',
          '-o',
          'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].name}',
        ]),
      ).toBe('0 nginx');
      expect(
        await ok(['get', 'svc', 'outside', '-n', 'trial', '-o', 'jsonpath={.spec.ports[0].targetPort} {.spec.type}']),
      ).toBe('http NodePort');
      expect(
        await ok([
          'get',
          'hpa',
          'made',
          '-n',
          'trial',
          '-o',
          'jsonpath={.spec.maxReplicas} {.spec.metrics[0].resource.target.averageUtilization}',
        ]),
      ).toBe('3 50');
      expect(await ok(['create', 'token', 'default', '-n', 'trial'])).not.toBe('');
    });
  },
);
