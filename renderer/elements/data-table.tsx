import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { Row, Table } from '../../shared/commands.ts';
import { DataRow } from './data-row.tsx';
import { charactersOf, type Sort } from './table-model.ts';

interface Props {
  /** Its accessible name. */
  readonly label: string;
  readonly table: Table;
  /** Filtered and sorted. */
  readonly rows: readonly Row[];
  /** Indices of the columns shown. */
  readonly columns: readonly number[];
  readonly sort: Sort | null;
  readonly onSort: (column: number) => void;
  readonly keyOf: (row: Row, index: number) => string;
  /** The selected row, by key: it stays selected while rows come, go and move. */
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** A key pressed on the selected row that is not the table's own. True: it was used. */
  readonly onRowKey: (row: Row, event: React.KeyboardEvent) => boolean;
  readonly tall: boolean;
}

const rowHeight = 28;
const virtualAbove = 200;

/**
 * A calm table: one sort arrow, rows of 28 px, virtual above 200 rows. Not built on TanStack Table: sort, filter and column
 * choice are forty pure lines in table-model.ts, and kubectl's columns need orders of their own (worst first, ages, quantities).
 * Widths are set in script because they follow the data; the page's policy allows that, style attributes in markup not.
 */
export function DataTable(props: Props) {
  const { label, table, rows, columns, sort, onSort, keyOf, selected, onSelect, onRowKey, tall } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const refocus = useRef(false);
  const isVirtual = rows.length > virtualAbove;
  const selectedIndex = selected === null ? -1 : rows.findIndex((row, index) => keyOf(row, index) === selected);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 16,
    enabled: isVirtual,
  });
  const widths = useMemo(() => columns.map((column) => charactersOf(table, column)), [table, columns]);
  const nameAt = columns.findIndex((column) =>
    ['NAME', 'MESSAGE', 'DESCRIPTION'].includes(table.columns[column]?.name ?? ''),
  );

  useEffect(() => {
    if (!refocus.current) return;
    refocus.current = false;
    scroller.current?.querySelector<HTMLElement>('tr[aria-current]')?.focus();
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    // A press on a column's head is the head's own.
    const isInHead = event.target instanceof Element && event.target.closest('thead') !== null;
    const row = isInHead ? undefined : rows[selectedIndex];
    if (row !== undefined && onRowKey(row, event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = targets[event.key]?.(selectedIndex, rows.length - 1);
    const next = target === undefined ? undefined : rows[target];
    if (target === undefined || next === undefined) return;
    event.preventDefault();
    refocus.current = true;
    onSelect(keyOf(next, target));
    if (isVirtual) virtual.scrollToIndex(target, { align: 'auto' });
  };

  const items = isVirtual ? virtual.getVirtualItems() : null;
  const shown = items === null ? rows.map((_, index) => index) : items.map((item) => item.index);
  const above = items?.[0]?.start ?? 0;
  const below = items === null ? 0 : virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const least = widths.reduce((sum, characters, at) => sum + (at === nameAt ? 180 : widthOf(characters)), 0);

  return (
    <div className="table-scroller" data-tall={tall} ref={scroller} onKeyDown={onKeyDown} tabIndex={-1}>
      <table className="table" aria-label={label} aria-rowcount={rows.length + 1} style={{ minWidth: least }}>
        <colgroup>
          {columns.map((column, at) => (
            <col key={column} style={at === nameAt ? {} : { width: widthOf(widths[at] ?? 0) }} />
          ))}
          {nameAt === -1 && <col />}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => {
              const { name = '', type = 'string' } = table.columns[column] ?? {};
              const sorted = sort?.column === column;
              return (
                <th
                  key={column}
                  scope="col"
                  data-number={type === 'integer' || type === 'number'}
                  aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" onClick={() => onSort(column)}>
                    {name}
                    {sorted &&
                      (sort.descending ? (
                        <ChevronUp size={12} aria-hidden="true" />
                      ) : (
                        <ChevronDown size={12} aria-hidden="true" />
                      ))}
                  </button>
                </th>
              );
            })}
            {nameAt === -1 && <th aria-hidden="true" />}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {shown.map((index) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = keyOf(row, index);
            return (
              <DataRow
                key={key}
                id={key}
                row={row}
                index={index}
                table={table}
                columns={columns}
                selected={key === selected}
                reachable={key === selected || (selectedIndex === -1 && index === 0)}
                filled={nameAt === -1}
                onSelect={onSelect}
              />
            );
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

const widthOf = (characters: number): number => Math.min(72, characters) * 7.4 + 22;

const targets: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  j: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  k: (at) => Math.max(0, at - 1),
  PageDown: (at, last) => Math.min(last, at + 15),
  PageUp: (at) => Math.max(0, at - 15),
  Home: () => 0,
  End: (_, last) => last,
};
