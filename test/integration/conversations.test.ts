import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../shared/channel.ts';
import { startTestApp, type RunningApp } from '../support/start-app.ts';

describe('conversations, over the door', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());
  const unknown = { ok: false, failure: { code: 'conversation.unknown' } };

  test('a question is kept in its order, with the reason why nobody answers it', async () => {
    const { id } = await app.request('conversations.create', { cluster: null });
    const first = await app.request('conversations.ask', {
      conversation: id,
      text: 'why is web failing?',
      cluster: 'c',
    });
    await app.request('conversations.ask', { conversation: id, text: 'and since when?', cluster: null });
    expect(first).toMatchObject({ kind: 'question', failure: { code: 'assistant.unavailable' } });
    const { conversation, items } = await app.request('conversations.open', { conversation: id });
    expect(items.map((item) => (item.kind === 'question' ? item.text : ''))).toEqual([
      'why is web failing?',
      'and since when?',
    ]);
    expect(conversation.title).toBe('why is web failing?');
  });

  test('a command is kept with its result, also one that fails', async () => {
    const { id } = await app.request('conversations.create', { cluster: null });
    const input = { cluster: null, namespace: null, conversation: id, form: 'view' } as const;
    const result = await app.request('commands.run', { ...input, run: randomUUID(), line: 'kubectl frobnicate' });
    expect(result.exitCode).not.toBe(0);
    const { items } = await app.request('conversations.open', { conversation: id });
    expect(items).toMatchObject([
      { kind: 'command', line: 'kubectl frobnicate', result: { exitCode: result.exitCode } },
    ]);
    expect((await app.request('commands.history', { limit: 1 })).lines).toEqual(['kubectl frobnicate']);
  });

  test('the one used last comes first, and every change is announced', async () => {
    const { id: one } = await app.request('conversations.create', { cluster: null });
    const { id: two } = await app.request('conversations.create', { cluster: null });
    await app.request('conversations.rename', { conversation: one, title: ' Outage of Monday ' });
    await app.request('conversations.ask', { conversation: one, text: 'x', cluster: null });
    const list = await app.request('conversations.list', undefined);
    expect(list.slice(0, 2).map(({ id, title }) => [id, title])).toEqual([
      [one, 'Outage of Monday'],
      [two, 'New conversation'],
    ]);
    expect(app.events.filter(({ name }) => name === 'conversations.changed').at(-1)?.payload).toEqual(list);
  });

  test('a deleted one is gone with its items and draft', async () => {
    const { id } = await app.request('conversations.create', { cluster: null });
    await app.request('conversations.save-draft', { conversation: id, text: 'unsent' });
    await app.request('conversations.delete', { conversation: id });
    expect(await app.ask('conversations.open', { conversation: id })).toMatchObject(unknown);
    expect(await app.request('conversations.draft', { conversation: id })).toEqual({ text: '' });
    expect((await app.request('conversations.list', undefined)).map((one) => one.id)).not.toContain(id);
  });

  test('drafts are kept for each conversation and for none', async () => {
    const { id } = await app.request('conversations.create', { cluster: null });
    for (const [conversation, text] of [
      [id, 'in one'],
      [null, 'in none'],
      [null, 'later'],
    ] as const) {
      await app.request('conversations.save-draft', { conversation, text });
    }
    expect(await app.request('conversations.draft', { conversation: id })).toEqual({ text: 'in one' });
    expect(await app.request('conversations.draft', { conversation: null })).toEqual({ text: 'later' });
  });

  test('another account finds none of it', async () => {
    const { id } = await app.request('conversations.create', { cluster: null });
    const other: Caller = { client: 'other', account: { id: 'other', role: 'admin' } };
    expect(await app.app.dispatch('conversations.list', undefined, other)).toEqual({ ok: true, value: [] });
    for (const [name, input] of [
      ['conversations.open', { conversation: id }],
      ['conversations.rename', { conversation: id, title: 'mine' }],
      ['conversations.delete', { conversation: id }],
      ['conversations.ask', { conversation: id, text: 'x', cluster: null }],
      ['conversations.save-draft', { conversation: id, text: 'x' }],
    ] as const) {
      expect(await app.app.dispatch(name, input, other)).toMatchObject(unknown);
    }
  });

  test('all of it is there in the next run', async () => {
    const first = await startTestApp({ dataDir: app.dataDir + '-again' });
    const { id } = await first.request('conversations.create', { cluster: 'c' });
    await first.request('conversations.ask', { conversation: id, text: 'kept?', cluster: null });
    await first.request('conversations.save-draft', { conversation: null, text: 'unsent' });
    await first.request('settings.set', { theme: 'dark' });
    await first.close();
    const next = await startTestApp({ dataDir: first.dataDir });
    try {
      expect((await next.request('conversations.open', { conversation: id })).items).toHaveLength(1);
      expect(await next.request('conversations.draft', { conversation: null })).toEqual({ text: 'unsent' });
      expect(await next.request('settings.get', undefined)).toEqual({ theme: 'dark', conversationsShown: true });
    } finally {
      await next.close();
    }
  });
});
