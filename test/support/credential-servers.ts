/*
 * What a kubeconfig can point at, on this machine: an API server that writes down which credentials reached it, proxies
 * of two kinds, and an identity provider. TLS throughout, by a CA of the test's own.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { CertificateAuthority, type KeyPair } from '../../main/demo/tls.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** One request as the API server saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Every value of a header that came several times. */
  readonly distinct: NodeJS.Dict<string[]>;
  /** CN of the client certificate; null where none came. */
  readonly certificateOf: string | null;
}

export interface RecordingServer {
  readonly url: string;
  readonly port: number;
  /** PEM of the CA that signed its certificate and accepts client certificates. */
  readonly ca: string;
  readonly authority: CertificateAuthority;
  readonly seen: SeenRequest[];
  /** Authorization headers, and names in client certificates as `CN=name`, that get 401. */
  readonly refused: Set<string>;
  client(user: string): KeyPair;
  close(): Promise<void>;
}

/** Answers every GET with a version, and remembers who asked. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const authority = new CertificateAuthority();
  const own = authority.server();
  const seen: SeenRequest[] = [];
  const refused = new Set<string>();
  const server = createServer(
    { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const certificate = (request.socket as TLSSocket).getPeerCertificate();
      const common = certificate.subject?.CN;
      seen.push({
        path: request.url ?? '',
        headers: request.headers,
        distinct: request.headersDistinct,
        certificateOf: typeof common === 'string' ? common : null,
      });
      const isRefused = refused.has(request.headers.authorization ?? '') || refused.has(`CN=${String(common)}`);
      const body = isRefused
        ? { kind: 'Status', status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 }
        : { gitVersion: 'v1.36.3' };
      response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
  );
  const port = await listen(server);
  return {
    url: `https://127.0.0.1:${String(port)}`,
    port,
    ca: authority.certificate,
    authority,
    seen,
    refused,
    client: (user) => authority.client(user, ['testers']),
    close: () => closed(server),
  };
}

export interface RecordingProxy {
  readonly url: string;
  /** 'host:port' of each connection that was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** An HTTP proxy that knows CONNECT. Every name leads to this machine, so that a test may use any. */
export async function startHttpProxy(): Promise<RecordingProxy> {
  const asked: string[] = [];
  const server = createHttpServer();
  server.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number((request.url ?? '').split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    server.once('shutdown', () => {
      upstream.destroy();
      socket.destroy();
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    close() {
      server.emit('shutdown');
      return closed(server);
    },
  };
}

/** A SOCKS5 proxy without authentication. */
export async function startSocksProxy(): Promise<RecordingProxy> {
  const asked: string[] = [];
  const server = createTcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const isName = request[3] === 3;
        const length = isName ? (request[4] ?? 0) : 4;
        const start = isName ? 5 : 4;
        const address = request.subarray(start, start + length);
        const port = request.readUInt16BE(start + length);
        asked.push(`${isName ? address.toString('utf8') : [...address].join('.')}:${String(port)}`);
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          upstream.pipe(socket);
          socket.pipe(upstream);
        });
        upstream.on('error', () => socket.destroy());
        socket.on('close', () => upstream.destroy());
      });
    });
    socket.on('error', () => socket.destroy());
    server.once('shutdown', () => socket.destroy());
  });
  const port = await listen(server);
  return {
    url: `socks5://127.0.0.1:${String(port)}`,
    asked,
    close() {
      server.emit('shutdown');
      return closed(server);
    },
  };
}

export interface Issuer {
  readonly url: string;
  readonly ca: string;
  /** Refresh tokens that came, in order. */
  readonly refreshed: string[];
  /** An ID token that ends at `expiresAt` (epoch ms). */
  token(expiresAt: number): string;
  close(): Promise<void>;
}

/** An OpenID Connect issuer: discovery and a token endpoint that takes refresh tokens, each of them once. */
export async function startIssuer(): Promise<Issuer> {
  const authority = new CertificateAuthority();
  const own = authority.server();
  const refreshed: string[] = [];
  let url = '';
  const token = (expiresAt: number) => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const at = Math.floor(Date.now() / 1000);
    const claims = {
      iss: url,
      aud: 'desktop',
      sub: 'person',
      iat: at,
      exp: Math.floor(expiresAt / 1000),
      jti: String(refreshed.length),
    };
    return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
  };
  const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/.well-known/openid-configuration') {
      json(200, {
        issuer: url,
        authorization_endpoint: `${url}/auth`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const refresh = form.get('refresh_token') ?? '';
      if (refreshed.includes(refresh) || !refresh.startsWith('refresh-')) {
        json(400, { error: 'invalid_grant' });
        return;
      }
      refreshed.push(refresh);
      json(200, {
        access_token: 'unused',
        token_type: 'bearer',
        expires_in: 3600,
        id_token: token(Date.now() + 3_600_000),
        refresh_token: `refresh-${String(refreshed.length + 1)}`,
      });
    });
  });
  url = `https://127.0.0.1:${String(await listen(server))}`;
  return { url, ca: authority.certificate, refreshed, token, close: () => closed(server) };
}

async function listen(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: TcpServer & { closeAllConnections?: () => void }): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections?.();
  await end;
}
