import { Check, Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { Table } from '../../shared/commands.ts';
import { IconButton } from '../elements/icon-button.tsx';

interface Props {
  readonly table: Table;
  readonly columns: readonly number[];
  readonly onChoose: (columns: number[]) => void;
}

/** Which columns are shown; at least one stays. */
export function ColumnChoice({ table, columns, onChoose }: Props) {
  const toggle = (index: number, shown: boolean) => {
    const next = shown
      ? [...columns, index].sort((one, other) => one - other)
      : columns.filter((other) => other !== index);
    if (next.length > 0) onChoose(next);
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton icon={Columns3} label="Columns" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="popover menu" align="end" sideOffset={6}>
          {table.columns.map((column, index) => (
            <DropdownMenu.CheckboxItem
              key={column.name}
              className="menu-item"
              checked={columns.includes(index)}
              title={column.description}
              onCheckedChange={(checked) => toggle(index, checked)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="menu-check">{columns.includes(index) && <Check size={14} aria-hidden="true" />}</span>
              {column.name}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
