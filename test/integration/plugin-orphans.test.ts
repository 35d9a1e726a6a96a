import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { chmod } from 'node:fs/promises';
import { newFolder } from '../support/open-kubeconfigs.ts';
import { processesWith, untilNoProcessWith } from '../support/processes.ts';

const program = new URL('../support/plugin-app.ts', import.meta.url).pathname;

test.runIf(process.platform !== 'win32')(
  'an exec plugin of an app that is killed with kill -9 ends within 2 seconds, with what it started',
  { timeout: 30_000 },
  async () => {
    const folder = await newFolder();
    try {
      const child = `${folder.path}/child`;
      const plugin = await folder.file('login', `#!/bin/sh\nsh -c 'sleep 600; :' ${child} &\nwait\n`);
      await chmod(plugin, 0o755);
      const app = spawn(process.execPath, [program, plugin], { stdio: 'ignore' });
      await expect.poll(() => processesWith(child), { timeout: 15_000 }).not.toHaveLength(0);
      const gone = once(app, 'exit');
      app.kill('SIGKILL');
      await gone;
      await untilNoProcessWith(folder.path, 2000);
    } finally {
      await folder.remove();
    }
  },
);
