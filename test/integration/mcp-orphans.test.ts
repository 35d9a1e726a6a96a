import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuntimeDir } from '../../main/mcp/runtime-dir.ts';
import { processesWith, untilNoProcessWith } from '../support/processes.ts';

const program = new URL('../support/mcp-app.ts', import.meta.url).pathname;
/** After a kill -9 of the app nothing of it may live longer. */
const orphanMs = 2_000;
let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ai4k8s-orphans-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

function startApp(): ChildProcess {
  return spawn(process.execPath, [program, base], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function says(app: ChildProcess, word: string): Promise<void> {
  for await (const line of createInterface({ input: app.stdout as NodeJS.ReadableStream })) {
    if (line === word) return;
  }
  throw new Error(`the app ended before it said ${word}`);
}

async function killed(app: ChildProcess): Promise<void> {
  const gone = once(app, 'exit');
  app.kill('SIGKILL');
  await gone;
}

describe('the servers of an app that is killed', () => {
  it(
    'are gone within 2 seconds, 50 times, at any moment of their start and after it',
    { timeout: 180_000 },
    async () => {
      let slowestMs = 0;
      for (let round = 0; round < 50; round += 1) {
        const app = startApp();
        // Odd rounds: in the middle of the start, at another moment each; even ones: with servers running.
        if (round % 2 === 0) await says(app, round % 4 === 0 ? 'ready' : 'standby');
        else await delay(120 + round * 5);
        await killed(app);
        const at = performance.now();
        await untilNoProcessWith(base, orphanMs);
        slowestMs = Math.max(slowestMs, performance.now() - at);
      }
      process.stdout.write(`50 kills, 0 orphans; the slowest was gone after ${Math.round(slowestMs)} ms\n`);
    },
  );

  it('leave no file behind once the next run has started', async () => {
    const app = startApp();
    await says(app, 'ready');
    await killed(app);
    await untilNoProcessWith(base, orphanMs);
    expect(await readdir(base)).toHaveLength(1);
    const next = await RuntimeDir.open(base);
    await next.close();
    expect(await readdir(base)).toHaveLength(0);
  });

  it.runIf(process.platform !== 'win32')(
    'are swept by the next run where the shells that watch were killed too',
    async () => {
      const app = startApp();
      await says(app, 'ready');
      const ours = await processesWith(base);
      const shells = await processesWith('exec 4<&0');
      app.kill('SIGSTOP');
      for (const pid of ours.filter((one) => shells.includes(one))) process.kill(pid, 'SIGKILL');
      await killed(app);
      expect(await processesWith(base)).not.toHaveLength(0);
      const next = await RuntimeDir.open(base);
      await untilNoProcessWith(base, orphanMs);
      await next.close();
    },
  );
});
