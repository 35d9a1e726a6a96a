import { memo, useRef } from 'react';
import type { Row, Table } from '../../shared/commands.ts';
import { CutName } from './cut-name.tsx';
import { statusOf } from './status-of.ts';
import { Status } from './status.tsx';
import { readyColumn, statusColumn, textOf } from './table-model.ts';

interface Props {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  readonly table: Table;
  readonly columns: readonly number[];
  readonly selected: boolean;
  /** The one row of the table that Tab reaches. */
  readonly reachable: boolean;
  /** An empty last cell takes the width that no column wants. */
  readonly filled: boolean;
  readonly onSelect: (key: string) => void;
}

export const DataRow = memo(function DataRow({
  id,
  row,
  index,
  table,
  columns,
  selected,
  reachable,
  filled,
  onSelect,
}: Props) {
  const seen = useRef({ text: '', changes: -1 });
  const words = row.cells.join('\n');
  if (seen.current.text !== words) seen.current = { text: words, changes: seen.current.changes + 1 };
  const { changes } = seen.current;
  const status = statusColumn(table.columns);
  const ready = readyColumn(table.columns);
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={selected ? 'true' : undefined}
      data-changed={changes === 0 ? undefined : changes % 2 === 0 ? 'even' : 'odd'}
      tabIndex={reachable ? 0 : -1}
      onClick={() => onSelect(id)}
      onFocus={(event) => {
        if (event.target === event.currentTarget && !selected) onSelect(id);
      }}
    >
      {columns.map((column) => {
        const { name = '', type = 'string' } = table.columns[column] ?? {};
        const text = textOf(row.cells[column]);
        const isNumber = type === 'integer' || type === 'number';
        return (
          <td key={column} data-number={isNumber} data-kind={kindOf(name)}>
            {column === status ? (
              <Status status={statusOf(text, ready === -1 ? null : textOf(row.cells[ready]))} />
            ) : name === 'NAME' ? (
              <CutName name={text} />
            ) : (
              <span title={text.length > 24 ? text : undefined}>{text === '' || text === '<none>' ? none : text}</span>
            )}
          </td>
        );
      })}
      {filled && <td aria-hidden="true" />}
    </tr>
  );
});

const none = <span className="table-none">none</span>;

function kindOf(name: string): 'name' | 'code' | 'quiet' | undefined {
  if (name === 'NAME') return 'name';
  if (name === 'NAMESPACE') return 'quiet';
  return [
    'NODE',
    'IP',
    'CLUSTER-IP',
    'EXTERNAL-IP',
    'INTERNAL-IP',
    'PORT(S)',
    'OBJECT',
    'IMAGES',
    'SELECTOR',
    'LABELS',
    'APIVERSION',
  ].includes(name)
    ? 'code'
    : undefined;
}
