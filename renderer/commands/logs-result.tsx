import { ChevronDown, ChevronUp, Copy, Search, WrapText } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CommandResult, ResultBody } from '../../shared/commands.ts';
import { Button } from '../elements/button.tsx';
import { IconButton } from '../elements/icon-button.tsx';
import { Shape } from '../elements/shape.tsx';
import { copyText } from '../session/store.ts';
import { findInLog } from './log-search.ts';
import { LogLines } from './log-lines.tsx';
import { ResultHead } from './result-head.tsx';
import { cancelCommand, type Run } from './store.ts';

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
  const added = run?.lines;
  const lines = useMemo(() => (added === undefined ? body.lines : [...body.lines, ...added]), [body.lines, added]);
  const found = useMemo(() => findInLog(lines, words), [lines, words]);
  const isLive = run?.following === true;
  const step = (by: number) => {
    if (found.length === 0) return;
    setAtEnd(false);
    setPlace((place + by + found.length) % found.length);
  };
  const title = `${String(lines.length)} log ${lines.length === 1 ? 'line' : 'lines'}`;
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
        scope={body.truncated ? 'the last ones; older were left out' : ''}
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
              if (event.key === 'Escape' && words !== '') {
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
          <span className="result-live">
            <Shape name="healthy" size={10} /> following{!atEnd && ', scrolled back'}
          </span>
          <Button
            size="small"
            onClick={() => {
              cancelCommand(run.id).catch(() => undefined);
            }}
          >
            Stop
          </Button>
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
