import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { parse } from 'yaml';
import { foundInMemory } from '../support/process-memory.ts';
import { realCluster, realKubeconfig } from '../support/real-cluster.ts';
import { reading, startMcp, type StartedMcp } from '../support/start-mcp.ts';
import { upstreamOf } from './gate/upstreams.ts';

const readFileUtf8 = (file: string) => readFileSync(file, 'utf8');
const token = realKubeconfig('token');
const admin = realCluster.kubeconfig;
const because = realCluster.because ?? 'its kubeconfigs with a token and a client certificate are not both there';

describe.skipIf(admin === null || token === null)(`the MCP server and credentials (skipped: ${because})`, () => {
  let mcp: StartedMcp;
  let pids: number[];
  let secrets: Record<string, Buffer>;

  beforeAll(async () => {
    mcp = await startMcp(upstreamOf('by-certificate', admin ?? ''), upstreamOf('by-token', token ?? ''));
    // Both credentials have just been used, for every form and many kinds of answers.
    for (const cluster of ['by-certificate', 'by-token']) {
      const secretsList = { apiVersion: 'v1', kind: 'Secret', namespace: 'default' };
      expect((await mcp.session.call('table', 'pods_list', {}, reading(cluster))).isError).toBe(false);
      expect((await mcp.session.call('yaml', 'resources_list', secretsList, reading(cluster))).isError).toBe(false);
      expect((await mcp.session.call('table', 'helm_list', {}, reading(cluster))).isError).toBe(false);
    }
    const active = await Promise.all((['table', 'yaml'] as const).map((form) => mcp.session.connection(form)));
    const waiting = await Promise.all((['table', 'yaml'] as const).map((form) => mcp.session.standby(form)));
    pids = [...active, ...waiting].flatMap((connection) => connection?.server.pid ?? []);
    secrets = { ...needles('admin', admin ?? ''), ...needles('token', token ?? '') };
  });
  afterAll(() => mcp.close());

  function needles(name: string, file: string): Record<string, Buffer> {
    const { users } = parse(readFileUtf8(file)) as { users: { user: Record<string, string> }[] };
    const user = users[0]?.user ?? {};
    const found: Record<string, Buffer> = {};
    for (const [key, value] of Object.entries(user)) {
      const isFile = !key.endsWith('-data') && key.startsWith('client-');
      const text = isFile ? readFileUtf8(value) : value;
      const plain = key.endsWith('-data') ? Buffer.from(value, 'base64').toString('utf8') : text;
      found[`${name} ${key}`] = Buffer.from(plain.trim());
      found[`${name} ${key} in base64`] = Buffer.from(Buffer.from(plain).toString('base64').slice(0, 400));
      // One line of a key, as it stands in memory however the rest is wrapped.
      const line = plain.split('\n')[2];
      if (line !== undefined && line.length > 40) found[`${name} ${key}, one line`] = Buffer.from(line);
    }
    return found;
  }

  it('there is something to look for', () => {
    const names = Object.keys(secrets).join(' ');
    expect(names).toContain('admin client-key');
    expect(names).toContain('token token');
    expect(pids).toHaveLength(4);
  });

  it.runIf(process.platform === 'linux')('none is in its arguments, its environment or its open files', async () => {
    for (const pid of pids) {
      const said = Buffer.concat(
        await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`))),
      );
      for (const [name, secret] of Object.entries(secrets))
        expect([name, said.includes(secret)]).toEqual([name, false]);
      expect(said.toString()).not.toMatch(/KUBECONFIG|PROXY|TOKEN/i);
      const folder = `/proc/${pid}/fd`;
      const open = await Promise.all((await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')));
      const files = open.filter((target) => target.startsWith('/') && !target.startsWith('/dev/null'));
      // Go's runtime looks at its limits there.
      const others = files.filter((file) => !file.startsWith(mcp.base) && !file.startsWith('/sys/fs/cgroup/'));
      expect(others).toEqual([]);
    }
  });

  it('none is in its private files', async () => {
    const entries = await readdir(mcp.base, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.some((file) => file.endsWith('kubeconfig'))).toBe(true);
    for (const file of files) {
      const text = await readFile(file);
      for (const [name, secret] of Object.entries(secrets))
        expect([file, name, text.includes(secret)]).toEqual([file, name, false]);
    }
  });

  it.runIf(process.platform === 'linux')('none is in its memory', async () => {
    for (const pid of pids) {
      // What must be there shows that the search sees the memory at all.
      const there = { 'its kubeconfig': Buffer.from('__no-default__') };
      const found = await foundInMemory(pid, { ...secrets, ...there });
      expect([...found]).toEqual(['its kubeconfig']);
    }
  });

  it('a stranger who finds its port gets no data, without a permit or with a wrong one', async () => {
    const { server } = await mcp.session.connection('table');
    for (const headers of [{}, { authorization: 'Bearer guessed' }]) {
      const before = mcp.seen.length;
      const stranger = new Client({ name: 'stranger', version: '1' });
      const transport = new StreamableHTTPClientTransport(server.url, { requestInit: { headers } });
      await stranger.connect(transport as Parameters<Client['connect']>[0]);
      for (const name of ['pods_list', 'namespaces_list', 'helm_list']) {
        const call = { name, arguments: { context: 'by-token' } };
        const result = (await stranger.callTool(call)) as CallToolResult;
        expect(result.isError).toBe(true);
        expect(JSON.stringify(result)).not.toMatch(/kube-system|Running/);
      }
      await stranger.close();
      const seen = mcp.seen.slice(before);
      expect(seen.length).toBeGreaterThan(0);
      // Each was answered by the gate alone.
      expect(new Set(seen.map(({ status, code, permit }) => [status, code, permit].join()))).toEqual(
        new Set(['401,gate.refused,']),
      );
    }
  });

  it('the permit of a call is of no use after it', async () => {
    const { server } = await mcp.session.connection('table');
    const grant = mcp.gate.grant(reading('by-token'));
    const ask = async () => {
      const client = new Client({ name: 'thief', version: '1' });
      const headers = { authorization: `Bearer ${grant.token}` };
      const transport = new StreamableHTTPClientTransport(server.url, { requestInit: { headers } });
      await client.connect(transport as Parameters<Client['connect']>[0]);
      const result = (await client.callTool({
        name: 'namespaces_list',
        arguments: { context: 'by-token' },
      })) as CallToolResult;
      await client.close();
      return result.isError === true;
    };
    expect(await ask()).toBe(false);
    grant.revoke();
    expect(await ask()).toBe(true);
  });
});
