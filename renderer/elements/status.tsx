import { Shape } from './shape.tsx';
import type { Status as StatusValue } from './status-of.ts';

interface Props {
  readonly status: StatusValue;
}

/** A status in a table: shape and word; only what is wrong takes colour into its word. */
export function Status({ status }: Props) {
  return (
    <span className={`status status-${status.shape}`}>
      <Shape name={status.shape} />
      {status.word}
    </span>
  );
}
