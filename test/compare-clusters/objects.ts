// What the comparison makes: each object is called `one`, its pods run a shell.
export const core = '/api/v1/namespaces/NS';
export const apps = '/apis/apps/v1/namespaces/NS';

export const metadata = { name: 'one', labels: { app: 'compare' } };
export const template = (restartPolicy: string, script: string): object => ({
  metadata: { labels: { app: 'compare' } },
  spec: {
    restartPolicy,
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'box',
        image: 'localhost/box:1',
        command: ['sh', '-c', script],
        resources: { requests: { cpu: '5m', memory: '4Mi' } },
      },
    ],
  },
});
export const forever = 'echo started; sleep 2147483647';
export const configMap = (name: string, data: object = { a: '1' }): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: 'compare' } },
  data,
});
export const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: { replicas: 1, selector: { matchLabels: { app: 'compare' } }, template: template('Always', forever) },
};
