import { describe, expect, test } from 'vitest';
import { mergeKubeconfigs } from '../../../../main/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../../../main/kubeconfig/parse.ts';

const file = (source: string, text: string) => ({ source, parsed: parseKubeconfig(text) });

const first = file(
  '/home/a/.kube/config',
  `
apiVersion: v1
kind: Config
current-context: both
clusters:
- name: prod
  cluster: {server: "https://first:6443", certificate-authority: pki/ca.crt}
contexts:
- name: both
  context: {cluster: prod, user: admin, namespace: shop}
- name: borrowed
  context: {cluster: staging, user: admin}
`,
);
const second = file(
  '/mnt/second/config.yaml',
  `
current-context: other
clusters:
- name: prod
  cluster: {server: "https://second:6443"}
- name: staging
  cluster: {server: "https://staging/k8s/clusters/c-1", certificate-authority: ../ca.crt}
users:
- name: admin
  user: {client-certificate: admin.crt, client-key: /keys/admin.key, tokenFile: ./t, exec: {command: ./bin/login}}
contexts:
- name: both
  context: {cluster: staging, user: admin}
- name: missing
  context: {cluster: nowhere, user: admin}
`,
);

describe('several kubeconfigs', () => {
  const merged = mergeKubeconfigs([first, second]);

  test('of entries with one name the first file wins, and a context uses clusters and users of any file', () => {
    expect(
      merged.materials.map(({ context, cluster, user, namespace }) => [
        context,
        cluster.server.href,
        user.name,
        namespace,
      ]),
    ).toEqual([
      ['both', 'https://first:6443/', 'admin', 'shop'],
      ['borrowed', 'https://staging/k8s/clusters/c-1', 'admin', null],
    ]);
    expect(merged.currentContext).toBe('both');
  });

  test('a relative path belongs to the file that defines the entry, not to the one that uses it', () => {
    const [both, borrowed] = merged.materials;
    expect(both?.cluster.caFile).toBe('/home/a/.kube/pki/ca.crt');
    expect(borrowed?.cluster.caFile).toBe('/mnt/ca.crt');
    expect(both?.user).toMatchObject({
      certFile: '/mnt/second/admin.crt',
      keyFile: '/keys/admin.key',
      tokenFile: '/mnt/second/t',
      exec: { command: '/mnt/second/bin/login' },
    });
  });

  test('a context that names what is nowhere is told, and hides no other', () => {
    expect(merged.faults).toEqual([
      {
        source: '/mnt/second/config.yaml',
        text: 'The context missing names the cluster nowhere, which is in none of the files.',
      },
    ]);
  });

  test('what is written inline goes before a file', () => {
    const text = `
clusters:
- name: c
  cluster: {server: h:6443, certificate-authority: ca.crt, certificate-authority-data: QQ==}
users:
- name: u
  user: {client-certificate: a, client-certificate-data: QQ==, client-key: b, client-key-data: QQ==}
contexts:
- name: x
  context: {cluster: c, user: u}
`;
    const [only] = mergeKubeconfigs([file('/k', text)]).materials;
    expect(only?.cluster).toMatchObject({ caFile: null, caData: 'QQ==' });
    expect(only?.cluster.server.href).toBe('https://h:6443/');
    expect(only?.user).toMatchObject({ certFile: null, keyFile: null, certData: 'QQ==', keyData: 'QQ==' });
  });

  test('a context without a user asks without credentials', () => {
    const text = 'clusters: [{name: c, cluster: {server: "https://h"}}]\ncontexts: [{name: x, context: {cluster: c}}]';
    const [only] = mergeKubeconfigs([file('/k', text)]).materials;
    expect(only?.user).toMatchObject({ name: '', token: null, exec: null, impersonate: null });
  });
});
