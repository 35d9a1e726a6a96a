import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const most = 64;

/**
 * Holds the number of connections down without shutting the window out: above the limit the oldest connection that has
 * not yet sent one whole request is dropped, so idle sockets of somebody else cannot take every place.
 */
export function limitConnections(server: Server): void {
  const waiting = new Set<Socket>();
  const all = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    waiting.add(socket);
    socket.on('close', () => {
      all.delete(socket);
      waiting.delete(socket);
    });
    if (all.size <= most) return;
    const [oldest] = waiting;
    oldest?.destroy();
  });
  server.on('request', ({ socket }) => waiting.delete(socket));
}
