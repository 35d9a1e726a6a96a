import type { Action } from './actions/action.ts';
import { offerActions } from './actions/registry.ts';
import { openKeys, openPalette } from './actions/store.ts';
import { focusComposer } from './chat/composer-field.ts';
import { openConversation, send, startConversation, useChat } from './chat/store.ts';
import { allOf, selectCluster, selectedOf, useClusters } from './clusters/store.ts';
import { cancelCommand, isRunning, useCommands } from './commands/store.ts';
import { changeSettings, show, toggleConversations, useSession } from './session/store.ts';

const start = (work: Promise<unknown>): void => {
  work.catch(() => undefined);
};

/** `/`: the filter of what has the focus, else of the view, else the composer. */
function focusFilter(): void {
  const near = document.activeElement?.closest('.result, .journal')?.querySelector<HTMLElement>('[data-filter]');
  const inView = useSession.getState().view === 'changes' ? document.querySelector<HTMLElement>('[data-filter]') : null;
  const filter = near ?? inView;
  if (filter !== null) {
    filter.focus();
    return;
  }
  show('chat');
  requestAnimationFrame(focusComposer);
}

const regionsOfWindow = 'nav, header.top-bar, aside, section[aria-label="Conversation"], .composer, main';
const isShown = (element: HTMLElement): boolean => element.checkVisibility();

/** F6 goes round the regions of the window. What holds the conversation is not one itself. */
function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>(regionsOfWindow)].filter(
    (region) => isShown(region) && region.querySelector('section[aria-label="Conversation"]') === null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  if (next === undefined) return;
  const inside = next.querySelectorAll<HTMLElement>('textarea, input, button:not(:disabled), [tabindex="0"]');
  const target = next.matches('[tabindex="0"]') ? next : [...inside].find(isShown);
  target?.focus();
}

const press = (label: string): void =>
  document.querySelector<HTMLElement>(`[role="combobox"][aria-label="${label}"]`)?.click();

/** Of the open conversation alone: what goes on in another one is not in sight. */
function stopRunning(): void {
  const { runs } = useCommands.getState();
  for (const { id } of useChat.getState().items.data?.value ?? []) {
    const run = runs[id];
    if (run !== undefined && (isRunning(run) || run.following)) start(cancelCommand(id));
  }
}

function closeOrStop(): void {
  if (useSession.getState().drawerOpen) useSession.setState({ drawerOpen: false });
  else stopRunning();
}

function views(): Action[] {
  return [
    { id: 'palette', label: 'Search or run an action', keys: 'Ctrl K', perform: openPalette },
    { id: 'keys', label: 'Show the keys', keys: '?', perform: openKeys },
    { id: 'filter', label: 'Filter, or go to the composer', keys: '/', perform: focusFilter },
    { id: 'region', label: 'Go to the next region', keys: 'F6', perform: focusNextRegion },
    {
      id: 'chat',
      label: 'Go to Chat',
      keys: 'G C',
      perform: () => {
        show('chat');
        requestAnimationFrame(focusComposer);
      },
    },
    {
      id: 'changes',
      label: 'Go to Changes',
      keywords: ['journal', 'undo', 'approve'],
      keys: 'G H',
      perform: () => show('changes'),
    },
    { id: 'settings', label: 'Settings', keywords: ['clusters', 'servers', 'theme'], perform: () => show('settings') },
    {
      id: 'self-check',
      label: 'Self-check',
      keywords: ['versions', 'hop', 'diagnose'],
      perform: () => show('self-check'),
    },
    { id: 'trust', label: 'Trust check', keywords: ['consent', 'kubeconfig'], perform: () => show('trust') },
    { id: 'servers', label: 'MCP servers', detail: 'Settings', perform: () => show('settings', 'servers') },
    { id: 'data', label: 'Where data lives', detail: 'Settings', perform: () => show('settings', 'data') },
    {
      id: 'new-conversation',
      label: 'New conversation',
      keys: 'Ctrl N',
      perform: () => {
        show('chat');
        start(startConversation());
        requestAnimationFrame(focusComposer);
      },
    },
    {
      id: 'conversations',
      label: 'Show or hide conversations',
      keys: 'Ctrl B',
      perform: () => start(toggleConversations()),
    },
    { id: 'namespace', label: 'Choose the namespace', keys: 'Ctrl Shift N', perform: () => press('Namespace') },
    { id: 'cluster', label: 'Choose the cluster', perform: () => press('Cluster') },
    { id: 'stop', label: 'Stop what runs', keys: 'Ctrl .', perform: stopRunning },
    { id: 'escape', label: 'Close what is open, else stop what runs', keys: 'Escape', perform: closeOrStop },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: `Theme: ${theme}`,
      perform: () => start(changeSettings({ theme })),
    })),
  ];
}

function clusters(): Action[] {
  return allOf(useClusters.getState()).map((cluster, index) => ({
    id: `cluster-${cluster.id}`,
    label: `Use ${cluster.name}`,
    detail: cluster.context,
    keywords: ['cluster', cluster.server],
    ...(index < 9 && { keys: `Ctrl ${String(index + 1)}` }),
    perform: () => {
      if (cluster.state.kind === 'untrusted') show('trust');
      start(selectCluster(cluster.id));
    },
  }));
}

const everyday = [
  'kubectl get pods -A',
  'kubectl get nodes',
  'kubectl get events -A',
  'kubectl top pods -A',
  'kubectl api-resources',
];

function commands(): Action[] {
  const cluster = selectedOf(useClusters.getState());
  if (cluster === null) return [];
  return everyday.map((line) => ({
    id: `run-${line}`,
    label: line,
    detail: `on ${cluster.name}`,
    keywords: ['run'],
    perform: () => {
      show('chat');
      start(send(line));
    },
  }));
}

function conversations(): Action[] {
  return (useChat.getState().conversations.data?.value ?? []).slice(0, 50).map((conversation) => ({
    id: `conversation-${conversation.id}`,
    label: conversation.title,
    detail: 'Conversation',
    perform: () => {
      show('chat');
      start(openConversation(conversation.id));
    },
  }));
}

/** What the whole window offers; screens draw their own buttons for the rest. */
export function offerWindowActions(): void {
  for (const source of [views, clusters, commands, conversations]) offerActions(source);
}
