import type { IpcMain, WebFrameMain } from 'electron';
import type { Account, Reply } from '../../../shared/channel.ts';
import type { Dispatch } from '../../dispatch.ts';
import { isOwnPage } from './own-page.ts';

/** Names of the two verbs on the wire; the preload says them too. */
export const wire = { request: 'request', event: 'event' } as const;

const untrusted: Reply<never> = {
  ok: false,
  failure: {
    code: 'request.untrusted-sender',
    message: 'This request does not come from the window.',
    remedy: 'Restart the app.',
  },
};

/** Carries requests of our own page to the door, and nobody else's. The reply is a value, never a rejection. */
export function carryRequests(ipcMain: Pick<IpcMain, 'handle'>, dispatch: Dispatch, account: Account): void {
  ipcMain.handle(wire.request, async (event, name: unknown, input: unknown): Promise<Reply<unknown>> => {
    if (!isOurs(event.senderFrame) || typeof name !== 'string') return untrusted;
    return dispatch(name, input ?? undefined, { client: `window-${String(event.sender.id)}`, account });
  });
}

/** The frame is null once it navigated away or was destroyed; a subframe is not ours, whatever it shows. */
function isOurs(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOwnPage(frame.url);
}
