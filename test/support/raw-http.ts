import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends exactly these bytes to a loopback port and reads until the server closes. Status 0: it closed without a word. */
export function sendRaw(port: number, head: string, body: string | Buffer = ''): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  let said = '';
  const socket = connect(port, '127.0.0.1', () => {
    socket.write(head);
    socket.write(body);
  });
  socket.on('data', (part: Buffer) => (said += part.toString('latin1')));
  // A refused body may be cut off by a reset after the answer.
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(parse(said)));
  return promise;
}

function parse(said: string): RawAnswer {
  const [head = '', ...rest] = said.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers: Object.fromEntries(
      lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ').slice(1).join(': ')]),
    ),
    body: rest.join('\r\n\r\n'),
  };
}
