import { create } from 'zustand';
import type { Conversation, ConversationItem } from '../../shared/conversations.ts';
import type { Failure } from '../../shared/errors.ts';
import { failureOf, onEvent, request } from '../api.ts';
import { selectedOf, useClusters } from '../clusters/store.ts';
import { runCommand, useCommands } from '../commands/store.ts';
import { adoptRuns } from './adopt-runs.ts';
import { answered, asked, failed, nothingYet, type Remote } from '../remote.ts';
import { isCommand } from '../../shared/command-line.ts';

/*
 * The conversation on screen, the list of the others, and what is typed and not sent.
 *
 * Promises: what was sent is on screen at once, and whatever comes of it, a failure too, is drawn at its place; what is typed
 * survives a reload but for the last round trip; a kept draft never overwrites newer typing; an answer that comes after the
 * person went to another conversation does not land in it, and does not take them back; what is sent from one page goes into
 * one conversation.
 * Never: runs anything by itself. Only a person's Enter, press or key sends.
 * Decided against: keeping drafts in the browser's storage, which would be a second place to look for them.
 */

export interface Deletion {
  readonly conversation: Conversation;
  /** It was on screen when it was deleted. */
  readonly wasOpen: boolean;
}

/** What can still be taken back, and why the last deletion failed. */
export interface Deletions {
  readonly waiting: readonly Deletion[];
  readonly failure: Failure | null;
}

interface Chat {
  readonly conversations: Remote<readonly Conversation[]>;
  readonly open: string | null;
  readonly items: Remote<readonly ConversationItem[]>;
  readonly draft: string;
  readonly deletions: Deletions;
  /** Latest first. */
  readonly history: readonly string[];
}

export const useChat = create<Chat>(() => ({
  conversations: nothingYet,
  open: null,
  items: nothingYet,
  draft: '',
  deletions: { waiting: [], failure: null },
  history: [],
}));

const openKey = 'ai4k8s.conversation';

/** Another number for each page that was opened or begun: what was sent from a page belongs to it. */
let page = 0;

function remember(conversation: string | null): void {
  if (conversation === null) sessionStorage.removeItem(openKey);
  else sessionStorage.setItem(openKey, conversation);
  useChat.setState({ open: conversation });
}

/** One save at a time, always of the latest text: a reload loses at most what was typed during one round trip. */
let saving = false;
let unsaved: { conversation: string | null; text: string } | null = null;

async function saveDrafts(): Promise<void> {
  if (saving) return;
  saving = true;
  try {
    for (let next = unsaved; next !== null; next = unsaved) {
      unsaved = null;
      await request('conversations.save-draft', next);
    }
  } finally {
    saving = false;
  }
}

/** Changes what is typed and not sent. Throws nothing: a draft that cannot be kept is still on screen. */
export function changeDraft(text: string): void {
  useChat.setState({ draft: text });
  unsaved = { conversation: useChat.getState().open, text };
  saveDrafts().catch(() => undefined);
}

/** What was kept, unless something was typed while it came. */
async function loadDraft(): Promise<void> {
  const { open: conversation, draft } = useChat.getState();
  const { text } = await request('conversations.draft', { conversation });
  const now = useChat.getState();
  if (now.open === conversation && now.draft === draft && unsaved === null) useChat.setState({ draft: text });
}

export async function openConversation(conversation: string): Promise<void> {
  if (useChat.getState().open !== conversation) {
    page++;
    useChat.setState({ items: nothingYet });
  }
  remember(conversation);
  useChat.setState(({ items }) => ({ items: asked(items) }));
  try {
    const [opened] = await Promise.all([request('conversations.open', { conversation }), loadDraft()]);
    if (useChat.getState().open !== conversation) return;
    const runs = Object.values(useCommands.getState().runs);
    useChat.setState({ items: answered(adoptRuns(opened.items, conversation, runs), Date.now()) });
  } catch (error) {
    if (failureOf(error).code === 'conversation.unknown') {
      await startConversation();
      return;
    }
    useChat.setState(({ items }) => ({ items: failed(items, failureOf(error)) }));
  }
}

