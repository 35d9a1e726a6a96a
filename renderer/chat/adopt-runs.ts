import type { ConversationItem } from '../../shared/conversations.ts';
import type { Run } from '../commands/store.ts';

/** The kept commands under the ids of their runs, so that what still runs or is followed is shown, and stopped, there. */
export function adoptRuns(
  items: readonly ConversationItem[],
  conversation: string,
  runs: readonly Pick<Run, 'id' | 'line' | 'conversation' | 'result'>[],
): ConversationItem[] {
  const unanswered = runs.filter((run) => run.conversation === conversation && run.result === null);
  return items.map((item) => {
    if (item.kind !== 'command') return item;
    if (item.result !== null) return { ...item, id: item.result.run };
    const place = unanswered.findIndex(({ line }) => line === item.line);
    const [run] = place === -1 ? [] : unanswered.splice(place, 1);
    return run === undefined ? item : { ...item, id: run.id };
  });
}
