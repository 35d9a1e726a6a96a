/*
 * `npm test`: vitest (unit, contract, integration), then Playwright (e2e); `npm test -- PART …`: only the files whose path
 * contains one of the parts. Says which Chromium and which cluster are used, why what was skipped was skipped, which
 * files took longest, and, as its last line, 'N passed, N failed, N skipped'.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findChromium, type Chromium } from './support/browser.ts';
import { whyNot } from './support/real-cluster.setup.ts';

const root = join(import.meta.dirname, '..');
const results = join(root, 'test-results');

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Reason to the number of tests that it skipped. */
  readonly reasons: Map<string, number>;
}

const parts = process.argv.slice(2);
const tests = filesAsked('.test.ts');
const specs = filesAsked('.spec.ts');
if (tests.length + specs.length === 0) {
  say(`No test file's path contains ${parts.join(' or ')}.`);
  process.exit(1);
}
const chromium = findChromium({ install: true });
const cluster = clusterInUse();
say(
  chromium.path === null ? `Browser: none (${chromium.because}).` : `Browser: ${chromium.path}, of ${chromium.from}.`,
);
say(`Real cluster: ${cluster.said}.`);
mkdirSync(results, { recursive: true });

const counts: Counts = { passed: 0, failed: 0, skipped: 0, reasons: new Map() };
/** File to the ms that it took. */
const took = new Map<string, number>();
if (tests.length > 0) await runVitest();
if (specs.length > 0) await runPlaywright(chromium);
for (const [reason, number] of counts.reasons) say(`Skipped ${String(number)}: ${reason}.`);
saySlowest();
say(`${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.skipped)} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

function filesAsked(ending: string): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith(ending) && (parts.length === 0 || parts.some((part) => path.includes(part))));
}

function saySlowest(): void {
  const slowest = [...took].sort(([, a], [, b]) => b - a).slice(0, 10);
  if (slowest.length < 2) return;
  say('Slowest files:');
  for (const [file, ms] of slowest) say(`${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
}

function clusterInUse(): { said: string; because: string | null } {
  const named = process.env['AI4K8S_REAL_KUBECONFIG'] ?? '';
  if (named !== '') return { said: `the one of ${named}`, because: null };
  const because = whyNot();
  return because === null
    ? { said: 'started for this run, when the first test asks', because }
    : { said: `none (${because})`, because };
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

async function runVitest(): Promise<void> {
  const report = join(results, 'vitest.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(
    'vitest',
    'vitest.mjs',
    ['run', '--config', join('test', 'vitest.config.ts'), ...reporters, ...(parts.length === 0 ? [] : tests)],
    {},
  );
  if (!existsSync(report)) return fail('vitest ended without a report', code);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  const failedBefore = counts.failed;
  for (const { name, status, message, assertionResults, startTime, endTime } of testResults) {
    const file = relative(root, name);
    took.set(file, endTime - startTime);
    for (const one of assertionResults) {
      if (one.status === 'passed') counts.passed += 1;
      else if (one.status === 'failed') counts.failed += 1;
      else skip(reasonOf(file));
    }
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed'))
      fail(`${file}: ${message}`, code);
  }
  if (code !== 0 && counts.failed === failedBefore) fail('vitest saw an error outside any test', code);
}

function reasonOf(file: string): string {
  if (file.includes('chromium') && chromium.path === null) return `${file}: ${chromium.because}`;
  return `${file}: ${cluster.because ?? 'the test says why'}`;
}

interface PlaywrightSuite {
  readonly file: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly tests: readonly { readonly results: readonly { readonly duration: number }[] }[];
  }[];
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[];
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

async function runPlaywright(found: Chromium): Promise<void> {
  const config = join('test', 'playwright.config.ts');
  if (!existsSync(join(root, config))) return;
  if (found.path === null) return skip(`every test in a browser: ${found.because}`);
  const report = join(results, 'playwright.json');
  rmSync(report, { force: true });
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, AI4K8S_CHROMIUM: found.path };
  // Playwright takes regular expressions.
  const asked = parts.length === 0 ? [] : specs.map((path) => `${path.replaceAll('.', '\\.')}$`);
  const args = ['test', '--config', config, '--reporter=list,json', ...asked];
  const code = await run('@playwright/test', 'cli.js', args, env);
  if (!existsSync(report)) return fail('Playwright ended without a report', code);
  const { stats, suites } = JSON.parse(readFileSync(report, 'utf8')) as PlaywrightReport;
  for (const suite of suites) took.set(`test/e2e/${suite.file}`, durationOf(suite));
  counts.passed += stats.expected + stats.flaky;
  counts.failed += stats.unexpected;
  for (let number = 0; number < stats.skipped; number += 1) skip('tests in a browser: the test says why');
  if (code !== 0 && stats.unexpected === 0) fail('Playwright saw an error outside any test', code);
}

/** Of all tests within, in ms. */
function durationOf({ suites = [], specs: within = [] }: PlaywrightSuite): number {
  const own = within.flatMap((spec) => spec.tests).flatMap((test) => test.results);
  return own.reduce((sum, { duration }) => sum + duration, 0) + suites.reduce((sum, one) => sum + durationOf(one), 0);
}

/** Runs a package's own program on this Node. The exit code. */
async function run(name: string, file: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const program = join(root, 'node_modules', ...name.split('/'), file);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Ctrl-C reaches the child by itself; here it must not cut the count off.
  process.on('SIGINT', () => undefined);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on('error', reject).on('exit', (code) => resolve(code ?? 1));
  return promise;
}

function skip(reason: string): void {
  counts.skipped += 1;
  counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
}

function fail(what: string, code: number): void {
  say(`Failed (exit code ${String(code)}): ${what}`);
  counts.failed += 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
