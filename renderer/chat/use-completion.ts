import { useRef, useState, type RefObject } from 'react';
import { request } from '../api.ts';
import { selectedOf, useClusters } from '../clusters/store.ts';
import { isCommand } from './mode.ts';
import { changeDraft } from './store.ts';

export interface Candidate {
  readonly text: string;
  readonly label: string;
  readonly detail: string;
}

interface Offer {
  /** `from` to `cursor` of `line` is what a candidate replaces. */
  readonly line: string;
  readonly from: number;
  readonly cursor: number;
  readonly candidates: readonly Candidate[];
}

/** Asks for completions while a command is typed and drives the list with the keyboard. A late answer is dropped. */
export function useCompletion(field: RefObject<HTMLTextAreaElement | null>) {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [chosen, setChosen] = useState(0);
  const asked = useRef(0);

  const close = () => {
    asked.current++;
    setOffer(null);
  };

  const ask = (line: string, cursor: number) => {
    const turn = ++asked.current;
    if (!isCommand(line)) {
      setOffer(null);
      return;
    }
    const cluster = selectedOf(useClusters.getState());
    request('commands.complete', { line, cursor, cluster: cluster?.id ?? null, namespace: cluster?.namespace ?? null })
      .then(({ from, candidates }) => {
        if (turn !== asked.current) return;
        const typed = line.slice(from, cursor);
        const useful = candidates.length > 0 && !(candidates.length === 1 && candidates[0]?.text.trimEnd() === typed);
        setChosen(0);
        setOffer(useful ? { line, from, cursor, candidates } : null);
      })
      .catch(() => {
        if (turn === asked.current) setOffer(null);
      });
  };

  const accept = (index: number) => {
    const candidate = offer?.candidates[index];
    if (offer === null || candidate === undefined) return;
    const text = offer.line.slice(0, offer.from) + candidate.text + offer.line.slice(offer.cursor);
    const cursor = offer.from + candidate.text.length;
    changeDraft(text);
    close();
    requestAnimationFrame(() => field.current?.setSelectionRange(cursor, cursor));
  };

  const move = (step: number) => {
    const count = offer?.candidates.length ?? 0;
    if (count > 0) setChosen((chosen + step + count) % count);
  };

  /** True: the key was the list's. Enter is never taken: it sends. */
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (offer === null) {
      if (event.key !== 'Tab' || event.shiftKey || !isCommand(event.currentTarget.value)) return false;
      if (event.currentTarget.value.endsWith(' ')) return false;
      event.preventDefault();
      ask(event.currentTarget.value, event.currentTarget.selectionStart);
      return true;
    }
    if (event.key === 'Tab' && !event.shiftKey) accept(chosen);
    else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return { open: offer !== null, candidates: offer?.candidates ?? [], chosen, ask, accept, close, onKeyDown };
}
