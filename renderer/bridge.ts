import type { Bridge } from '../shared/bridge.ts';
import type { Reply } from '../shared/channel.ts';

/*
 * The only file that knows there are two hosts: the preload's bridge where there is one, else HTTP to the server of this page.
 *
 * It promises that `request` resolves whatever happens, and that a listener hears every event from the moment it subscribes,
 * with the three events of `connectionEvents` around each gap. It must never keep the ticket: the fragment leaves the address
 * before the exchange is answered. Decided against: EventSource (it cannot carry the header token) and cookies (they reach
 * every other port of the loopback name).
 */

/** Said by the bridge itself, never by the application. After `open` everything shown may be old and is read again. */
export const connectionEvents = { open: 'bridge.open', lost: 'bridge.lost', ended: 'bridge.ended' } as const;

declare global {
  interface Window {
    readonly bridge?: Bridge;
  }
}

type Listener = (name: string, payload: unknown) => void;

const tokenKey = 'ai4k8s.token';
const retryMs = [250, 500, 1000, 2000, 5000];

function failed(code: 'request.not-signed-in' | 'unexpected', message: string, remedy: string): Reply<never> {
  return { ok: false, failure: { code, message, remedy } };
}

const ended = failed(
  'request.not-signed-in',
  'This window’s session has ended.',
  'Open the link that the terminal printed at the start, or start AI4K8s again.',
);

async function exchangeTicket(): Promise<string | null> {
  const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket');
  if (ticket === null) return sessionStorage.getItem(tokenKey);
  history.replaceState(null, '', location.pathname + location.search);
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  if (!response.ok) return sessionStorage.getItem(tokenKey);
  const { token } = (await response.json()) as { token: string };
  sessionStorage.setItem(tokenKey, token);
  return token;
}

function httpBridge(): Bridge {
  let leaving = false;
  window.addEventListener('pagehide', () => (leaving = true));
  window.addEventListener('pageshow', () => (leaving = false));
  const listeners = new Set<Listener>();
  const tell: Listener = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  const token = exchangeTicket().catch(() => sessionStorage.getItem(tokenKey));
  const end = () => {
    sessionStorage.removeItem(tokenKey);
    tell(connectionEvents.ended, null);
  };

  async function request(name: string, input: unknown): Promise<unknown> {
    const bearer = await token;
    if (bearer === null) return ended;
    let response: Response;
    try {
      response = await fetch(`/request/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ input }),
        // What a page asks for while it goes away is small, and must outlive it.
        keepalive: leaving,
      });
    } catch {
      return failed(
        'unexpected',
        'AI4K8s does not answer.',
        'See whether it still runs in its terminal, then try again.',
      );
    }
    if (response.status === 401) {
      end();
      return ended;
    }
    try {
      return await response.json();
    } catch {
      return failed('unexpected', `AI4K8s answered ${String(response.status)} to ${name}.`, 'Reload the page.');
    }
  }

  /** Reads one stream to its end. */
  async function readEvents(bearer: string, onOpen: () => void): Promise<void> {
    const response = await fetch('/events', { headers: { authorization: `Bearer ${bearer}` } });
    if (response.status === 401) {
      end();
      return;
    }
    if (!response.ok || response.body === null) return;
    onOpen();
    tell(connectionEvents.open, null);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') continue;
        const { name, payload } = JSON.parse(line) as { name?: string; payload?: unknown };
        if (name !== undefined) tell(name, payload);
      }
    }
  }

  async function follow(): Promise<void> {
    const bearer = await token;
    if (bearer === null) {
      end();
      return;
    }
    let attempt = 0;
    for (;;) {
      await readEvents(bearer, () => {
        attempt = 0;
      }).catch(() => undefined);
      if (sessionStorage.getItem(tokenKey) === null) return;
      tell(connectionEvents.lost, null);
      const wait = retryMs[Math.min(attempt++, retryMs.length - 1)] ?? 0;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  let following = false;
  return {
    request,
    subscribe(listener) {
      listeners.add(listener);
      if (!following) {
        following = true;
        follow().catch(end);
      }
      return () => listeners.delete(listener);
    },
  };
}

export const bridge: Bridge = window.bridge ?? httpBridge();
