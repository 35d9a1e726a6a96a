/**
 * The Electron host: one window on the application, carried over two verbs.
 *
 * Promises: the window runs our files only, from our own scheme, sandboxed and without Node; it cannot navigate, open
 * windows, load from the network or get a permission; only its top frame is listened to.
 * Never: passes a secret to the window, opens a URL that is not https, or decides anything about clusters.
 * It is as thin as it can be, because it is the one part that a machine without Electron's binary cannot run.
 */
import { app, BrowserWindow, dialog, ipcMain, protocol, session } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../shared/errors.ts';
import { startApp, type App } from '../../app.ts';
import { defaultDataDir } from '../data-dir.ts';
import { parseFlags } from '../options.ts';
import { readStaticFiles } from '../static-files.ts';
import { guardContents, guardSession } from './guards.ts';
import { electronHost } from './host.ts';
import { carryRequests } from './ipc.ts';
import { openWindow } from './window.ts';
import { answerFile, schemes } from './window-files.ts';

/** `out`, where this file is `out/main/hosts/electron/main.js`. */
const out = fileURLToPath(new URL('../../..', import.meta.url));
const isDeveloped = !app.isPackaged;
// Chromium takes switches from the same command line; ours are these alone.
const known = /^--(data-dir|kubeconfig|demo-kubeconfig)=/;
const flags = parseFlags(process.argv.filter((argument) => known.test(argument)));
const dataDir = flags.dataDir ?? defaultDataDir();

process.umask(0o077);
app.enableSandbox();
app.setPath('userData', join(dataDir, 'electron'));
protocol.registerSchemesAsPrivileged(schemes);
app.on('session-created', (created) => guardSession(created, isDeveloped));
guardContents(app);

let application: App | null = null;
let isClosing = false;
app.on('before-quit', (event) => {
  if (application === null || isClosing) return;
  // What the application started ends before the process does.
  event.preventDefault();
  isClosing = true;
  application.close().then(
    () => app.exit(0),
    () => app.exit(1),
  );
});
app.on('window-all-closed', () => app.quit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => BrowserWindow.getAllWindows()[0]?.focus());
  app.whenReady().then(start).catch(refuse);
} else {
  app.exit(3);
}

async function start(): Promise<void> {
  guardSession(session.defaultSession, isDeveloped);
  const files = readStaticFiles(join(out, 'window'));
  protocol.handle('app', (request) => answerFile(files, request.url));
  application = await startApp(
    electronHost(() => BrowserWindow.getAllWindows()),
    {
      dataDir,
      kubeconfigs: flags.kubeconfigs,
      demoKubeconfig: flags.demoKubeconfig,
      version: app.getVersion(),
    },
  );
  carryRequests(ipcMain, application.dispatch, application.account);
  await openWindow(join(out, 'preload', 'preload.cjs'), isDeveloped);
  process.stdout.write('window open\n');
}

function refuse(error: unknown): void {
  const words =
    error instanceof AppError ? `${error.failure.message} ${error.failure.remedy}` : 'AI4K8s could not be started.';
  process.stderr.write(`${words}\n`);
  dialog.showErrorBox('AI4K8s', words);
  app.exit(error instanceof AppError && error.failure.code === 'storage.busy' ? 3 : 1);
}