/** An empty page; the conversation is made when something is sent. */
export async function startConversation(): Promise<void> {
  page++;
  remember(null);
  useChat.setState({ items: nothingYet, draft: '' });
  await loadDraft().catch(() => undefined);
}

export async function renameConversation(conversation: string, title: string): Promise<void> {
  await request('conversations.rename', { conversation, title });
}

function append(item: ConversationItem): void {
  useChat.setState(({ items }) => ({
    items: answered([...(items.data?.value ?? []), item], Date.now()),
  }));
}

function replace(conversation: string, id: string, item: ConversationItem): void {
  if (useChat.getState().open !== conversation) return;
  useChat.setState(({ items }) => ({
    items: answered(
      (items.data?.value ?? []).map((other) => (other.id === id ? item : other)),
      Date.now(),
    ),
  }));
}

let making: { readonly page: number; readonly conversation: Promise<string> } | null = null;

async function ensureConversation(cluster: string | null): Promise<string> {
  const { open } = useChat.getState();
  if (open !== null) return open;
  if (making?.page !== page) making = { page, conversation: makeConversation(cluster, page) };
  return making.conversation;
}

async function makeConversation(cluster: string | null, on: number): Promise<string> {
  try {
    const { id } = await request('conversations.create', { cluster });
    if (page === on) remember(id);
    return id;
  } catch (error) {
    making = null;
    throw error;
  }
}

export interface Target {
  readonly cluster: string | null;
  readonly namespace: string | null;
}

/** Sends a line or a question to the chosen cluster. */
export async function send(text: string): Promise<void> {
  const selected = selectedOf(useClusters.getState());
  await sendTo(text, { cluster: selected?.id ?? null, namespace: selected?.namespace ?? null });
}

/** What goes wrong is drawn at its place in the conversation. */
export async function sendTo(text: string, { cluster, namespace }: Target): Promise<void> {
  const line = text.trim();
  if (line === '') return;
  useChat.setState(({ history }) => ({ history: [line, ...history.filter((other) => other !== line)] }));
  if (useChat.getState().draft.trim() === line) changeDraft('');
  const id = crypto.randomUUID();
  const at = Date.now();
  const from = page;
  if (isCommand(line)) append({ kind: 'command', id, at, line, cluster, namespace, result: null });
  else append({ kind: 'question', id, at, text: line, cluster, failure: null });
  let conversation: string;
  try {
    conversation = await ensureConversation(cluster);
  } catch (error) {
    if (page !== from) return;
    append({ kind: 'question', id: crypto.randomUUID(), at, text: line, cluster, failure: failureOf(error) });
    return;
  }
  if (isCommand(line)) {
    const run = await runCommand(id, { line, cluster, namespace, conversation });
    if (run?.result != null) {
      replace(conversation, id, { kind: 'command', id, at, line, cluster, namespace, result: run.result });
    }
    return;
  }
  try {
    // The item keeps the id it is drawn with; the kept one comes with the next opening.
    const answer = await request('conversations.ask', { conversation, text: line, cluster });
    replace(conversation, id, { ...answer, id });
  } catch (error) {
    replace(conversation, id, { kind: 'question', id, at, text: line, cluster, failure: failureOf(error) });
  }
}

export async function loadChat(): Promise<void> {
  useChat.setState(({ conversations }) => ({ conversations: asked(conversations) }));
  try {
    const [conversations, { lines }] = await Promise.all([
      request('conversations.list'),
      request('commands.history', { limit: 200 }),
    ]);
    useChat.setState({ conversations: answered(conversations, Date.now()), history: lines });
  } catch (error) {
    useChat.setState(({ conversations }) => ({ conversations: failed(conversations, failureOf(error)) }));
  }
  const last = useChat.getState().open ?? sessionStorage.getItem(openKey);
  if (last === null) await loadDraft().catch(() => undefined);
  else await openConversation(last);
}

export function followChat(): void {
  onEvent('conversations.changed', (conversations) =>
    useChat.setState({ conversations: answered(conversations, Date.now()) }),
  );
}
