import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubeconfigOf } from '../support/open-kubeconfigs.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

/** What the plugin says when it fails: some known to the kubeconfig, some known to nobody. */
const planted = {
  argument: 'plainargument7',
  variable: 'plainvariable7',
  refresh: 's3cr3t-refresh-of-its-own',
  password: 'hunter2hunter2',
};
let dir: string;
let app: RunningApp;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ai4k8s-plugin-'));
  const command = join(dir, 'login');
  const says = `refresh token ${planted.refresh} password=${planted.password} with ${planted.argument} and $A_SECRET`;
  await writeFile(command, `#!/bin/sh\necho "sign-in failed: ${says}" >&2\nexit 3\n`);
  await chmod(command, 0o755);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: [`--oidc-client-secret=${planted.argument}`],
    env: [{ name: 'A_SECRET', value: planted.variable }],
    interactiveMode: 'Never',
  };
  const kubeconfig = join(dir, 'config');
  await writeFile(kubeconfig, kubeconfigOf('planted', { server: 'https://127.0.0.1:1' }, { exec }));
  app = await startTestApp({ kubeconfigs: [kubeconfig], dataDir: join(dir, 'data') });
});
afterAll(async () => {
  await app.close();
  await rm(dir, { recursive: true, force: true });
});

test('what a failing plugin says reaches window, events and disk without its credentials', async () => {
  const id = (await app.request('clusters.list', undefined)).clusters[0]?.id ?? '';
  const { state } = await app.request('clusters.select', { cluster: id });
  if (state.kind !== 'untrusted') throw new Error('the plugin needs consent');
  await app.request('clusters.trust', { cluster: id, questions: state.questions.map((question) => question.id) });
  const connected = await app.request('clusters.connect', { cluster: id });
  const { id: conversation } = await app.request('conversations.create', { cluster: id });
  const run = crypto.randomUUID();
  const input = { run, cluster: id, namespace: null, conversation, form: 'view' } as const;
  const result = await app.request('commands.run', { ...input, line: 'kubectl get pods' });

  // The rest of what it said is what helps.
  expect(JSON.stringify(connected.state)).toContain('sign-in failed: refresh token');
  const files = (await readdir(app.dataDir, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  const onDisk = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), 'latin1')));
  expect(onDisk.some((text) => text.includes('sign-in failed'))).toBe(true);
  const everything = [connected, result, app.events].map((one) => JSON.stringify(one)).concat(onDisk);
  for (const [kind, secret] of Object.entries(planted)) {
    const at = everything.filter((text) => text.includes(secret));
    expect(at, kind).toEqual([]);
  }
});
