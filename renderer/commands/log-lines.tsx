import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { LogLine } from '../../shared/commands.ts';
import { clockSeconds } from '../elements/time.ts';
import { levelOf, splitMatches } from './log-search.ts';

interface Props {
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly words: string;
  /** Index of the match shown now. */
  readonly current: number | null;
  readonly wrap: boolean;
  /** The last line is kept in view while lines come. */
  readonly atEnd: boolean;
  /** More may come. */
  readonly following: boolean;
  readonly onLeaveEnd: () => void;
  readonly onReachEnd: () => void;
}

const lineHeight = 20;

/** The lines of a log; only those in view are drawn. */
export function LogLines({ label, lines, words, current, wrap, atEnd, following, onLeaveEnd, onReachEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
    initialRect: { width: 900, height: 400 },
  });
  useEffect(() => {
    if (atEnd && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [atEnd, lines.length, virtual]);
  useEffect(() => {
    if (current !== null) virtual.scrollToIndex(current, { align: 'center' });
  }, [current, virtual]);
  useEffect(() => virtual.measure(), [wrap, virtual]);

  const items = virtual.getVirtualItems();
  const hasTimes = lines.some((line) => line.at !== null);
  const hasSources = lines.some((line) => line.from !== null);
  return (
    <div
      className="log"
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label={label}
      data-wrap={wrap}
      onWheel={(event) => {
        if (event.deltaY < 0 && atEnd) onLeaveEnd();
      }}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        if (!atEnd && current === null && scrollTop + clientHeight >= scrollHeight - 2) onReachEnd();
      }}
    >
      <div className="log-space" style={{ height: virtual.getTotalSize() }}>
        <div className="log-shown" style={{ transform: `translateY(${String(items[0]?.start ?? 0)}px)` }}>
          {items.map(({ index }) => {
            const line = lines[index];
            if (line === undefined) return null;
            return (
              <div
                key={index}
                data-index={index}
                ref={virtual.measureElement}
                className="log-line"
                data-level={levelOf(line.text)}
              >
                {hasTimes && <time className="log-time">{line.at === null ? '' : clockSeconds(line.at)}</time>}
                {hasSources && (
                  <span className="log-from" title={line.from ?? ''}>
                    {line.from}
                  </span>
                )}
                <span className="log-text">
                  {splitMatches(line.text, words).map((part, at) =>
                    at % 2 === 0 ? (
                      part
                    ) : (
                      <mark key={at} data-current={index === current}>
                        {part}
                      </mark>
                    ),
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {lines.length === 0 && <p className="log-none">{following ? 'No lines yet.' : 'The log is empty.'}</p>}
    </div>
  );
}
