import { useEffect, useRef } from 'react';
import type { Candidate } from './use-completion.ts';

interface Props {
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  readonly accept: (index: number) => void;
}

/** Opens upward from the composer. Focus stays in the text. */
export function CompletionList({ candidates, chosen, accept }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div className="popover completions">
      <div ref={list} id="completions" role="listbox" aria-label="Completions" className="completions-list">
        {candidates.map((candidate, index) => (
          <div
            key={candidate.label}
            id={`completion-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            className="completion"
            onMouseDown={(event) => {
              event.preventDefault();
              accept(index);
            }}
          >
            <span className="mono">{candidate.label}</span>
            <span className="completion-detail cut">{candidate.detail}</span>
          </div>
        ))}
      </div>
      <p className="completions-foot" aria-hidden="true">
        <kbd>Tab</kbd> accept <kbd>↑</kbd>
        <kbd>↓</kbd> choose <kbd>Esc</kbd> close
      </p>
    </div>
  );
}
