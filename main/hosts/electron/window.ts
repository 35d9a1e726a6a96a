import { BrowserWindow, type WebPreferences } from 'electron';
import { pageUrl } from './own-page.ts';

/** What the window's preferences have to say, by type: a weaker value does not compile. */
export type SecurePreferences = WebPreferences & {
  readonly contextIsolation: true;
  readonly sandbox: true;
  readonly nodeIntegration: false;
  readonly nodeIntegrationInWorker: false;
  readonly nodeIntegrationInSubFrames: false;
  readonly webSecurity: true;
  readonly webviewTag: false;
  readonly navigateOnDragDrop: false;
  readonly devTools: boolean;
};

export async function openWindow(preload: string, devTools: boolean): Promise<BrowserWindow> {
  const webPreferences = {
    preload,
    devTools,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
  } as const satisfies SecurePreferences;
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    webPreferences,
  });
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  window.once('ready-to-show', () => window.show());
  await window.loadURL(pageUrl);
  return window;
}
