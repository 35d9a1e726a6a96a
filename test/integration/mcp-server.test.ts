import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { findBinary } from '../../main/mcp/binary.ts';
import { RuntimeDir } from '../../main/mcp/runtime-dir.ts';
import { McpServer } from '../../main/mcp/server.ts';
import { syntheticKubeconfig } from '../../main/mcp/synthetic-kubeconfig.ts';
import { untilNoProcessWith } from '../support/processes.ts';

let base: string;
let runtime: RuntimeDir;
let kubeconfig: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ai4k8s-server-'));
  runtime = await RuntimeDir.open(join(base, 'run'));
  kubeconfig = await runtime.write(
    'kubeconfig',
    syntheticKubeconfig([], () => ''),
  );
});
afterEach(async () => {
  await untilNoProcessWith(base, 8_000);
  await rm(base, { recursive: true, force: true });
});

/** A program in the place of the server's binary. */
async function program(script: string): Promise<string> {
  const file = join(base, 'program');
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}
const start = (binary: string, signal?: AbortSignal) => McpServer.start('table', binary, kubeconfig, runtime, signal);
async function failureOf(work: Promise<unknown>) {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof AppError) return error.failure;
  throw new Error(`no failure: ${String(error)}`);
}

describe('the start of the MCP server', () => {
  it('listens on 127.0.0.1 alone and ends when it is closed', async () => {
    const server = await start(findBinary());
    expect((await fetch(new URL('/healthz', server.url))).status).toBe(200);
    await expect(fetch(`http://127.0.0.2:${server.port}/healthz`)).rejects.toThrow();
    await server.close();
    expect(server.hasEnded).toBe(true);
    await expect(fetch(new URL('/healthz', server.url))).rejects.toThrow();
  });

  it("says the server's own reason where it ends at once", async () => {
    const failure = await failureOf(start(await program('#!/bin/sh\necho "Error: no such toolset" >&2\nexit 1\n')));
    expect(failure).toMatchObject({ code: 'mcp.server-not-running' });
    expect(failure.message).toContain('no such toolset');
  });

  it('says that it could not be started where the file is no program', async () => {
    expect((await failureOf(start(await program('\u0000')))).code).toBe('mcp.server-not-running');
    expect((await failureOf(start(join(base, 'missing')))).code).toBe('mcp.server-not-running');
  });

  it('is given up, and nothing stays, when the app closes meanwhile', async () => {
    const closing = new AbortController();
    const silent = start(await program(`#!/bin/sh\nexec sleep 30 # ${base}\n`), closing.signal);
    setImmediate(() => closing.abort());
    await expect(silent).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.runIf(process.platform === 'linux')('sends nothing to a port that another process listens on', async () => {
    // Answers everything on the port of the configuration, but from a process that is not the one that was started.
    const impostor = `
      import { createServer } from 'node:http';
      import { appendFileSync, readFileSync } from 'node:fs';
      const port = /port = "(\\d+)"/.exec(readFileSync(process.argv[2], 'utf8'))[1];
      createServer((request, response) => {
        appendFileSync('${base}/asked', request.method + ' ' + request.url + '\\n');
        response.end('{}');
      }).listen(Number(port), '127.0.0.1', () => appendFileSync('${base}/listening', port + '\\n'));
      setTimeout(() => process.exit(0), 3_000);`;
    await writeFile(join(base, 'impostor.mjs'), impostor);
    const script = `#!/bin/sh\n'${process.execPath}' ${base}/impostor.mjs "$2" &\nexec sleep 30\n`;
    expect((await failureOf(start(await program(script)))).code).toBe('mcp.server-not-running');
    expect((await readFile(join(base, 'listening'), 'utf8')).trim().split('\n')).toHaveLength(3);
    await expect(readFile(join(base, 'asked'), 'utf8')).rejects.toThrow('ENOENT');
  });
});
