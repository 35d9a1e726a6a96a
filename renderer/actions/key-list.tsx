import { X } from 'lucide-react';
import { IconButton } from '../elements/icon-button.tsx';
import { Keys } from '../elements/keys.tsx';
import { Overlay } from './overlay.tsx';
import { actionsNow } from './registry.ts';
import { closeOverlay } from './store.ts';

/** Keys that belong to one place, not to an action. */
const local = [
  { keys: 'Enter', label: 'Send; Shift Enter begins a new line' },
  { keys: '↑', label: 'In an empty composer: the last input' },
  { keys: 'Tab', label: 'Accept a completion' },
  { keys: 'J K', label: 'Next and previous row, like ↓ ↑' },
  { keys: 'Enter', label: 'On a row: describe it' },
  { keys: 'Y', label: 'On a row: its YAML' },
  { keys: 'L', label: 'On a pod: its logs' },
  { keys: 'F', label: 'In a log: follow its end' },
  { keys: 'F7', label: 'In a change card: next difference, with Shift the last' },
  { keys: 'Ctrl Enter', label: 'In a change card: approve, once the name is typed' },
  { keys: 'Ctrl Z', label: 'On a journal entry: the card of its undo' },
  { keys: 'F2', label: 'On a conversation: rename; Delete deletes' },
] as const;

export function KeyList() {
  const actions = actionsNow().filter((action) => action.keys !== undefined);
  return (
    <Overlay label="Keys">
      <header className="key-head">
        <h2>Keys</h2>
        <span className="meta">Single letters work only outside text fields. On macOS, Ctrl is ⌘.</span>
        <IconButton icon={X} label="Close" onClick={closeOverlay} />
      </header>
      <dl className="key-list" tabIndex={0} aria-label="Keys">
        {actions.map((action) => (
          <div key={action.id}>
            <dt>
              <Keys keys={action.keys ?? ''} />
            </dt>
            <dd>
              {action.label}
              {action.detail !== undefined && <span className="meta"> {action.detail}</span>}
            </dd>
          </div>
        ))}
        {local.map(({ keys, label }) => (
          <div key={label}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Overlay>
  );
}
