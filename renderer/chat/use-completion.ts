import { useRef, useState, type RefObject } from 'react';
import { request } from '../api.ts';
import { selectedOf, useClusters } from '../clusters/store.ts';
import { isCommand } from '../../shared/command-line.ts';
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
  /** An answer is on its way for the text as it is; a Tab pressed meanwhile waits for it, once. */
  const pending = useRef<'no' | 'yes' | 'wanted'>('no');
  /** What the text can be completed to, where the list closed without a choice. */
  const known = useRef<Offer | null>(null);

  const close = () => {
    asked.current++;
    pending.current = 'no';
    setOffer(null);
  };

  const ask = (line: string, cursor: number) => {
    const turn = ++asked.current;
    known.current = null;
    pending.current = 'no';
    if (!isCommand(line)) {
      setOffer(null);
      return;
    }
    pending.current = 'yes';
    const cluster = selectedOf(useClusters.getState());
    request('commands.complete', { line, cursor, cluster: cluster?.id ?? null, namespace: cluster?.namespace ?? null })
      .then(({ from, candidates }) => {
        if (turn !== asked.current) return;
        const typed = line.slice(from, cursor);
        const useful = candidates.length > 0 && !(candidates.length === 1 && candidates[0]?.text.trimEnd() === typed);
        const next = useful ? { line, from, cursor, candidates } : null;
        const isWanted = pending.current === 'wanted';
        pending.current = 'no';
        known.current = next;
        setChosen(0);
        if (isWanted && next !== null && candidates.length === 1) take(next, 0);
        else setOffer(next);
      })
      .catch(() => {
        if (turn !== asked.current) return;
        pending.current = 'no';
        setOffer(null);
      });
  };

  const take = ({ line, from, cursor: to, candidates }: Offer, index: number) => {
    const candidate = candidates[index];
    if (candidate === undefined) return;
    const text = line.slice(0, from) + candidate.text + line.slice(to);
    const cursor = from + candidate.text.length;
    changeDraft(text);
    known.current = null;
    close();
    requestAnimationFrame(() => field.current?.setSelectionRange(cursor, cursor));
  };

  const accept = (index: number) => {
    if (offer !== null) take(offer, index);
  };

  const move = (step: number) => {
    const count = offer?.candidates.length ?? 0;
    if (count > 0) setChosen((chosen + step + count) % count);
  };

  /** Tab is taken where a list can open, or may in a moment; else it leaves the field, as everywhere. */
  const onTab = ({ value, selectionStart }: HTMLTextAreaElement): boolean => {
    if (pending.current === 'yes') {
      pending.current = 'wanted';
      return true;
    }
    const offered = known.current;
    if (offered?.line !== value || offered.cursor !== selectionStart) return false;
    setOffer(offered);
    return true;
  };

  /** True: the key was the list's. Enter is never taken: it sends. */
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (offer === null) {
      if (event.key !== 'Tab' || event.shiftKey || !onTab(event.currentTarget)) return false;
      event.preventDefault();
      return true;
    }
    if (event.key === 'Tab' && !event.shiftKey) accept(chosen);
    else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape') {
      known.current = null;
      close();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return { open: offer !== null, candidates: offer?.candidates ?? [], chosen, ask, accept, close, onKeyDown };
}
