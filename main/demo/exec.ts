/** exec over WebSocket (v5.channel.k8s.io): the first byte of each message names the stream. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Cluster } from './context.ts';
import { ApiError, badRequest, forbidden, notFound } from './errors.ts';
import type { Pod } from './kinds.ts';
import { chooseContainer } from './logs.ts';
import type { ExecResult } from './pod-runtime.ts';
import type { Query } from './query.ts';
import type { ResourcePath } from './route.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 };
const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => protocols.find((each) => offered.has(each)) ?? false,
});

interface ExecRequest {
  request: IncomingMessage;
  path: ResourcePath;
  query: Query;
}

/** @throws ApiError 400, 403, 404 before the upgrade is answered. */
export function upgradeExec(
  cluster: Cluster,
  { request, path, query }: ExecRequest,
  socket: Duplex,
  head: Buffer,
): void {
  const pod =
    path.group === '' && path.plural === 'pods' ? cluster.store.get<Pod>('pods', path.namespace, path.name) : undefined;
  if (query.has('dryRun')) throw badRequest('dryRun is not supported');
  if (!pod) throw notFound({ group: path.group, plural: path.plural }, path.name);
  if (path.subresource !== 'exec') {
    throw forbidden(
      { group: '', plural: 'pods' },
      path.name,
      `the demo cluster does not carry ${path.subresource} streams`,
    );
  }
  if (!pod.spec.nodeName) throw badRequest(`pod ${path.name} does not have a host assigned`);
  const container = chooseContainer(pod, query.get('container'));
  const command = query.all('command');
  if (!command.length) throw badRequest('you must specify at least 1 command for the container');
  const isRunning = pod.status?.containerStatuses?.some((each) => each.name === container && each.state?.running);
  if (!isRunning)
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: unable to upgrade connection: container not found ("${container}")`,
    );
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw badRequest('the demo cluster speaks WebSocket only');
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    serveExec(client, query, (stdin) => cluster.runtime.exec(pod, container, command, stdin));
  });
}

function serveExec(client: WebSocket, query: Query, run: (stdin: string) => ExecResult): void {
  const finish = (stdin: string): void => {
    const { stdout, stderr, exitCode } = run(stdin);
    if (stdout && query.flag('stdout')) send(client, channel.stdout, stdout);
    if (stderr) send(client, query.flag('tty') ? channel.stdout : channel.stderr, stderr);
    send(client, channel.error, JSON.stringify(exitStatus(exitCode)));
    client.close(1000);
  };
  if (!query.flag('stdin')) {
    finish('');
    return;
  }
  const chunks: Buffer[] = [];
  client.on('message', (data: RawData) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
    if (bytes[0] === channel.stdin) chunks.push(bytes.subarray(1));
    const hasEnded = bytes[0] === channel.close || (query.flag('tty') && bytes.includes(4, 1));
    if (hasEnded)
      finish(
        Buffer.concat(chunks)
          .toString('utf8')
          .replace(/\u0004/g, ''),
      );
  });
}

function send(client: WebSocket, stream: number, text: string): void {
  client.send(Buffer.concat([Buffer.from([stream]), Buffer.from(text)]));
}

function exitStatus(exitCode: number): Record<string, unknown> {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${String(exitCode)}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
