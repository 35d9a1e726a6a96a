import { ChevronRight } from 'lucide-react';
import type { ConversationItem } from '../../shared/conversations.ts';
import { RunView } from '../commands/run.tsx';
import { Failure } from '../elements/failure.tsx';
import { clock } from '../elements/time.ts';
import { copyText } from '../session/store.ts';
import { send } from './store.ts';

interface Props {
  readonly item: ConversationItem;
}

/** One exchange: what was typed, then what came of it. */
export function Item({ item }: Props) {
  const typed = item.kind === 'command' ? item.line : item.text;
  const again = () => {
    send(typed).catch(() => undefined);
  };
  return (
    <article className="item">
      <header className="item-head" data-kind={item.kind}>
        {item.kind === 'command' && <ChevronRight size={14} aria-hidden="true" />}
        <span className={item.kind === 'command' ? 'mono item-line' : 'item-line'}>{typed}</span>
        <time className="meta">{clock(item.at)}</time>
      </header>
      {item.kind === 'command' && <RunView item={item} onAgain={again} />}
      {item.kind === 'question' && item.failure !== null && (
        <Failure
          failure={item.failure}
          onCopy={(text) => {
            copyText(text).catch(() => undefined);
          }}
          onRetry={again}
        />
      )}
    </article>
  );
}
