import { ChevronDown, ChevronUp, Copy, Search, WrapText } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CommandResult, ResultBody } from '../../shared/commands.ts';
import { count } from '../elements/count.ts';
import { Button } from '../elements/button.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { copyText } from '../session/store.ts';
import { Following } from './following.tsx';
import { wholeLog } from './latest-lines.ts';
import { findInLog } from './log-search.ts';
import { LogLines } from './log-lines.tsx';
import { ResultHead } from './result-head.tsx';
import type { Run } from './store.ts';

interface Props {
  readonly body: Extract<ResultBody, { kind: 'logs' }>;
  readonly result: CommandResult;
  readonly run: Run | undefined;
  readonly onAgain: () => void;
}

/** Log lines: searched, wrapped, followed. F follows or lets go of the end. */
export function LogsResult({ body, result, run, onAgain }: Props) {
  const [words, setWords] = useState('');
  const [place, setPlace] = useState(0);
  const [wrap, setWrap] = useState(false);
  const [atEnd, setAtEnd] = useState(true);
  const added = run?.added;
  const { lines, leftOut } = useMemo(
    () => wholeLog(body.lines, added ?? { lines: [], leftOut: 0 }),
    [body.lines, added],
  );
  const found = useMemo(() => findInLog(lines, words), [lines, words]);
  const isLive = run?.following === true;
  const step = (by: number) => {
    if (found.length === 0) return;
    setAtEnd(false);
    setPlace((place + by + found.length) % found.length);
  };
  const title = `${count(lines.length)} log ${lines.length === 1 ? 'line' : 'lines'}`;
  return (
    <section
      className="card result"
      aria-label={title}
      onKeyDown={(event) => {
        const isText = event.target instanceof HTMLInputElement;
        if (event.key === 'f' && !isText && !event.ctrlKey && !event.metaKey) setAtEnd(!atEnd);
      }}
    >
      <ResultHead
        title={title}
        scope={body.truncated || leftOut > 0 ? `the last ${count(lines.length)} lines; older ones were left out` : ''}
        result={result}
        onAgain={onAgain}
      >
        <label className="input input-field result-filter">
          <Search size={14} aria-hidden="true" />
          <input
            aria-label="Search the log"
            placeholder="Search"
            data-filter
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
              setPlace(0);
              setAtEnd(false);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
              if (event.key === 'Escape') {
                event.stopPropagation();
                setWords('');
              }
            }}
          />
          {words !== '' && (
            <span className="meta" role="status">
              {found.length === 0 ? 'none' : `${String(place + 1)} of ${String(found.length)}`}
            </span>
          )}
        </label>
        <IconButton icon={ChevronUp} label="Previous match" disabled={found.length === 0} onClick={() => step(-1)} />
        <IconButton icon={ChevronDown} label="Next match" disabled={found.length === 0} onClick={() => step(1)} />
        <IconButton icon={WrapText} label="Wrap" aria-pressed={wrap} onClick={() => setWrap(!wrap)} />
        <IconButton
          icon={Copy}
          label="Copy"
          onClick={() => {
            copyText(lines.map((line) => line.text).join('\n')).catch(() => undefined);
          }}
        />
      </ResultHead>
      <LogLines
        label={title}
        lines={lines}
        words={words}
        current={found[place] ?? null}
        wrap={wrap}
        atEnd={atEnd}
        following={isLive}
        onLeaveEnd={() => setAtEnd(false)}
        onReachEnd={() => setAtEnd(true)}
      />
      {isLive && (
        <footer className="result-foot">
          <Following run={run} word={atEnd ? 'following' : 'following, scrolled back'} />
          {!atEnd && (
            <Button size="small" onClick={() => setAtEnd(true)}>
              Go to the end <kbd>F</kbd>
            </Button>
          )}
        </footer>
      )}
    </section>
  );
}
