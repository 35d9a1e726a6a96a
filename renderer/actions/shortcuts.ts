import { chordOf, matches } from './chords.ts';
import { actionsNow } from './registry.ts';
import { useActions } from './store.ts';

/** Two keys belong together when the second comes within this time. */
const sequenceMs = 1200;

function isTextField(target: EventTarget | null): boolean {
  const inner = target instanceof Element ? (target.shadowRoot?.activeElement ?? target) : null;
  return inner instanceof HTMLElement && (inner.matches('input, textarea, select') || inner.isContentEditable);
}

const named = ['F6', 'F7', 'Escape'];

/** Listens for the keys of all actions. Single letters count only outside text fields. Returns the end of it. */
export function listenForShortcuts(): () => void {
  let before: { chord: string; at: number } | null = null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (!ctrl && !named.includes(event.key) && isTextField(event.composedPath()[0] ?? null)) return;
    if (useActions.getState().shown !== null && !(ctrl && event.key === 'k')) return;
    const chord = chordOf({ key: event.key, ctrl, shift: event.shiftKey });
    const earlier = before !== null && Date.now() - before.at < sequenceMs ? before.chord : null;
    before = null;
    for (const action of actionsNow()) {
      const match = action.keys === undefined ? 'no' : matches(action.keys, chord, earlier);
      if (match === 'begin') before = { chord, at: Date.now() };
      if (match !== 'whole') continue;
      event.preventDefault();
      action.perform();
      return;
    }
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}
