import { describe, expect, it } from 'vitest';
import { effectsOf, type Surroundings } from '../../../../main/changes/blast-radius.ts';
import type { Json } from '../../../../main/changes/shown.ts';

const pod = (name: string, app: string, ready = true, spec: Json = {}): Json => ({
  metadata: { name, labels: { app } },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const around = (some: Partial<Surroundings>): Surroundings => ({
  pods: [],
  services: [],
  budgets: [],
  autoscalers: [],
  ...some,
});
const deployment = (replicas: number, image = 'a', strategy = 'RollingUpdate') => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    strategy: { type: strategy },
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { image } },
  },
});
const target = (resource: string, group = '') => ({
  group,
  version: 'v1',
  resource,
  namespace: 'shop',
  name: 'web',
  subresource: null,
});
const texts = (effects: readonly { text: string }[]) => effects.map((effect) => effect.text);
const update = (before: unknown, after: unknown) => ({
  method: 'PATCH' as const,
  target: target('deployments', 'apps'),
  before,
  after,
});
const three = [pod('a', 'web'), pod('b', 'web'), pod('c', 'web', false), pod('d', 'other')];
const service: Json = { metadata: { name: 'web' }, spec: { selector: { app: 'web' } } };

describe('whom a change hits', () => {
  it('counts the pods that stop and the endpoints that stay', () => {
    expect(
      texts(effectsOf(update(deployment(3), deployment(1)), around({ pods: three, services: [service] }))),
    ).toEqual(['2 pods of 3 stop.', 'Service web keeps 1 of 2 endpoints.']);
  });

  it('says that a Service is left without endpoints', () => {
    const effects = effectsOf(update(deployment(3), deployment(0)), around({ pods: three, services: [service] }));
    expect(effects).toContainEqual({
      kind: 'service',
      severity: 'critical',
      text: 'Service web is left without endpoints.',
    });
  });

  it('reads the selector of a Scale, which has it as text', () => {
    const scale = (replicas: number) => ({ kind: 'Scale', spec: { replicas }, status: { selector: 'app=web' } });
    const write = { ...update(scale(3), scale(5)), target: { ...target('deployments', 'apps'), subresource: 'scale' } };
    expect(texts(effectsOf(write, around({ pods: three, services: [service] })))[0]).toBe(
      '2 pods more start, 5 in all.',
    );
  });

  it('reads a Scale without replicas as zero, which is how the API says it', () => {
    const status = { selector: 'app=web' };
    const write = {
      ...update({ kind: 'Scale', spec: { replicas: 3 }, status }, { kind: 'Scale', spec: {}, status }),
      target: { ...target('deployments', 'apps'), subresource: 'scale' },
    };
    expect(texts(effectsOf(write, around({ pods: three, services: [service] })))).toEqual([
      '3 pods of 3 stop.',
      'Service web is left without endpoints.',
    ]);
    expect(texts(effectsOf({ ...write, before: write.after, after: write.before }, around({})))).toEqual([
      '3 pods more start, 3 in all.',
    ]);
  });

  it('tells a rolling restart from one with a gap', () => {
    const pods = three;
    expect(texts(effectsOf(update(deployment(3), deployment(3, 'b')), around({ pods })))).toEqual([
      '3 pods restart, one after another.',
    ]);
    expect(
      texts(effectsOf(update(deployment(3, 'a', 'Recreate'), deployment(3, 'b', 'Recreate')), around({ pods }))),
    ).toEqual(['3 pods restart, all at once, with a gap.']);
  });

  it('says nothing of pods when neither replicas nor template change', () => {
    expect(effectsOf(update(deployment(3), deployment(3)), around({ pods: three, services: [service] }))).toEqual([]);
  });

  it('warns of a budget that would be broken and of an autoscaler that works against it', () => {
    const budget: Json = {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } } },
      status: { desiredHealthy: 2 },
    };
    const hpa: Json = {
      metadata: { name: 'web' },
      spec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    };
    expect(
      texts(
        effectsOf(update(deployment(3), deployment(1)), around({ pods: three, budgets: [budget], autoscalers: [hpa] })),
      ),
    ).toEqual([
      '2 pods of 3 stop.',
      'PodDisruptionBudget web asks for 2 healthy pods; 1 would be left.',
      'HorizontalPodAutoscaler web sets the replicas itself (1 to 5).',
    ]);
  });

  it('says what it does not know, where pods may not be read', () => {
    expect(texts(effectsOf(update(deployment(3), deployment(1)), around({ pods: null })))).toEqual([
      'Not known: which pods it hits. It could not be read.',
    ]);
  });

  it('tells a pod that comes back from one that does not', () => {
    const gone = (metadata: Json) => ({
      method: 'DELETE' as const,
      target: target('pods'),
      before: { metadata },
      after: null,
    });
    const owned = gone({
      name: 'web',
      labels: {},
      ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'web-1' }],
    });
    expect(texts(effectsOf(owned, around({})))).toEqual(['ReplicaSet web-1 makes a new pod.']);
    expect(texts(effectsOf(gone({ name: 'web', labels: {} }), around({})))).toEqual([
      'Nothing makes this pod again: it has no controller.',
    ]);
  });

  it('finds the pods that use a ConfigMap, a Secret or a claim, in env and in volumes', () => {
    const users = [
      pod('a', 'x', true, { containers: [{ envFrom: [{ configMapRef: { name: 'web' } }] }] }),
      pod('b', 'x', true, { volumes: [{ configMap: { name: 'web' } }] }),
      pod('c', 'x', true, { volumes: [{ secret: { secretName: 'web' } }] }),
      pod('d', 'x', true, { volumes: [{ persistentVolumeClaim: { claimName: 'web' } }] }),
      pod('web', 'x', true, { containers: [{ name: 'web' }] }),
    ];
    const gone = (resource: string) => ({
      method: 'DELETE' as const,
      target: target(resource),
      before: {},
      after: null,
    });
    expect(texts(effectsOf(gone('configmaps'), around({ pods: users })))).toEqual([
      '2 pods use it and will not start again without it.',
    ]);
    expect(texts(effectsOf(gone('secrets'), around({ pods: users })))).toEqual([
      '1 pod uses it and will not start again without it.',
    ]);
    expect(texts(effectsOf(gone('persistentvolumeclaims'), around({ pods: users })))).toEqual([
      '1 pod uses it and will not start again without it.',
    ]);
  });
});
