import { createServer, request, type Server } from 'node:https';
import { once } from 'node:events';
import { CertificateAuthority } from '../../main/demo/tls.ts';
import type { AddressInfo } from 'node:net';
import type { RealAccess } from './real-kubeconfigs.ts';

/** Something in front of the real API server that can go away, and that knows no aggregated discovery. */
export interface Front {
  readonly url: string;
  /** Base64 of PEM. */
  readonly ca: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** Again, on the same port. */
  start(): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

export async function startFront({ server, ca }: Pick<RealAccess, 'server' | 'ca'>): Promise<Front> {
  const authority = new CertificateAuthority();
  const own = authority.server();
  const asked: string[] = [];
  const open = (): Server =>
    createServer({ cert: own.certificate, key: own.key }, (incoming, outgoing) => {
      asked.push(incoming.url ?? '');
      const headers = { authorization: incoming.headers.authorization ?? '', accept: 'application/json' };
      const options = { method: incoming.method, headers, ca: Buffer.from(ca, 'base64') };
      request(new URL(incoming.url ?? '/', server), options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
        answer.pipe(outgoing);
      }).end();
    });
  let running: Server | null = null;
  let port = 0;
  const start = async () => {
    running = open().listen(port, '127.0.0.1');
    await once(running, 'listening');
    port = (running.address() as AddressInfo).port;
  };
  const stop = async () => {
    if (running === null) return;
    const end = once(running, 'close');
    running.close();
    running.closeAllConnections();
    running = null;
    await end;
  };
  await start();
  return {
    url: `https://127.0.0.1:${String(port)}`,
    ca: Buffer.from(authority.certificate).toString('base64'),
    asked,
    start,
    stop,
  };
}
