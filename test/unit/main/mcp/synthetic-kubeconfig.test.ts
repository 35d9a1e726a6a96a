import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { noDefault, syntheticKubeconfig } from '../../../../main/mcp/synthetic-kubeconfig.ts';

const urlOf = (id: string) => `http://127.0.0.1:4000/c/${id}`;
const one = { id: 'prod-1', namespace: 'shop' };

describe('the kubeconfig of the MCP server', () => {
  it('names each cluster by its id and points it at the gate, with the namespace of its context', () => {
    const config = parse(syntheticKubeconfig([one, { id: 'b', namespace: 'default' }], urlOf));
    expect(config.clusters).toContainEqual({ name: 'prod-1', cluster: { server: 'http://127.0.0.1:4000/c/prod-1' } });
    expect(config.contexts).toContainEqual({
      name: 'prod-1',
      context: { cluster: 'prod-1', user: noDefault, namespace: 'shop' },
    });
    expect(config.contexts).toHaveLength(3);
  });

  it('has a default that reaches no cluster, also where there is no cluster at all', () => {
    const config = parse(syntheticKubeconfig([], urlOf));
    expect(config['current-context']).toBe(noDefault);
    expect(config.clusters).toEqual([{ name: noDefault, cluster: { server: 'https://127.0.0.1:1' } }]);
  });

  it('holds one user and no credential, whatever a cluster carries beside its id', () => {
    const withSecrets = { ...one, token: 'T0KEN', user: 'admin', source: '/home/x/.kube/config' };
    const text = syntheticKubeconfig([withSecrets], urlOf);
    expect(parse(text).users).toEqual([{ name: noDefault, user: {} }]);
    expect(text).not.toMatch(/T0KEN|admin|\.kube/);
  });

  it.each(['yes', '1e3', 'a: b', '- x', '"', 'null', '0x1f'])('keeps a namespace %j as a text', (namespace) => {
    const config = parse(syntheticKubeconfig([{ id: namespace, namespace }], urlOf));
    expect(config.contexts[1]).toEqual({
      name: namespace,
      context: { cluster: namespace, user: noDefault, namespace },
    });
  });
});
