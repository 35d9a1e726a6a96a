import { Copy, ListFilter } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { CommandResult, Row, Table } from '../../shared/commands.ts';
import { useClusters, allOf } from '../clusters/store.ts';
import { Button } from '../elements/button.tsx';
import { DataTable } from '../elements/data-table.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { Keys } from '../elements/keys.tsx';
import { Shape } from '../elements/shape.tsx';
import { asText, filterRows, firstColumns, firstSort, sortRows, type Sort } from '../elements/table-model.ts';
import { copyText } from '../session/store.ts';
import { ColumnChoice } from './column-choice.tsx';
import { countWords, rowWords, scopeWords } from './count-words.ts';
import { Following } from './following.tsx';
import { rowKey } from './merge-tables.ts';
import { ResultHead } from './result-head.tsx';
import { rowCommand } from './row-command.ts';
import type { Run } from './store.ts';
import { useRowCommand } from './use-row-command.ts';

interface Props {
  readonly table: Table;
  readonly result: CommandResult;
  readonly run: Run | undefined;
  /** What kubectl says where there is no row. */
  readonly none: string;
  readonly onAgain: () => void;
}

const rowsAtFirst = 12;
const keyOf = (row: Row, index: number): string => rowKey(row) ?? `#${String(index)}`;

/** A table that came: sorted, filtered, its columns chosen, its rows open to commands. */
export function TableResult({ table, result, run, none, onAgain }: Props) {
  const [sort, setSort] = useState<Sort | null>(() => firstSort(table));
  const [filter, setFilter] = useState('');
  const [columns, setColumns] = useState(() => firstColumns(table, /\s(-o|--output)[ =]?wide\b/.test(result.line)));
  const [selected, setSelected] = useState<string | null>(null);
  const [tall, setTall] = useState(false);
  const sendRow = useRowCommand(result);
  const isKnownCluster = useClusters((state) => allOf(state).some((cluster) => cluster.id === result.cluster));
  const sorted = useMemo(() => sortRows(table, table.rows, sort), [table, sort]);
  const rows = useMemo(() => filterRows(sorted, filter), [sorted, filter]);
  const select = useCallback((key: string) => setSelected(key), []);

  const onSort = (column: number) => {
    if (sort?.column !== column) setSort({ column, descending: false });
    else if (!sort.descending) setSort({ column, descending: true });
    else setSort(null);
  };
  const onRowKey = (row: Row, event: React.KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isKnownCluster) return false;
    const line = rowCommand(event.key, row, table.resource);
    if (line === null) return false;
    sendRow(line);
    return true;
  };
  const hasRows = table.rows.length > 0;
  const worstFirst = sort !== null && !sort.descending && sort.column === firstSort(table)?.column;
  const title = countWords(table, filter === '' ? null : rows.length);
  return (
    <section className="card result" aria-label={title}>
      <ResultHead title={title} scope={scopeWords(table, result)} result={result} onAgain={onAgain}>
        {hasRows && (
          <label className="input input-field result-filter">
            <ListFilter size={14} aria-hidden="true" />
            <input
              aria-label="Filter rows"
              placeholder="Filter rows"
              data-filter
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                setFilter('');
              }}
            />
          </label>
        )}
        {hasRows && <ColumnChoice table={table} columns={columns} onChoose={setColumns} />}
        {hasRows && (
          <IconButton
            icon={Copy}
            label="Copy"
            onClick={() => {
              copyText(asText(table, rows, columns)).catch(() => undefined);
            }}
          />
        )}
      </ResultHead>
      {result.route.narrowed !== null && (
        <p className="result-narrowed">
          <Shape name="note" /> {result.route.narrowed}
        </p>
      )}
      {hasRows && (
        <DataTable
          label={title}
          table={table}
          rows={rows}
          columns={columns}
          sort={sort}
          onSort={onSort}
          keyOf={keyOf}
          selected={selected}
          onSelect={select}
          onRowKey={onRowKey}
          tall={tall}
        />
      )}
      {!hasRows && none !== '' && <p className="result-none">{none}</p>}
      {rows.length === 0 && filter !== '' && (
        <p className="result-none">
          No row holds “{filter}”.
          <Button size="small" onClick={() => setFilter('')}>
            Show all
          </Button>
        </p>
      )}
      {(hasRows || run?.following === true) && (
        <footer className="result-foot">
          <span>
            {rowWords(rows.length, table.rows.length)}
            {worstFirst && ', worst first'}
          </span>
          {run?.following === true && <Following run={run} word="watching" />}
          {selected !== null && isKnownCluster && (
            <span className="result-keys">
              <Keys keys="↵" /> describe <Keys keys="Y" /> YAML <Keys keys="L" /> logs
            </span>
          )}
          {rows.length > rowsAtFirst && (
            <button type="button" className="result-more" aria-expanded={tall} onClick={() => setTall(!tall)}>
              {tall ? 'Shorter' : 'Taller'}
            </button>
          )}
        </footer>
      )}
    </section>
  );
}
