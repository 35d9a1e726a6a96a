/**
 * `npm start`, on Node 24: reads the flags, starts what was asked for, says when it is ready, and ends it.
 *
 * Promises: exactly one ready line; whatever it started ends with it, on Ctrl-C, on a signal, and when the launcher or
 * the terminal goes. Everything it writes to disk is this user's alone (umask 077).
 * Never: decides anything about clusters; the hosts and the application do.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors.ts';
import { Closers } from '../closers.ts';
import type { StartOptions } from '../host.ts';
import type { Log } from '../log.ts';
import { findKubeconfigs } from '../kubeconfig/find.ts';
import { assertFree } from '../storage/database.ts';
import { buildRenderer } from './build-renderer.ts';
import { defaultDataDir } from './data-dir.ts';
import { startDemo } from './demo.ts';
import { electronBinary, startElectron } from './electron-process.ts';
import { parseFlags, usage, type Flags } from './options.ts';
import { openInBrowser } from './open-in-browser.ts';
import { watchParent } from './parent.ts';
import { startBrowserHost } from './browser/main.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const closers = new Closers();
let ending = false;
/** The application's, where it runs in this process. */
let log: Log | null = null;
/** What has not closed by then is left to end with the process. */
const longestCloseMs = 8000;
/** What helps --run where an app has the data folder. */
const besideAnother =
  'Type the command there, or end that app first. Another --data-dir works beside it, without its production marks and consents.';

process.umask(0o077);
process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
process.on('SIGHUP', () => end(129));
process.on('disconnect', () => end(1));
watchParent(() => end(129));

const flags = readFlags();
try {
  await start(flags);
} catch (error) {
  // Ended meanwhile, and what was being started with it: that exit code stands.
  if (!ending) await giveUp(error);
}

async function giveUp(error: unknown): Promise<never> {
  const isBusy = error instanceof AppError && error.failure.code === 'storage.busy';
  if (isBusy && flags.run !== null) say(`${error.failure.message} ${besideAnother}`);
  else say(error instanceof AppError ? `${error.failure.message} ${error.failure.remedy}` : textOf(error));
  await closers.closeWithin(longestCloseMs, null);
  // With --run, 3 says that a change waits for approval.
  process.exit(isBusy && flags.run === null ? 3 : 1);
}

function readFlags(): Flags {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    say(`${textOf(error)}\n\n${usage}`);
    process.exit(2);
  }
}

async function start(flags: Flags): Promise<void> {
  const dataDir = resolve(flags.dataDir ?? defaultDataDir());
  // The demo needs a moment of its own, in which the window can be built.
  const building = flags.run === null ? buildRenderer(root, say, closers) : Promise.resolve();
  building.catch(() => undefined);
  const demo = flags.demo ? await startDemo(root, dataDir, assertFree) : null;
  if (demo !== null) closers.add('the demo cluster', () => demo.close());
  await building;
  demo?.take();
  const options: StartOptions = {
    dataDir,
    kubeconfigs: kubeconfigsOf(flags, demo?.kubeconfig ?? flags.demoKubeconfig),
    demoKubeconfig: demo?.kubeconfig ?? flags.demoKubeconfig,
    version: versionOf(root),
  };
  if (flags.run !== null) return inTerminal(flags.run, flags, options);
  const electron = flags.browser ? null : electronBinary(root);
  if (electron !== null) return inElectron(electron, options);
  if (!flags.browser) say('Electron is not installed here; opening in the browser instead.');
  return inBrowser(flags, options);
}

/** One command, then the end with kubectl's exit code. Imported only where it is asked for. */
async function inTerminal(line: string, { context, approve }: Flags, options: StartOptions): Promise<void> {
  const { runCommand } = await import('./run/main.ts');
  // A reader that has seen enough, as `head`, is no error.
  process.stdout.on('error', () => end(0));
  const terminal = {
    out: (text: string) => void process.stdout.write(text),
    say,
    onClose: (close: () => Promise<void>) => void closers.add('the application', close),
  };
  const exitCode = await runCommand(options, { line, context, approve }, terminal);
  // Interrupted meanwhile: that exit code stands.
  if (ending) return;
  // Only once all of it was taken: an exit cuts off what a pipe still holds.
  process.stdout.write('', () => end(exitCode));
}

/** The demo's alone where it was asked for; those of the flags; else what kubectl would use. */
function kubeconfigsOf(flags: Flags, demo: string | null): readonly string[] {
  const named = [...(demo === null ? [] : [demo]), ...flags.kubeconfigs].map((path) => resolve(path));
  return named.length > 0 ? named : findKubeconfigs(null, process.env, homedir());
}

async function inBrowser(flags: Flags, options: StartOptions): Promise<void> {
  const host = await startBrowserHost(options, join(root, 'out', 'window'), flags.port);
  log = host.app.log;
  closers.add('the browser host', () => host.close());
  for (const { message, remedy } of host.app.notices) say(`${message} ${remedy}`);
  const url = host.link();
  process.stdout.write(`AI4K8s ready at ${url}\n`);
  if (flags.open) openInBrowser(url);
  if (process.stdin.isTTY) {
    say('Enter gives a new link, Ctrl-C ends.');
    createInterface(process.stdin).on('line', () => say(host.link()));
  }
}

async function inElectron(binary: string, options: StartOptions): Promise<void> {
  const electron = await startElectron(root, binary, options, closers);
  electron.ended.then(end, () => end(1));
  process.stdout.write('AI4K8s ready in Electron\n');
}

function end(code: number): void {
  // A second Ctrl-C does not wait.
  if (ending) process.exit(code);
  ending = true;
  closers.closeWithin(longestCloseMs, log).then(
    (stuck) => {
      if (stuck !== null) say(`${stuck} did not close in time; ending all the same.`);
      process.exit(code);
    },
    () => process.exit(code),
  );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
