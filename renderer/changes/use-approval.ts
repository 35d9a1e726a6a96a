import { useEffect, useRef, useState } from 'react';
import type { Change } from '../../shared/changes.ts';
import { guardMs, missingForApproval } from './approval.ts';
import { approveChange } from './store.ts';

export interface Approval {
  readonly typed: string;
  readonly type: (text: string) => void;
  /** What is still missing, in words. */
  readonly missing: string | null;
  /** A press was refused: what is missing is said aloud. */
  readonly insisted: boolean;
  readonly busy: boolean;
  /** Expired or void: it has to be previewed again. */
  readonly isOver: boolean;
  readonly approve: () => void;
}

/** The way from a card on screen to its approval. Nothing but a gesture calls `approve`. */
export function useApproval(change: Change): Approval {
  const [typed, setTyped] = useState('');
  const [insisted, setInsisted] = useState(false);
  const [busy, setBusy] = useState(false);
  const shownAt = useRef(Date.now());
  const [now, setNow] = useState(Date.now);
  const waits = change.state.kind === 'previewed';

  useEffect(() => {
    if (!waits) return;
    const tick = () => setNow(Date.now());
    const guard = setTimeout(tick, guardMs + 1 - (Date.now() - shownAt.current));
    const expiry = setTimeout(tick, Math.max(0, change.expiresAt - Date.now()) + 1);
    return () => {
      clearTimeout(guard);
      clearTimeout(expiry);
    };
  }, [waits, change.expiresAt]);

  const missing = missingForApproval(change, typed, shownAt.current, now);
  const approve = () => {
    if (busy) return;
    const stillMissing = missingForApproval(change, typed, shownAt.current, Date.now());
    if (stillMissing !== null) {
      setInsisted(true);
      return;
    }
    setBusy(true);
    approveChange(change, change.typeToApprove === null ? null : typed)
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  return {
    typed,
    type: (text) => {
      setTyped(text);
      setInsisted(false);
    },
    missing,
    insisted,
    busy,
    isOver: change.state.kind === 'void' || (waits && now >= change.expiresAt),
    approve,
  };
}
