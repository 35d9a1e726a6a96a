import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listeningInode, listenerOwner } from '../../../../main/mcp/listener.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11111 1 0 100 0 0 10 0
   1: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22222 1 0 100 0 0 10 0
   2: 0100007F:1F92 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 33333 1 0 100 0 0 10 0
   3: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 44444 1 0 100 0 0 10 0
`;

describe('the table of listening sockets', () => {
  it('names the socket of the address and port, or of every address', () => {
    expect(listeningInode(table, 8080)).toBe('11111');
    expect(listeningInode(table, 8081)).toBe('22222');
  });

  it('does not take a connection, or another address, for a listener', () => {
    expect(listeningInode(table, 8082)).toBeNull();
    expect(listeningInode(table.replace('0100007F:1F90 0', '0300007F:1F90 0'), 8080)).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('the owner of a listening port', () => {
  it('is told apart: this process, another one, nobody', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await listenerOwner(port, process.pid)).toBe('ours');
    expect(await listenerOwner(port, process.ppid)).toBe('other');
    server.close();
    await once(server, 'close');
    expect(await listenerOwner(port, process.pid)).toBe('nobody');
  });
});
