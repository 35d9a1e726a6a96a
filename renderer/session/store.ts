import { create } from 'zustand';
import type { HostInfo, Settings } from '../../shared/settings.ts';
import { onConnection, onEvent, request } from '../api.ts';
import { chooseTheme } from '../theme/theme.ts';

/*
 * This window: the way to the application, the host's facts, settings, and which view is shown.
 *
 * Promises: each time the way opens, everything shown is read again; the theme is right before the first answer.
 * Never: holds anything of a cluster.
 */

export type View = 'chat' | 'changes' | 'settings' | 'self-check' | 'trust';

interface Session {
  readonly host: HostInfo | null;
  readonly settings: Settings;
  readonly connection: 'opening' | 'open' | 'lost' | 'ended';
  readonly view: View;
  /** The section of the settings that is shown. */
  readonly section: string;
  /** The conversations, where the window is too narrow to keep them open beside the chat. */
  readonly drawerOpen: boolean;
  readonly toast: string | null;
}

export const useSession = create<Session>(() => ({
  host: null,
  settings: { theme: 'system', conversationsShown: true },
  connection: 'opening',
  view: 'chat',
  section: 'clusters',
  drawerOpen: false,
  toast: null,
}));

const views: readonly View[] = ['chat', 'changes', 'settings', 'self-check', 'trust'];
const isView = (name: string): name is View => (views as readonly string[]).includes(name);

function readAddress(): void {
  const [view = '', section] = location.hash.replace(/^#\/?/, '').split('/');
  if (isView(view)) useSession.setState({ view, ...(section !== undefined && { section }) });
}

/** Shows a view; the address keeps it over a reload. */
export function show(view: View, section?: string): void {
  history.replaceState(null, '', `#/${section === undefined ? view : `${view}/${section}`}`);
  useSession.setState({ view, drawerOpen: false, ...(section !== undefined && { section }) });
}

function keep(settings: Settings): void {
  chooseTheme(settings.theme);
  useSession.setState({ settings });
}

async function load(): Promise<void> {
  const [host, settings] = await Promise.all([request('settings.host'), request('settings.get')]);
  useSession.setState({ host });
  keep(settings);
}

/** Shown at once and kept; a failure to keep it is thrown. */
export async function changeSettings(changes: Partial<Settings>): Promise<void> {
  keep({ ...useSession.getState().settings, ...changes });
  keep(await request('settings.set', changes));
}

/** Over wide windows the pane is a setting, in narrow ones a drawer. */
export async function toggleConversations(): Promise<void> {
  if (window.matchMedia('(max-width: 1099px)').matches) {
    useSession.setState((session) => ({ drawerOpen: !session.drawerOpen }));
    return;
  }
  await changeSettings({ conversationsShown: !useSession.getState().settings.conversationsShown });
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;

/** Confirms something small that was done, for three seconds. Never a failure. */
export function confirmDone(text: string): void {
  clearTimeout(toastTimer);
  useSession.setState({ toast: text });
  toastTimer = setTimeout(() => useSession.setState({ toast: null }), 3000);
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  confirmDone('Copied');
}

/** Follows the connection. `refresh` reads again whatever the screens show; it runs each time the way opens. */
export function startSession(refresh: () => Promise<void>): void {
  readAddress();
  onEvent('settings.changed', keep);
  onConnection((state) => {
    useSession.setState({ connection: state });
    if (state === 'open') Promise.all([load(), refresh()]).catch(() => undefined);
  });
}
