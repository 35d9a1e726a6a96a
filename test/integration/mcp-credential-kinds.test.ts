import { chmod, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterUpstreams } from '../../main/gate/upstream.ts';
import { Kubeconfigs } from '../../main/kubeconfig/kubeconfig.ts';
import { startIssuer, startRecordingServer, type RecordingServer } from '../support/credential-servers.ts';
import { newFolder } from '../support/open-kubeconfigs.ts';
import { foundInMemory } from '../support/process-memory.ts';
import { reading, startMcpOver, type StartedMcp } from '../support/start-mcp.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('credentials of every kind that a kubeconfig knows', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let server: RecordingServer;
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let kubeconfigs: Kubeconfigs;
  let upstreams: ClusterUpstreams;
  let mcp: StartedMcp;
  let pids: number[];
  /** What must not be in the child, by what it is. */
  const planted: Record<string, string> = {
    token: 'canary-of-the-token-0a1b2c3d',
    'token file': 'canary-of-the-token-file-4e5f6a7b',
    password: 'canary-of-the-password-8c9d0e1f',
    'exec plugin': 'canary-of-the-plugin-2a3b4c5d',
    'client secret': 'canary-of-the-client-secret-6e7f8a9b',
    'refresh token': 'canary-of-the-refresh-token-0c1d2e3f',
  };

  beforeAll(async () => {
    folder = await newFolder();
    server = await startRecordingServer();
    issuer = await startIssuer();
    const { certificate, key } = await server.client('certificate-user');
    const idToken = issuer.token(Date.now() + 3_600_000);
    planted['client key'] = key.split('\n')[1] ?? '';
    planted['ID token'] = idToken;
    const status = { token: planted['exec plugin'] };
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
    const plugin = await folder.file('login', `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    await chmod(plugin, 0o755);
    const users: Record<string, object> = {
      token: { token: planted['token'] },
      file: { tokenFile: await folder.file('token', `${planted['token file']}\n`) },
      basic: { username: 'jan', password: planted['password'] },
      plugin: {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' },
      },
      oidc: {
        'auth-provider': {
          name: 'oidc',
          config: {
            'idp-issuer-url': issuer.url,
            'client-id': 'desktop',
            'client-secret': planted['client secret'],
            'refresh-token': planted['refresh token'],
            'id-token': idToken,
          },
        },
      },
      certificate: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
    };
    const names = Object.keys(users);
    const cluster = { server: server.url, 'certificate-authority-data': base64(server.ca) };
    const config = await folder.file(
      'config',
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'token',
        clusters: [{ name: 'c', cluster }],
        users: names.map((name) => ({ name, user: users[name] })),
        contexts: names.map((name) => ({ name, context: { cluster: 'c', user: name } })),
      }),
    );
    kubeconfigs = await Kubeconfigs.open({ paths: [config], demoPath: null, watch: false, consents: () => true });
    upstreams = new ClusterUpstreams(kubeconfigs);
    mcp = await startMcpOver(upstreams, kubeconfigs.list());
    // What the tools make of this server's answers does not matter: the credentials were needed to get them.
    for (const { id } of kubeconfigs.list()) await mcp.session.call('table', 'pods_list', {}, reading(id));
    const connections = [await mcp.session.connection('table'), await mcp.session.standby('table')];
    pids = connections.flatMap((connection) => connection?.server.pid ?? []);
  });
  afterAll(async () => {
    await mcp.close();
    upstreams.close();
    await kubeconfigs.close();
    await Promise.all([issuer.close(), server.close(), folder.remove()]);
  });

  it('reach the API server through the MCP server', () => {
    const seen = new Set(server.seen.map(({ headers }) => headers.authorization));
    expect(seen).toContain(`Bearer ${planted['token']}`);
    expect(seen).toContain(`Bearer ${planted['token file']}`);
    expect(seen).toContain(`Basic ${base64(`jan:${planted['password']}`)}`);
    expect(seen).toContain(`Bearer ${planted['exec plugin']}`);
    expect(seen).toContain(`Bearer ${planted['ID token']}`);
    expect(server.seen.map(({ certificateOf }) => certificateOf)).toContain('certificate-user');
  });

  it.runIf(process.platform === 'linux')('and are never in its arguments, environment, files or memory', async () => {
    expect(pids).toHaveLength(2);
    const both = Object.entries(planted).flatMap(([name, text]) => [
      [name, Buffer.from(text)] as const,
      [`${name} in base64`, Buffer.from(base64(text).replace(/=*$/, ''))] as const,
    ]);
    const needles = Object.fromEntries(both);
    for (const pid of pids) {
      const said = await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`)));
      const fds = `/proc/${pid}/fd`;
      const targets = await Promise.all((await readdir(fds)).map((fd) => readlink(join(fds, fd)).catch(() => '')));
      expect(targets.filter((target) => target.startsWith(folder.path))).toEqual([]);
      for (const [name, text] of both) expect([name, said.some((one) => one.includes(text))]).toEqual([name, false]);
      // The kubeconfig, which must be there, shows that the search sees the memory.
      const found = await foundInMemory(pid, { ...needles, 'its kubeconfig': Buffer.from('__no-default__') });
      expect([...found]).toEqual(['its kubeconfig']);
    }
  });
});
