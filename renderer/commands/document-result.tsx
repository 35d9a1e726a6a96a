import { Copy, Search } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CommandResult, ResultBody } from '../../shared/commands.ts';
import { IconButton } from '../elements/icon-button.tsx';
import { Yaml, type YamlHandle } from '../elements/yaml.tsx';
import { copyText } from '../session/store.ts';
import { ResultHead } from './result-head.tsx';

interface Props {
  readonly body: Extract<ResultBody, { kind: 'document' }>;
  readonly result: CommandResult;
  readonly onAgain: () => void;
}

const linesAtFirst = 22;

/** YAML or JSON that came, whole. */
export function DocumentResult({ body, result, onAgain }: Props) {
  const [tall, setTall] = useState(false);
  const handle = useRef<YamlHandle>(null);
  const text = body.text.replace(/\n$/, '');
  const lines = text.split('\n').length;
  const { object } = body;
  const title = object === null ? body.language.toUpperCase() : `${object.kind.toLowerCase()}/${object.name}`;
  return (
    <section className="card result" aria-label={title}>
      <ResultHead
        title={<span className="mono">{title}</span>}
        scope={`${String(lines)} lines`}
        result={result}
        onAgain={onAgain}
      >
        <IconButton icon={Search} label="Search" onClick={() => handle.current?.search()} />
        <IconButton
          icon={Copy}
          label="Copy"
          onClick={() => {
            copyText(body.text).catch(() => undefined);
          }}
        />
      </ResultHead>
      <div className="document-body" data-tall={tall}>
        <Yaml text={text} label={title} handle={handle} />
      </div>
      {lines > linesAtFirst && (
        <footer className="result-foot">
          <button type="button" className="result-more" aria-expanded={tall} onClick={() => setTall(!tall)}>
            {tall ? 'Show fewer' : `Show all ${String(lines)} lines`}
          </button>
        </footer>
      )}
    </section>
  );
}
