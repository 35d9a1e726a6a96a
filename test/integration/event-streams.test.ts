import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventStreams } from '../../main/hosts/browser/event-streams.ts';

let streams: EventStreams;
let server: Server;
let alive: string[];
beforeEach(async () => {
  alive = [];
  streams = new EventStreams((client) => alive.push(client));
  server = createServer((request, response) => streams.open(request.url?.slice(1) ?? '', response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  streams.close();
  server.closeAllConnections();
  server.close();
});

async function open(client: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`GET /${client} HTTP/1.1\r\nHost: x\r\n\r\n`);
  socket.on('error', () => undefined);
  await once(socket, 'data');
  return socket;
}

describe('event streams', () => {
  test('a reader that reads nothing is cut off, memory stays flat, and others go on', async () => {
    const stuck = await open('stuck');
    stuck.pause();
    const reader = await open('reader');
    let received = 0;
    reader.on('data', (part: Buffer) => (received += part.length));
    const payload = 'x'.repeat(1_000_000);
    const before = process.memoryUsage().rss;
    const closed = once(stuck, 'close');
    for (let number = 0; number < 60; number += 1) {
      streams.publish('commands.output', { number, payload }, null);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stuck.resume();
    await closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    while (received < 60_000_000) await once(reader, 'data');
    reader.destroy();
  });

  test('an event for one client goes to no other', async () => {
    const [one, two] = [await open('one'), await open('two')];
    let heard = '';
    two.on('data', (part: Buffer) => (heard += part.toString()));
    streams.publish('changes.changed', 'for one', 'one');
    expect(String(((await once(one, 'data')) as [Buffer])[0])).toContain('for one');
    streams.publish('settings.changed', 'for all', null);
    while (!heard.includes('for all')) await once(two, 'data');
    expect(heard).not.toContain('for one');
    expect(alive).toContain('one');
    one.destroy();
    two.destroy();
  });
});
