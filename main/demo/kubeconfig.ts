import { stringify } from 'yaml';

/** How one user signs in. */
export type Credentials = { token: string } | { certificate: string; key: string };

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** A kubeconfig with one cluster, `demo`, and one context per user; the first is current. */
export function kubeconfigText(server: string, ca: string, users: Record<string, Credentials>): string {
  const names = Object.keys(users);
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'demo', cluster: { server, 'certificate-authority-data': base64(ca) } }],
      users: Object.entries(users).map(([name, credentials]) => ({
        name,
        user:
          'token' in credentials
            ? { token: credentials.token }
            : {
                'client-certificate-data': base64(credentials.certificate),
                'client-key-data': base64(credentials.key),
              },
      })),
      contexts: names.map((name, index) => ({
        name: index ? `demo-${name}` : 'demo',
        context: { cluster: 'demo', user: name, namespace: 'default' },
      })),
      'current-context': 'demo',
    },
    { lineWidth: 0 },
  );
}
