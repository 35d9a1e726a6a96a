import { expect, it } from 'vitest';
import { adoptRuns } from '../../../../renderer/chat/adopt-runs.ts';
import type { CommandResult } from '../../../../shared/commands.ts';
import type { ConversationItem } from '../../../../shared/conversations.ts';

const command = (id: string, line: string, run: string | null): ConversationItem => ({
  kind: 'command',
  id,
  at: 0,
  line,
  cluster: null,
  namespace: null,
  result: run === null ? null : ({ run } as CommandResult),
});

it('a conversation opened again shows each command under its run, answered or not', () => {
  const watch = 'kubectl get pods -w';
  const items = [command('k1', watch, 'r1'), command('k2', watch, null), command('k3', watch, null)];
  const running = (id: string, conversation: string) => ({ id, line: watch, conversation, result: null });
  const adopted = adoptRuns(items, 'c', [running('other', 'd'), running('r2', 'c'), running('r3', 'c')]);
  expect(adopted.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3']);
});

it('a command whose run this window does not know keeps its own id', () => {
  expect(adoptRuns([command('k1', 'kubectl get pods', null)], 'c', []).map(({ id }) => id)).toEqual(['k1']);
});
