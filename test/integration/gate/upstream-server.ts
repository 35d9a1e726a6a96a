import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Upstream } from '../../../main/gate/upstream.ts';
import { upstreamTo } from './upstreams.ts';

/** A TLS server that answers as a test says: for what a real API server does only when it is broken. */
export class ScriptedServer {
  readonly upstream: Upstream;
  readonly #server: Server;

  private constructor(server: Server, upstream: Upstream) {
    this.#server = server;
    this.upstream = upstream;
  }

  static async start(
    id: string,
    answer: RequestListener,
    upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  ): Promise<ScriptedServer> {
    const pair = selfSigned();
    const server = createServer(pair, answer);
    if (upgrade !== undefined) server.on('upgrade', upgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new ScriptedServer(server, upstreamTo(id, `https://127.0.0.1:${String(port)}`, { ca: pair.cert }));
  }

  async close(): Promise<void> {
    this.upstream.agent.destroy();
    const closed = new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
    this.#server.closeAllConnections();
    await closed;
  }
}

function selfSigned(): { key: Buffer; cert: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), 'ai4k8s-gate-'));
  const [key, cert] = [join(directory, 'key'), join(directory, 'cert')];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(directory, { recursive: true });
  return pair;
}
