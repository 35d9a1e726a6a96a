import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

const most = 64;

export interface Connections {
  /** A good token or ticket came by this connection: it is the window's, and is kept. */
  trust(socket: Socket): void;
}

/**
 * Holds the number of connections down without shutting the window out: above the limit, one that has shown no good
 * token is dropped, the longest without a whole request first, and never the newest. So sockets of somebody else that
 * are idle, or hold a request back at whatever point, cannot take every place.
 */
export function limitConnections(server: Server): Connections {
  /** The longest without a whole request first. */
  const strangers = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
      strangers.delete(socket);
    });
    const [oldest] = strangers;
    if (open > most) oldest?.destroy();
    strangers.add(socket);
  });
  server.on('request', (request: IncomingMessage) => {
    const { socket, headers } = request;
    const renew = () => {
      if (strangers.delete(socket) && !socket.destroyed) strangers.add(socket);
    };
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) renew();
    else request.once('end', renew);
  });
  return { trust: (socket) => void strangers.delete(socket) };
}
