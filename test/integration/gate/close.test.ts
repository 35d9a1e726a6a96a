import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { describeOnClusters } from './clusters.ts';

describeOnClusters('a gate that closes', (cluster) => {
  it('does not wait for a client that keeps its half of a refused upgrade open', async () => {
    const gate = await cluster.start();
    const { hostname, port, pathname } = new URL(gate.gate.urlOf('c'));
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on('error', () => undefined);
    const head = [`GET ${pathname}/api/v1/pods HTTP/1.1`, `Host: ${hostname}`, 'Connection: Upgrade', 'Upgrade: x'];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [said] = (await once(socket, 'data')) as [Buffer];
    expect(said.toString()).toMatch(/^HTTP\/1\.1 401 /);
    const late = new Promise((resolve) => setTimeout(resolve, 3000, 'still open'));
    expect(await Promise.race([gate.close().then(() => 'closed'), late])).toBe('closed');
    socket.destroy();
  });
});
