import type { App, Session } from 'electron';
import { isOwnPage } from './own-page.ts';

/** Every session, the default one included: no permission, no device, no capture, no request that leaves the app. */
export function guardSession(session: Session, allowDevTools: boolean): void {
  session.setPermissionRequestHandler((_, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !(isOwnPage(url) || (allowDevTools && url.startsWith('devtools://'))) });
  });
}

/** Every web contents there will ever be: it stays on our page, opens no window and holds no webview. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
  });
}
