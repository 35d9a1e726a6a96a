import { Copy, RefreshCw } from 'lucide-react';
import { Fragment } from 'react';
import type { Failure as FailureValue } from '../../shared/errors.ts';
import { Button } from './button.tsx';
import { Shape } from './shape.tsx';

interface Props {
  readonly failure: FailureValue;
  /** Drawn before Try again: what helps more than that. */
  readonly first?: React.ReactNode;
  readonly onRetry?: (() => void) | undefined;
  readonly onCopy?: ((text: string) => void) | undefined;
  /** Further ways out, after Try again. */
  readonly children?: React.ReactNode;
}

/** What happened, what to do, then the ways out. An alert: it is read aloud when it comes. */
export function Failure({ failure, first, onRetry, onCopy, children }: Props) {
  return (
    <div className="failure" role="alert">
      <Shape name="critical" size={14} />
      <div className="failure-text">
        <p className="failure-message">{withCode(failure.message)}</p>
        <p className="failure-remedy">{withCode(failure.remedy)}</p>
        <div className="failure-actions">
          {first}
          {onRetry !== undefined && (
            <Button onClick={onRetry}>
              <RefreshCw size={14} aria-hidden="true" /> Try again
            </Button>
          )}
          {children}
          {onCopy !== undefined && (
            <Button look="quiet" onClick={() => onCopy(`${failure.message}\n${failure.remedy}\n${failure.code}`)}>
              <Copy size={14} aria-hidden="true" /> Copy
            </Button>
          )}
          <span className="meta mono failure-code">{failure.code}</span>
        </div>
      </div>
    </div>
  );
}

/** Draws `back-quoted` words as code. */
function withCode(text: string): React.ReactNode {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
    );
}
