import { shell, type BrowserWindow } from 'electron';
import type { Host } from '../../host.ts';
import { refuseUnsafe } from './external-url.ts';
import { wire } from './ipc.ts';

/** What the application may borrow from Electron. */
export function electronHost(windows: () => readonly BrowserWindow[]): Host {
  return {
    kind: 'electron',
    publish(name, payload, client) {
      for (const { webContents } of windows()) {
        if (client === undefined || client === `window-${String(webContents.id)}`)
          webContents.send(wire.event, name, payload);
      }
    },
    openExternal: (url) => shell.openExternal(refuseUnsafe(url)),
  };
}
