import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoCluster } from '../support/demo-cluster.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

let demo: Awaited<ReturnType<typeof startDemoCluster>>;
let app: RunningApp;
beforeAll(async () => {
  demo = await startDemoCluster();
  app = await startTestApp({ kubeconfigs: [demo.kubeconfig], demoKubeconfig: demo.kubeconfig });
}, 60_000);
afterAll(async () => {
  await app.close();
  await demo.close();
});

/** Names of the files of the data folder in which one of these stands. */
async function filesWith(texts: readonly string[]): Promise<string[]> {
  const all = (await readdir(app.dataDir, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  const paths = all.map((one) => join(one.parentPath, one.name));
  const read = await Promise.all(paths.map((path) => readFile(path, 'latin1')));
  return paths.filter((_, index) => texts.some((text) => read[index]?.includes(text) === true));
}

test(
  'values of Secrets and typed secrets are shown, and stand in no file of the app',
  { timeout: 60_000 },
  async () => {
    const cluster = (await app.request('clusters.list', undefined)).clusters[0]?.id ?? '';
    const { id: conversation } = await app.request('conversations.create', { cluster });
    const run = (line: string, form: 'view' | 'terminal' = 'terminal') =>
      app.request('commands.run', { run: randomUUID(), line, cluster, namespace: null, conversation, form });
    const textOf = ({ body }: Awaited<ReturnType<typeof run>>) =>
      body.kind === 'text' || body.kind === 'document' ? body.text : body.kind;

    const found = await run('kubectl get secrets -A -o json');
    const { items } = JSON.parse(textOf(found)) as {
      items: { metadata: { namespace: string; name: string }; data?: Record<string, string> }[];
    };
    const secret = items.find(({ data }) => Object.values(data ?? {}).some((value) => value.length >= 12));
    const [key = '', base64 = ''] = Object.entries(secret?.data ?? {}).find(([, value]) => value.length >= 12) ?? [];
    const { namespace = '', name = '' } = secret?.metadata ?? {};
    const one = `kubectl get secret ${name} -n ${namespace}`;
    // On screen it is as kubectl prints it.
    expect(textOf(await run(`${one} -o yaml`))).toContain(base64);
    expect(textOf(await run(`${one} -o yaml`, 'view'))).toContain(base64);
    expect(textOf(await run(`${one} -o jsonpath='{.data.${key}}'`))).toContain(base64);
    await run(`${one} -o yaml | grep ${key}`);
    await run(`kubectl get secrets -n ${namespace} -o custom-columns=V:.data.${key}`, 'view');
    const typed = 'typed-hunter2-typed';
    const line = `kubectl create secret generic x --from-literal=pw=${typed}`;
    await run(line);
    await app.request('conversations.save-draft', { conversation, text: line });

    const opened = await app.request('conversations.open', { conversation });
    const notes = opened.items.flatMap((item) => (item.kind === 'command' ? (item.result?.notes ?? []) : []));
    expect(notes.filter((note) => note.startsWith('Values of Secrets are not kept')).length).toBeGreaterThanOrEqual(5);
    expect(notes).toContain('Secrets in the line are not kept; ‹not-kept› stands for them.');
    expect((await app.request('commands.history', { limit: 1 })).lines[0]).toContain('--from-literal=pw=‹not-kept›');
    expect(await filesWith([name])).not.toEqual([]);
    const plain = Buffer.from(base64, 'base64').toString('latin1');
    const forms = [plain, base64, typed, Buffer.from(typed).toString('base64').replace(/=+$/, '')];
    expect(await filesWith(forms)).toEqual([]);
  },
);
