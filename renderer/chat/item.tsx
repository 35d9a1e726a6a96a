import { ChevronRight } from 'lucide-react';
import type { ConversationItem } from '../../shared/conversations.ts';
import { CommandFailure } from '../commands/command-failure.tsx';
import { RunView } from '../commands/run.tsx';
import { clock } from '../elements/time.ts';
import { focusComposer } from './composer-field.ts';
import { changeDraft, sendTo } from './store.ts';

interface Props {
  readonly item: ConversationItem;
}

/** One exchange: what was typed, then what came of it. */
export function Item({ item }: Props) {
  const typed = item.kind === 'command' ? item.line : item.text;
  // Where it ran before, whichever cluster is chosen now.
  const again = () => {
    const namespace = item.kind === 'command' ? item.namespace : null;
    sendTo(typed, { cluster: item.cluster, namespace }).catch(() => undefined);
  };
  const edit = () => {
    changeDraft(typed);
    focusComposer();
  };
  return (
    <article className="item">
      <header className="item-head" data-kind={item.kind}>
        {item.kind === 'command' && <ChevronRight size={14} aria-hidden="true" />}
        <span className={item.kind === 'command' ? 'mono item-line' : 'item-line'}>{typed}</span>
        <time className="meta">{clock(item.at)}</time>
      </header>
      {item.kind === 'command' && <RunView item={item} onAgain={again} onEdit={edit} />}
      {item.kind === 'question' && item.failure !== null && (
        <CommandFailure failure={item.failure} onAgain={again} onEdit={edit} />
      )}
    </article>
  );
}
