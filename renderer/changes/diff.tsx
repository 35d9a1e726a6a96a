import { useMemo, useState } from 'react';
import { diffLines, foldEqual, type DiffLine } from './diff-lines.ts';

interface Props {
  readonly before: string | null;
  readonly after: string | null;
  /** Equal lines kept around a difference. */
  readonly context?: number;
}

/** A unified difference; folded equal lines are counted and open with a press. */
export function Diff({ before, after, context = 3 }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const entries = useMemo(() => foldEqual(diffLines(before, after), context), [before, after, context]);
  return (
    <div className="diff mono" role="list" aria-label="Difference" tabIndex={-1}>
      {entries.map((entry, index) => {
        if (entry.kind !== 'fold')
          return <Line key={index} line={entry} first={(entries[index - 1]?.kind ?? 'equal') === 'equal'} />;
        if (opened.has(index))
          return entry.lines.map((line) => (
            <Line key={`${String(index)}-${String(line.number)}`} line={line} first={false} />
          ));
        return (
          <div role="listitem" key={index}>
            <button type="button" className="diff-fold" onClick={() => setOpened(new Set([...opened, index]))}>
              ⋯ {entry.lines.length} equal lines
            </button>
          </div>
        );
      })}
    </div>
  );
}

const signs = { equal: ' ', removed: '-', added: '+' } as const;

function Line({ line, first }: { line: DiffLine; first: boolean }) {
  const isChanged = line.kind !== 'equal';
  const text = line.parts.map((part) => part.text).join('');
  return (
    <div
      role="listitem"
      className={`diff-line diff-${line.kind}`}
      {...(isChanged && { 'aria-label': `${line.kind}, line ${String(line.number)}, ${text.trim()}` })}
      {...(isChanged && first && { 'data-difference': '', tabIndex: -1 })}
    >
      <span className="diff-number" aria-hidden="true">
        {line.number}
      </span>
      <span className="diff-sign" aria-hidden="true">
        {signs[line.kind]}
      </span>
      <span className="diff-text">
        {line.parts.map((part, index) => (part.changed ? <b key={index}>{part.text}</b> : part.text))}
      </span>
    </div>
  );
}
