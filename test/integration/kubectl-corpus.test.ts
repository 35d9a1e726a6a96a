// The corpus: typed commands against the real kubectl on a real cluster. One application answers all of them.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realCluster, realKubectl } from '../support/real-cluster.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';
import type { Case } from './corpus/case.ts';
import { difference, type Answer } from './corpus/compare.ts';
import { differences } from './corpus/differences.ts';
import { descriptions } from './corpus/descriptions.ts';
import { errors, forbidden } from './corpus/errors.ts';
import { formats } from './corpus/formats.ts';
import { tables } from './corpus/tables.ts';

const program = realKubectl();
const { kubeconfig } = realCluster;
const shop = kubeconfig === null ? '' : join(dirname(kubeconfig), 'kubeconfig.shop');

/** The line in bash, as a person would run it. */
function byKubectl(line: string, config: string): Promise<Answer> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: config, PATH: `${dirname(program ?? '')}:${process.env['PATH'] ?? ''}` };
    const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: 45_000 };
    execFile('bash', ['-c', line], options, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error === null ? 0 : typeof error.code === 'number' ? error.code : 130 });
    });
  });
}

async function byUs(line: string, app: RunningApp): Promise<Answer> {
  const { selected } = await app.request('clusters.list', undefined);
  const { body, notes, exitCode } = await app.request('commands.run', {
    run: randomUUID(),
    line,
    cluster: selected,
    namespace: null,
    conversation: null,
    form: 'terminal',
  });
  const stdout = body.kind === 'text' ? body.text : '';
  return { stdout, stderr: notes.map((note) => `${note}\n`).join(''), code: exitCode };
}

const same = (kubectl: Answer): Answer => kubectl;

/** Both at once, again where the cluster moved between the two. `asOurs`: what differs on purpose. */
async function compare(one: Case, app: RunningApp, config: string, asOurs = same): Promise<string | null> {
  let found: string | null = null;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const [kubectl, ours] = await Promise.all([byKubectl(one.line, config), byUs(one.line, app)]);
    found = difference(one, asOurs(kubectl), ours);
    if (found === null) return asOurs !== same && difference(one, kubectl, ours) === null ? 'nothing differs' : null;
  }
  return found;
}

function holds(list: readonly Case[], config: string): void {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startTestApp({ kubeconfigs: [config] });
  });
  afterAll(() => app.close());

  it.concurrent.for(list.filter(({ differs }) => differs === undefined))('$line', async (one) => {
    expect(await compare(one, app, config)).toBeNull();
  });
  const listed = list.filter(({ differs }) => differs !== undefined);
  if (listed.length === 0) return;
  it.concurrent.for(listed)('$line differs in one thing only: $differs', async (one) => {
    const asOurs = differences[one.line];
    if (asOurs === undefined) throw new Error('corpus/differences.ts has to say what exactly differs');
    expect(await compare(one, app, config, asOurs)).toBeNull();
  });
}

describe.skipIf(kubeconfig === null || program === null)(
  'a typed command answers as kubectl does',
  { timeout: 120_000 },
  () => {
    const all = [...tables, ...formats, ...errors, ...descriptions];
    it('is held by at least 120 commands', () => {
      expect(new Set(all.map(({ line }) => line)).size).toBeGreaterThanOrEqual(120);
    });
    describe('for tables', () => holds(tables, kubeconfig ?? ''));
    describe('for formats, byte for byte', () => holds(formats, kubeconfig ?? ''));
    describe('for errors', () => holds(errors, kubeconfig ?? ''));
    describe('for descriptions, logs and dry runs', () => holds(descriptions, kubeconfig ?? ''));
    describe.skipIf(!existsSync(shop))('for a person who may use one namespace', () => holds(forbidden, shop));
  },
);
