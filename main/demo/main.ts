/**
 * The demo cluster as a program:
 *   npm run demo -- [--port N] [--kubeconfig-out FILE] [--with-parent] [--empty | --pods N --nodes N]
 * Prints one line when it is ready. `--with-parent`: ends when its standard input does, as a child of the app must.
 * It tells its story (story/story.ts); `--empty`: no story and no nodes; `--pods 5000 --nodes 200`: a crowd besides it.
 * The kubeconfig has contexts demo (administrator, client certificate), demo-token, demo-viewer, demo-shop-developer.
 *
 * Faults for tests: PUT /demo/faults with a JSON list, as an administrator: see faults.ts.
 */
import { writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';

// Half of a start is reading and compiling; from the second start on this spares it, so the rest is imported after it.
enableCompileCache();
const { startDemoCluster } = await import('./cluster.ts');
const { startStory } = await import('./story/start.ts');

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'kubeconfig-out': { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    pods: { type: 'string', default: '0' },
    nodes: { type: 'string', default: '0' },
  },
});

const port = Number(values.port);
const crowd = { pods: Number(values.pods), nodes: Number(values.nodes) };
const demo = values.empty ? await startDemoCluster({ port }) : await startStory(port, crowd);
const file = values['kubeconfig-out'];
if (file) writeFileSync(file, demo.kubeconfig, { mode: 0o600 });
process.stdout.write(`demo cluster ready at ${demo.url}\n`);

function stop(): void {
  demo.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
if (values['with-parent']) {
  process.stdin.resume();
  process.stdin.on('end', stop);
  process.stdin.on('error', stop);
}
