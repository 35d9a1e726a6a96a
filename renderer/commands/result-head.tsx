import { RefreshCw } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { CommandResult } from '../../shared/commands.ts';
import { Square } from '../clusters/square.tsx';
import { allOf, useClusters } from '../clusters/store.ts';
import { cutMiddle } from '../elements/cut-middle.ts';
import { IconButton } from '../elements/icon-button.tsx';
import { ago, clockSeconds, duration } from '../elements/time.ts';
import { useNow } from '../elements/use-now.ts';

interface Props {
  readonly title: React.ReactNode;
  readonly scope: string;
  readonly result: CommandResult;
  readonly onAgain: () => void;
  /** Filter, columns, copy: before Run again. */
  readonly children?: React.ReactNode;
}

/** Count and scope, cluster, the way it came, when it was read, and what can be done with it. */
export function ResultHead({ title, scope, result, onAgain, children }: Props) {
  const cluster = useClusters((state) => allOf(state).find((other) => other.id === result.cluster));
  return (
    <header className="result-head">
      <span className="result-title">{title}</span>
      <span className="result-facts">
        {scope !== '' && <span>{scope}</span>}
        {cluster !== undefined && (
          <span className="result-cluster">
            <Square cluster={cluster} size="dot" /> {cluster.name}
            {cluster.demo && ' (demo)'}
          </span>
        )}
        <RouteChip result={result} />
        <ReadAt at={result.at} />
      </span>
      <span className="result-tools">
        {children}
        <IconButton icon={RefreshCw} label="Run again" onClick={onAgain} />
      </span>
    </header>
  );
}

function ReadAt({ at }: { at: number }) {
  const now = useNow(10_000);
  return (
    <time className="meta result-at">
      read {clockSeconds(at)}, {ago(at, now)}
    </time>
  );
}

const ways = { mcp: 'MCP', direct: 'direct', local: 'local' } as const;

function RouteChip({ result: { route } }: { result: CommandResult }) {
  const [first] = route.steps;
  const words = [ways[route.way], ...(first === undefined ? [] : [cutMiddle(first, 44)]), duration(route.ms)].join(
    ' · ',
  );
  return (
    <Popover.Root>
      <Popover.Trigger className="measured" aria-label={`Came by ${words}`}>
        {words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover route" sideOffset={6} align="start" aria-label="Which way it came">
          <dl>
            <dt>Way</dt>
            <dd>{sentences[route.way]}</dd>
            <dt>{route.way === 'mcp' ? 'Tools' : 'Requests'}</dt>
            <dd className="mono">
              {route.steps.length === 0 ? 'none' : route.steps.map((step, index) => <div key={index}>{step}</div>)}
            </dd>
            <dt>Took</dt>
            <dd>{duration(route.ms)}</dd>
            {route.narrowed !== null && (
              <>
                <dt>Left out</dt>
                <dd>{route.narrowed}</dd>
              </>
            )}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const sentences = {
  mcp: 'kubernetes-mcp-server, through the gate',
  direct: 'the API server, through the gate',
  local: 'this machine: nothing was asked of the cluster',
} as const;
