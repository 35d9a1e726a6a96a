// Asks a real cluster and the demo the same things and says where their answers differ in status, shape or columns:
//   npm run compare-clusters -- --real KUBECONFIG [--only TEXT]
// It starts the demo itself, works in a namespace made for it and deletes that namespace afterwards, on both.
// Exit 0 only when every difference has a reason in the list.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differencesOf } from './answers.ts';
import { ApiClient } from './api-client.ts';
import type { Answer } from './api-client.ts';
import { reasonFor } from './reasons.ts';
import type { Request } from './request.ts';
import { clusterTables, reads, selfDescription } from './requests-reads.ts';
import { changes, deletions, refusals } from './requests-changes.ts';
import { creates } from './requests-creates.ts';

const { values } = parseArgs({ options: { real: { type: 'string' }, only: { type: 'string' } } });
if (!values.real) throw new Error('--real KUBECONFIG is required');

const requests = [...selfDescription, ...clusterTables, ...creates, ...reads, ...changes, ...refusals, ...deletions];
const namespace = `compare-${String(Date.now() % 1_000_000)}`;
const folder = mkdtempSync(join(tmpdir(), 'compare-clusters-'));
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function startDemo(): Promise<{ demo: ChildProcess; kubeconfig: string }> {
  const kubeconfig = join(folder, 'demo.kubeconfig');
  const program = new URL('../../main/demo/main.ts', import.meta.url).pathname;
  const demo = spawn(process.execPath, [program, '--kubeconfig-out', kubeconfig, '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    demo.stdout.once('data', () => {
      resolve();
    });
    demo.once('exit', (code) => {
      reject(new Error(`the demo cluster ended with ${String(code)} before it was ready`));
    });
  });
  return { demo, kubeconfig };
}

function ask(client: ApiClient, request: Request): Promise<Answer> {
  const fill = (text: string): string => text.replaceAll('NS', namespace);
  const body =
    request.body === undefined
      ? undefined
      : typeof request.body === 'string'
        ? request.body
        : JSON.stringify(request.body);
  return client.ask(fill(request.path), {
    method: request.method,
    ...(request.accept ? { accept: request.accept } : {}),
    ...(request.contentType ? { contentType: request.contentType } : {}),
    ...(body === undefined ? {} : { body: fill(body) }),
    ...(request.headers ? { headers: request.headers } : {}),
    ...(request.stopAfterMs ? { stopAfterMs: request.stopAfterMs } : {}),
  });
}

async function settled(client: ApiClient, request: Request): Promise<Answer> {
  const { until } = request;
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask(client, request);
    if (!until || answer.status >= 400 || until(JSON.parse(answer.text)) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function compare(real: ApiClient, demo: ApiClient): Promise<boolean> {
  let unexplained = 0;
  let explained = 0;
  let count = 0;
  for (const request of requests) {
    const [a, b] = await Promise.all([settled(real, request), settled(demo, request)]);
    count += 1;
    const all = differencesOf(a, b, request.contentsDiffer ?? false);
    const shown = values.only && !request.name.includes(values.only) ? [] : all;
    for (const difference of shown) {
      const reason = reasonFor(request, difference);
      if (reason) explained += 1;
      else unexplained += 1;
      say(
        `${reason ? '  known' : 'DIFFERS'}  ${request.name}\n         ${difference.path}: ${difference.what}${reason ? `\n         because ${reason}` : ''}`,
      );
    }
  }
  say(
    `${String(count)} requests on both clusters: ${String(unexplained)} differences, ${String(explained)} known ones with their reason`,
  );
  return unexplained === 0;
}

const { demo, kubeconfig } = await startDemo();
const real = new ApiClient(values.real);
const clients = [real, new ApiClient(kubeconfig)] as const;
let isSame = false;
try {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const client of clients) {
    await client.ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.compare.example', {
      method: 'DELETE',
    });
    await client.ask('/api/v1/namespaces', { method: 'POST', body });
    for (let tries = 0; tries < 50; tries += 1) {
      const account = await client.ask(`/api/v1/namespaces/${namespace}/serviceaccounts/default`);
      if (account.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  isSame = await compare(...clients);
} finally {
  await real.ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.compare.example', {
    method: 'DELETE',
  });
  await real.ask(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
  demo.stdin?.end();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isSame ? 0 : 1;
