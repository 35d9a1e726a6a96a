import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ChangedObject } from '../../shared/changes.ts';
import { Badge } from '../elements/badge.tsx';
import { Shape } from '../elements/shape.tsx';
import { Diff } from './diff.tsx';
import { countDifferences, diffLines } from './diff-lines.ts';

interface Props {
  readonly changed: ChangedObject;
}

/** One object of a change, folded or open: its difference, or why there is none to show. */
export function ObjectDiff({ changed }: Props) {
  const [open, setOpen] = useState(true);
  const { object, before, after, notPreviewed } = changed;
  const count = useMemo(() => countDifferences(diffLines(before, after)), [before, after]);
  const words = summaryOf(changed, count);
  return (
    <section className="object-diff">
      <button type="button" className="object-diff-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDown size={14} aria-hidden="true" /> : <ChevronRight size={14} aria-hidden="true" />}
        <Badge>{object.kind}</Badge>
        <span className="mono cut">
          {object.namespace === null ? '' : `${object.namespace}/`}
          {object.name}
        </span>
        <span className="meta object-diff-count">{words}</span>
      </button>
      {open && notPreviewed !== null && (
        <p className="object-diff-none">
          <Shape name="warning" /> {notPreviewed}
        </p>
      )}
      {open && notPreviewed === null && (before ?? after) !== null && <Diff before={before} after={after} />}
    </section>
  );
}

function summaryOf({ action, notPreviewed }: ChangedObject, count: number): string {
  if (notPreviewed !== null) return 'no preview';
  switch (action) {
    case 'create':
      return 'new object';
    case 'delete':
      return 'goes away';
    case 'update':
    case 'act':
      return `${String(count)} ${count === 1 ? 'difference' : 'differences'}`;
    default:
      return action satisfies never;
  }
}
