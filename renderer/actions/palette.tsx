import { Command } from 'cmdk';
import { CornerDownLeft } from 'lucide-react';
import { Keys } from '../elements/keys.tsx';
import { Overlay } from './overlay.tsx';
import { actionsNow } from './registry.ts';
import { closeOverlay } from './store.ts';

/** Every action by its words. */
export function Palette() {
  return (
    <Overlay label="Search or run an action">
      <Command label="Actions" loop>
        <Command.Input className="palette-find" placeholder="Search or run an action" autoFocus />
        <Command.List className="palette-list" label="Actions">
          <Command.Empty className="picker-empty">No action by that name.</Command.Empty>
          {actionsNow()
            .filter((action) => action.id !== 'palette')
            .map((action) => (
              <Command.Item
                key={action.id}
                value={action.id}
                className="picker-item palette-item"
                keywords={[action.label, action.detail ?? '', ...(action.keywords ?? [])]}
                onSelect={() => {
                  closeOverlay();
                  // The dialog gives the focus back first; an action that moves it has the last word.
                  requestAnimationFrame(action.perform);
                }}
              >
                <span className="cut">{action.label}</span>
                {action.detail !== undefined && <span className="meta cut">{action.detail}</span>}
                <span className="palette-keys">
                  {action.keys !== undefined && <Keys keys={action.keys} />}
                  <kbd className="palette-enter">
                    <CornerDownLeft size={11} aria-hidden="true" />
                  </kbd>
                </span>
              </Command.Item>
            ))}
        </Command.List>
      </Command>
    </Overlay>
  );
}
