import { ChevronDown } from 'lucide-react';
import { Command } from 'cmdk';
import { Popover } from 'radix-ui';
import { useState } from 'react';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Found by these too. */
  readonly keywords?: readonly string[];
  readonly content?: React.ReactNode;
}

interface Props {
  /** Its accessible name. */
  readonly label: string;
  readonly value: string | null;
  readonly choices: readonly Choice[];
  readonly children: React.ReactNode;
  readonly onChoose: (value: string) => void;
  readonly onOpen?: (() => void) | undefined;
  /** Words for the field that narrows the choices. */
  readonly find: string;
  /** What is typed may be chosen though it is not in the list. */
  readonly own?: ((typed: string) => string) | undefined;
  readonly foot?: React.ReactNode;
}

/**
 * A select-only combobox whose popup can be narrowed by typing. Radix's own Select is not used: it writes a style element,
 * which the page's policy refuses.
 */
export function Picker({ label, value, choices, children, onChoose, onOpen, find, own, foot }: Props) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const choose = (chosen: string) => {
    setOpen(false);
    onChoose(chosen);
  };
  const offersOwn = own !== undefined && typed !== '' && !choices.some((choice) => choice.value === typed);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setTyped('');
        if (next) onOpen?.();
      }}
    >
      <Popover.Trigger
        className="picker"
        role="combobox"
        aria-label={label}
        aria-haspopup="listbox"
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            event.currentTarget.click();
          }
        }}
      >
        {children}
        <ChevronDown size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover picker-popover" align="start" sideOffset={6} aria-label={label}>
          <Command label={find} loop {...(value !== null && { defaultValue: value })}>
            <Command.Input
              className="picker-find"
              placeholder={find}
              value={typed}
              onValueChange={setTyped}
              autoFocus
            />
            <Command.List className="picker-list" label={label}>
              <Command.Empty className="picker-empty">Nothing by that name.</Command.Empty>
              {choices.map((choice) => (
                <Command.Item
                  key={choice.value}
                  className="picker-item"
                  value={choice.value}
                  keywords={[choice.label, ...(choice.keywords ?? [])]}
                  onSelect={() => choose(choice.value)}
                  data-chosen={choice.value === value}
                >
                  {choice.content ?? choice.label}
                </Command.Item>
              ))}
              {offersOwn && (
                <Command.Item className="picker-item" value={typed} forceMount onSelect={() => choose(typed)}>
                  {own(typed)}
                </Command.Item>
              )}
            </Command.List>
          </Command>
          {foot}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
