import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../shared/errors.ts';
import type { ExternalServer } from '../../shared/mcp.ts';
import { Connection } from '../../main/mcp/connection.ts';
import { Consents } from '../../main/clusters/consents.ts';
import { ExternalServers } from '../../main/mcp/external.ts';
import { ProgramConsents } from '../../main/mcp/program-consent.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { localAccount } from '../../main/storage/local-account.ts';

const program = new URL('../support/echo-mcp-server.ts', import.meta.url).pathname;
const bearer = 'Bearer s3cret-of-the-person';
const nobody = 'http://127.0.0.1:1/mcp';
let folder: string;
let storage: Storage;
let echo: ChildProcess;
let url: string;
let servers: ExternalServers;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai4k8s-external-'));
  storage = await openStorage(folder);
  servers = new ExternalServers(storage.database, '0.0.0', consents());
  echo = spawn(process.execPath, [program, 'http'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(echo.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  url = `http://127.0.0.1:${port.toString().trim()}/mcp`;
});
afterAll(async () => {
  await servers.close();
  echo.kill();
  storage.close();
  await rm(folder, { recursive: true, force: true });
});
const consents = () => new ProgramConsents(new Consents(storage.database, () => 0));
const account = () => localAccount(storage.database, 0);
const addHttp = (urls: string[], headers: Record<string, string> = {}) =>
  servers.add(account(), { name: 'Mine', transport: { kind: 'http', urls, headers } });
const addStdio = (command: string, args: string[]) =>
  servers.add(account(), { name: 'Program', transport: { kind: 'stdio', command, arguments: args } });
const questionIn = ({ state }: ExternalServer) => {
  if (state.kind !== 'untrusted') throw new Error(`it is ${state.kind}`);
  return state.question;
};
/** Connects to a program, which is allowed as it is asked about. */
const connectAllowed = async (id: string) =>
  servers.connect(account(), id, questionIn(await servers.connect(account(), id)).id);
const toolOf = (id: string, name: string) => {
  const tool = servers.tools(account(), id).find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};
const call = (id: string, name: string, args = {}) => servers.call(account(), id, toolOf(id, name), args);
const failureIn = ({ state }: ExternalServer) => {
  if (state.kind !== 'failed') throw new Error(`it is ${state.kind}`);
  return state.failure;
};

describe("a server of the person's own, over HTTP", () => {
  it('is untried until somebody connects, then told with its tools, and always unguarded', async () => {
    const added = addHttp([url]);
    expect(added).toMatchObject({ unguarded: true, state: { kind: 'untried' } });
    const connected = await servers.connect(account(), added.id);
    expect(connected).toMatchObject({
      unguarded: true,
      state: { kind: 'connected', tools: 6, name: 'echo', version: '1.2.3' },
    });
    expect(await call(added.id, 'echo', { said: 'hello' })).toMatchObject({ text: 'hello', isError: false });
  });

  it('gets its headers, which are shown and stored by name alone', async () => {
    const { id } = addHttp([url], { Authorization: bearer });
    await servers.connect(account(), id);
    expect((await call(id, 'headers')).text).toContain(bearer);
    expect(JSON.stringify(servers.list(account()))).not.toContain('s3cret');
    expect(servers.list(account()).find((one) => one.id === id)?.transport).toMatchObject({
      headerNames: ['Authorization'],
    });
    for (const file of (await readdir(folder)).filter((name) => name.startsWith('ai4k8s.db'))) {
      expect((await readFile(join(folder, file))).includes('s3cret')).toBe(false);
    }
  });

  it('asks to be added again after a restart, where it needs headers', async () => {
    const { id } = addHttp([url], { Authorization: bearer });
    const later = new ExternalServers(storage.database, '0.0.0', consents());
    const failure = failureIn(await later.connect(account(), id));
    expect(failure.message).toContain('Authorization');
    expect(failure.remedy).toContain('add it again');
    await later.close();
  });

  it('is reached at the first of several addresses that answers', async () => {
    const { id } = addHttp([nobody, url]);
    expect((await servers.connect(account(), id)).state.kind).toBe('connected');
  });

  it('says of every address why it failed, where all did', async () => {
    const { id } = addHttp([nobody, 'http://127.0.0.1:2/mcp']);
    const failure = failureIn(await servers.connect(account(), id));
    expect(failure.code).toBe('mcp.port-refused');
    expect(failure.message).toContain('127.0.0.1:1');
    expect(failure.message).toContain('127.0.0.1:2');
  });

  it.each([
    ['ftp://host/mcp', {}, /http or https/],
    ['https://user:pass@host/mcp', {}, /stored and shown/],
    ['https://host/mcp?api_key=x', {}, /api_key.*stored and shown/],
    ['http://host/mcp', { Authorization: bearer }, /in clear/],
  ])('is not taken with an address like %s', (address, headers, says) => {
    const before = servers.list(account()).length;
    expect(() => addHttp([address], headers)).toThrow(says);
    expect(servers.list(account())).toHaveLength(before);
  });

  it('is gone after it was removed', async () => {
    const { id } = addHttp([url]);
    await servers.connect(account(), id);
    await servers.remove(account(), id);
    expect(servers.list(account()).map((one) => one.id)).not.toContain(id);
    await expect(servers.connect(account(), id)).rejects.toThrow('no such MCP server');
  });

  it('is not there for another account', async () => {
    const { id } = addHttp([url]);
    const other = { id: 'other', role: 'user' } as const;
    expect(servers.list(other)).toEqual([]);
    await expect(servers.connect(other, id)).rejects.toThrow('no such MCP server');
  });
});

describe('a tool whose definition changed after the person saw it', () => {
  it('is not called', async () => {
    const { id } = addHttp([url]);
    await servers.connect(account(), id);
    const seen = toolOf(id, 'changing');
    expect((await servers.call(account(), id, seen, {})).text).toBe('a note');
    await call(id, 'change');
    await expect.poll(() => toolOf(id, 'changing').fingerprint).not.toBe(seen.fingerprint);
    const error = await Promise.resolve()
      .then(() => servers.call(account(), id, seen, {}))
      .catch((thrown: unknown) => thrown);
    expect((error as AppError).failure).toMatchObject({ code: 'mcp.unknown-tool', tool: 'changing' });
  });
});

describe("a server of the person's own, over stdio", () => {
  it('is started with its arguments and a few harmless variables of ours', async () => {
    process.env['AI4K8S_PLANTED_SECRET'] = 'x';
    const { id } = addStdio(process.execPath, [program]);
    expect((await connectAllowed(id)).state).toMatchObject({ kind: 'connected', name: 'echo' });
    const names = (await call(id, 'environment')).text.split(' ');
    delete process.env['AI4K8S_PLANTED_SECRET'];
    expect(names).toContain('PATH');
    expect(names.filter((name) => !['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'].includes(name))).toEqual([]);
  });

  it('is told to have ended when it did', async () => {
    const { id } = addStdio(process.execPath, [program]);
    await connectAllowed(id);
    await call(id, 'end').catch(() => undefined);
    const state = () => servers.list(account()).find((one) => one.id === id)?.state;
    await expect.poll(() => state()?.kind).toBe('failed');
    expect(() => servers.tools(account(), id)).toThrow('not connected');
  });

  it('is missed by name where its command is not there', async () => {
    const { id } = addStdio('/no/such/program', []);
    expect(failureIn(await servers.connect(account(), id))).toMatchObject({
      code: 'mcp.server-not-running',
      message: 'The command of Program was not found.',
    });
  });

  it('that is no MCP server is told within the limit of time', { timeout: 30_000 }, async () => {
    const { id } = addStdio(process.execPath, ['-e', 'process.stdout.write("hello\\n"); process.stdin.resume()']);
    const at = performance.now();
    expect(failureIn(await connectAllowed(id)).code).toBe('mcp.timeout');
    expect(performance.now() - at).toBeLessThan(13_000);
  });
});

describe('the program of a server over stdio', () => {
  /** A program of its own that leaves a line in `runs`, and then is the echo server. */
  const write = async (words: string) => {
    await writeFile(join(folder, 'mine'), `#!/bin/sh\necho ${words} >> ${folder}/runs\nexec "$@"\n`);
    await chmod(join(folder, 'mine'), 0o755);
    return join(folder, 'mine');
  };
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

  it('is not run before the account allowed exactly it, and asks again when its file changes', async () => {
    const command = await write('first');
    const args = [process.execPath, program, '--api-key=hunter2hunter2'];
    const { id } = addStdio(command, args);
    const question = questionIn(await servers.connect(account(), id));
    expect(question.details).toEqual([
      { label: 'Command', value: command },
      { label: 'Program', value: command },
      { label: 'Argument 1', value: process.execPath },
      { label: 'Argument 2', value: program },
      { label: 'Argument 3', value: expect.stringMatching(/^--api-key=hidden \(SHA-256/) as string },
      { label: 'SHA-256', value: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect(questionIn(await servers.connect(account(), id, 'f'.repeat(64))).id).toBe(question.id);
    expect(await runs()).toEqual([]);

    expect((await servers.connect(account(), id, question.id)).state.kind).toBe('connected');
    expect((await servers.connect(account(), id)).state.kind).toBe('connected');
    expect(await runs()).toEqual(['first', 'first']);

    await write('second');
    const anew = questionIn(await servers.connect(account(), id, question.id));
    expect(anew.id).not.toBe(question.id);
    expect(await runs()).toHaveLength(2);
    const later = new ExternalServers(storage.database, '0.0.0', consents());
    expect((await later.connect(account(), id, anew.id)).state.kind).toBe('connected');
    await later.close();
  });

  it('with other arguments, or of another account, is another question', async () => {
    const command = await write('third');
    const { id } = addStdio(command, [process.execPath, program]);
    await connectAllowed(id);
    const other = addStdio(command, [process.execPath, program, '--more']);
    expect(questionIn(await servers.connect(account(), other.id)).details).toHaveLength(6);
    const allowed = consents();
    const server = { id, name: 'Program' };
    const transport = { kind: 'stdio', command, arguments: [process.execPath, program] } as const;
    expect((await allowed.admit(account(), server, transport)).kind).toBe('admitted');
    expect((await allowed.admit({ id: 'other', role: 'user' }, server, transport)).kind).toBe('untrusted');
  });
});

describe('a program that took the port of the bundled server', () => {
  it('is found out by its first answer, and sent nothing else', async () => {
    const impostor = {
      form: 'table',
      port: Number(new URL(url).port),
      pid: echo.pid ?? 0,
      nonce: 'only-we-know',
      startedAt: 0,
      url: new URL(url),
      exited: new Promise<null>(() => undefined),
      hasEnded: false,
      lastLines: () => [],
      close: () => Promise.resolve(),
    } as const;
    const error = await Connection.open(impostor, '0.0.0').catch((thrown: unknown) => thrown);
    expect((error as AppError).failure).toMatchObject({ code: 'mcp.not-an-mcp-server' });
    expect((error as AppError).failure.message).toContain('another program');
  });
});
