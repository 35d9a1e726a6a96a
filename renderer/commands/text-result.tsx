import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { CommandResult } from '../../shared/commands.ts';
import { IconButton } from '../elements/icon-button.tsx';
import { copyText } from '../session/store.ts';
import { ResultHead } from './result-head.tsx';

interface Props {
  readonly text: string;
  readonly result: CommandResult;
  readonly onAgain: () => void;
}

const linesAtFirst = 24;

/** Words as kubectl prints them: describe, version, explain. */
export function TextResult({ text, result, onAgain }: Props) {
  const [all, setAll] = useState(false);
  const body = text.replace(/\n$/, '');
  const lines = body.split('\n').length;
  const title = `${String(lines)} ${lines === 1 ? 'line' : 'lines'}`;
  return (
    <section className="card result" aria-label={title}>
      <ResultHead title={title} scope="" result={result} onAgain={onAgain}>
        <IconButton
          icon={Copy}
          label="Copy"
          onClick={() => {
            copyText(text).catch(() => undefined);
          }}
        />
      </ResultHead>
      <pre className="mono text-body" data-all={all} tabIndex={0} aria-label="Output">
        {body}
      </pre>
      {lines > linesAtFirst && (
        <footer className="result-foot">
          <span>{title}</span>
          <button type="button" className="result-more" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${String(lines)} lines`}
          </button>
        </footer>
      )}
    </section>
  );
}
