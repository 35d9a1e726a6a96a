import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp } from '../support/start-app.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ai4k8s-start-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the application', () => {
  test('gives its data folder back when it closes, so that the next one starts', async () => {
    for (let run = 0; run < 3; run += 1) {
      const app = await startTestApp({ dataDir });
      await app.close();
      await app.close();
    }
    expect(existsSync(join(dataDir, 'ai4k8s.pid'))).toBe(false);
  });

  test('that cannot start closes what it had opened, and says why in its log', async () => {
    const first = await startTestApp({ dataDir });
    await expect(startTestApp({ dataDir })).rejects.toMatchObject({ failure: { code: 'storage.busy' } });
    expect(await first.request('settings.get', undefined)).toMatchObject({ theme: 'system' });
    await first.close();
    expect(readFileSync(join(dataDir, 'logs', 'ai4k8s.log'), 'utf8')).toContain('"message":"the start failed"');
    await (await startTestApp({ dataDir })).close();
  });

  test('says that a damaged database was set aside, and works on', async () => {
    writeFileSync(join(dataDir, 'ai4k8s.db'), '');
    const app = await startTestApp({ dataDir });
    expect(app.app.notices).toMatchObject([{ code: 'storage.damaged' }]);
    expect(await app.request('conversations.list', undefined)).toEqual([]);
    await app.close();
  });

  test('logs an unforeseen failure whole, under the reference that the person is shown', async () => {
    const app = await startTestApp({ dataDir });
    const other = { client: 'x', account: { id: 'nobody', role: 'admin' } } as const;
    const reply = await app.app.dispatch('conversations.create', { cluster: null }, other);
    await app.close();
    const shown = JSON.stringify(reply);
    const [, reference = ''] = /reference ([0-9a-f]{8})/.exec(shown) ?? [];
    expect(shown).not.toContain('FOREIGN KEY');
    const logged = readFileSync(join(dataDir, 'logs', 'ai4k8s.log'), 'utf8')
      .split('\n')
      .find((line) => line.includes(reference));
    expect(logged).toContain('FOREIGN KEY');
  });
});
