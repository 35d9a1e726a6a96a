import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channels, type ChannelName } from '../../shared/contract.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

/** Each credential that a kubeconfig can hold, as a value that occurs nowhere else. */
const canaries = {
  token: 'canary-token-0123456789abcdef',
  password: 'canary-password-0123456789',
  key: 'canary-key-0123456789abcdef',
  exec: 'canary-exec-0123456789abcdef',
  oidc: 'canary-oidc-0123456789abcdef',
  url: 'canary-url-0123456789abcdef',
  file: 'canary-file-0123456789abcdef',
};
const forms = Object.values(canaries).flatMap((value) => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
]);

describe('credentials planted in a kubeconfig', () => {
  let dir: string;
  let api: Server;
  let app: RunningApp;
  const replies: string[] = [];
  const seen: string[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ai4k8s-canary-'));
    // An API server that says back what it was sent, in an error, as a careless one or an attacker's would.
    api = createServer((request, response) => {
      const { authorization = '' } = request.headers;
      seen.push(authorization);
      const message = `not with ${authorization}`;
      response.writeHead(request.url?.includes('pods') === true ? 403 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason: 'Unauthorized' }),
      );
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const server = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}`;
    writeFileSync(join(dir, 'token'), canaries.file);
    const key64 = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${canaries.key}\n-----END PRIVATE KEY-----\n`).toString(
      'base64',
    );
    const users = {
      token: { token: canaries.token },
      basic: { username: 'u', password: canaries.password },
      cert: { 'client-certificate-data': key64, 'client-key-data': key64 },
      exec: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: '/bin/echo',
          args: ['hello'],
          env: [{ name: 'SECRET', value: canaries.exec }],
        },
      },
      oidc: {
        'auth-provider': {
          name: 'oidc',
          config: {
            'client-id': 'c',
            'client-secret': canaries.oidc,
            'id-token': canaries.oidc,
            'refresh-token': canaries.oidc,
            'idp-issuer-url': server,
          },
        },
      },
      file: { tokenFile: join(dir, 'token') },
    };
    const names = Object.keys(users);
    const clusters = [
      ...names.map((name) => ({ name, cluster: { server } })),
      { name: 'url', cluster: { server: `http://user:${canaries.url}@127.0.0.1:1` } },
    ];
    const contexts = [...names, 'url'].map((name) => ({
      name,
      context: { cluster: name, user: name === 'url' ? 'token' : name },
    }));
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters,
      contexts,
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      'current-context': 'token',
    };
    writeFileSync(join(dir, 'kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 });
    app = await startTestApp({ dataDir: join(dir, 'data'), kubeconfigs: [join(dir, 'kubeconfig')] });

    const ask = async (name: ChannelName, input: unknown) => {
      const reply = await app.ask(name, input);
      replies.push(`${name} ${JSON.stringify(reply)}`);
      return reply;
    };
    const list = await app.request('clusters.list', undefined);
    const conversation = await app.request('conversations.create', { cluster: null });
    for (const cluster of list.clusters) {
      const questions = cluster.state.kind === 'untrusted' ? cluster.state.questions.map(({ id }) => id) : [];
      if (questions.length > 0) await ask('clusters.trust', { cluster: cluster.id, questions });
      await ask('clusters.select', { cluster: cluster.id });
      await ask('clusters.connect', { cluster: cluster.id });
      await ask('clusters.namespaces', { cluster: cluster.id });
      for (const line of [
        'kubectl get pods -A',
        'kubectl config view',
        'kubectl get secrets -o yaml',
        'kubectl auth whoami',
      ]) {
        const input = { cluster: cluster.id, namespace: null, conversation: conversation.id, form: 'terminal' };
        await ask('commands.run', { ...input, run: randomUUID(), line });
      }
    }
    for (const name of Object.keys(channels) as ChannelName[]) await ask(name, undefined);
    await ask('conversations.open', { conversation: conversation.id });
    await ask('self-check.run', { cluster: null });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    api.close();
    await rm(dir, { recursive: true, force: true });
  });

  const leaks = (texts: readonly string[]) =>
    texts.filter((text) => forms.some((form) => text.includes(form))).map((text) => around(text));

  test('reach the API server, so that the rest proves something', () => {
    expect(seen).toContain(`Bearer ${canaries.token}`);
    expect(seen).toContain(`Bearer ${canaries.file}`);
    expect(seen).toContain(`Basic ${Buffer.from(`u:${canaries.password}`).toString('base64')}`);
  });

  test('come out of no reply and no failure', () => {
    expect(replies.length).toBeGreaterThan(40);
    expect(leaks(replies)).toEqual([]);
  });

  test('come out of no event', () => {
    expect(app.events.length).toBeGreaterThan(10);
    expect(leaks(app.events.map((event) => JSON.stringify(event)))).toEqual([]);
  });

  test('are in no file that the app wrote: log, database, its log of writes, run folder', () => {
    const files = readdirSync(join(dir, 'data'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((path) => path.endsWith('.log'))).toBe(true);
    expect(leaks(files.map((path) => `${path} ${readFileSync(path, 'latin1')}`))).toEqual([]);
  });

  test('are in the environment or the arguments of no child', () => {
    const own = String(process.pid);
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => read(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[1] === own);
    expect(leaks(children.flatMap((pid) => [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`)]))).toEqual([]);
  });
});

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** What stands around the first secret, so that a failure says where it came from. */
function around(text: string): string {
  const at = Math.min(...forms.map((form) => text.indexOf(form)).filter((index) => index >= 0));
  return `${text.slice(0, 60)} … ${text.slice(Math.max(0, at - 60), at + 60)}`;
}
