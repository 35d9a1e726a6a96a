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
  const isTerminal = query.flag('tty');
  const print = ({ stdout, stderr }: ExecResult): void => {
    const shown = (text: string): string => (isTerminal ? text.replaceAll('\n', '\r\n') : text);
    if (stdout && query.flag('stdout')) send(client, channel.stdout, shown(stdout));
    if (stderr) send(client, isTerminal ? channel.stdout : channel.stderr, shown(stderr));
  };
  const finish = (exitCode: number): void => {
    send(client, channel.error, JSON.stringify(exitStatus(exitCode)));
    client.close(1000);
  };
  const runWhole = (stdin: string): void => {
    const result = run(stdin);
    print(result);
    finish(result.exitCode);
  };
  if (!query.flag('stdin')) {
    runWhole('');
    return;
  }
  const command = query.all('command');
  if (isTerminal && command.length === 1 && /(^|\/)(ba|a)?sh$/.test(command[0] ?? '')) {
    serveTerminal(
      client,
      (line) => {
        const result = run(`${line}\n`);
        print(result);
        return result.exitCode;
      },
      finish,
    );
    return;
  }
  const chunks: Buffer[] = [];
  client.on('message', (data: RawData) => {
    const bytes = bytesOf(data);
    if (bytes[0] === channel.stdin) chunks.push(bytes.subarray(1));
    if (bytes[0] === channel.close || (isTerminal && bytes.includes(endOfText, 1))) {
      runWhole(Buffer.concat(chunks).toString('utf8').replaceAll('\u0004', ''));
    }
  });
}

const endOfText = 4;
const prompt = '/ # ';

/** A shell at a terminal: what is typed comes back, each line runs by itself, ^D and `exit` end it. */
function serveTerminal(client: WebSocket, run: (line: string) => number, finish: (exitCode: number) => void): void {
  let line = '';
  let exitCode = 0;
  const echo = (text: string): void => {
    send(client, channel.stdout, text);
  };
  const enter = (): boolean => {
    echo('\r\n');
    const typed = line.trim();
    line = '';
    const leave = /^exit(?:\s+(\d+))?$/.exec(typed);
    if (leave) {
      finish(Number(leave[1] ?? exitCode));
      return false;
    }
    if (typed) exitCode = run(typed);
    echo(prompt);
    return true;
  };
  echo(prompt);
  client.on('message', (data: RawData) => {
    const bytes = bytesOf(data);
    if (bytes[0] === channel.close) finish(exitCode);
    if (bytes[0] !== channel.stdin) return;
    for (const character of bytes.subarray(1).toString('utf8')) {
      if (character === '\r' || character === '\n') {
        if (!enter()) return;
      } else if (character === '\u0004') {
        finish(exitCode);
        return;
      } else if (character === '\u0003') {
        line = '';
        echo(`^C\r\n${prompt}`);
      } else if (character === '\u007f' || character === '\b') {
        if (line) echo('\b \b');
        line = line.slice(0, -1);
      } else {
        line += character;
        echo(character);
      }
    }
  });
}

function bytesOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
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
