import { GitPullRequestArrow } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Change } from '../../shared/changes.ts';
import { Square } from '../clusters/square.tsx';
import { allOf, useClusters } from '../clusters/store.ts';
import { Button } from '../elements/button.tsx';
import { Failure } from '../elements/failure.tsx';
import { Progress } from '../elements/progress.tsx';
import { Tag } from '../elements/tag.tsx';
import { copyText } from '../session/store.ts';
import { CardFoot } from './card-foot.tsx';
import { Consequences } from './consequences.tsx';
import { ObjectDiff } from './object-diff.tsx';
import { Steps } from './steps.tsx';
import { currentOf, loadChange, useChanges } from './store.ts';
import { useApproval } from './use-approval.ts';

interface Props {
  readonly id: string;
}

/** A change as it was previewed: what, where, whom it hits, whether it can be undone, and the only place to approve it. */
export function ChangeCard({ id }: Props) {
  const current = useChanges((state) => currentOf(state, id));
  const remote = useChanges((state) => state.known[current]);
  useEffect(() => {
    if (useChanges.getState().known[current] === undefined) loadChange(current).catch(() => undefined);
  }, [current]);
  if (remote?.data != null) return <Card key={remote.data.value.digest} change={remote.data.value} />;
  if (remote?.failure != null) {
    return (
      <Failure
        failure={remote.failure}
        onRetry={() => {
          loadChange(current).catch(() => undefined);
        }}
      />
    );
  }
  return <Progress text="Reading the change" since={Date.now()} />;
}

function Card({ change }: { change: Change }) {
  const body = useRef<HTMLElement>(null);
  const cluster = useClusters((state) => allOf(state).find((other) => other.id === change.cluster));
  const refused = useChanges((state) => state.refused[change.id]);
  const approval = useApproval(change);
  const counts = countsOf(change);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      approval.approve();
    }
    if (event.key === 'F7') {
      event.preventDefault();
      goToDifference(body.current, event.shiftKey ? -1 : 1);
    }
  };
  return (
    <section
      ref={body}
      className="card change"
      aria-label={`Change: ${change.title}`}
      data-state={approval.isOver ? 'over' : change.state.kind}
      data-production={change.production}
      onKeyDown={onKeyDown}
    >
      <header className="change-head">
        <GitPullRequestArrow size={16} aria-hidden="true" />
        <h3>{change.title}</h3>
        <span className="change-where">
          {cluster !== undefined && <Square cluster={cluster} size="dot" />}
          <strong>{change.clusterName}</strong>
          {change.namespace !== null && <span className="meta">/ {change.namespace}</span>}
          {change.production && <Tag kind="production" />}
          {cluster?.demo === true && <Tag kind="demo" />}
        </span>
      </header>
      <Steps change={change} />
      <div className="change-body">
        <div className="change-diffs">
          <p className="change-counts">
            <strong>
              {String(change.objects.length)} {change.objects.length === 1 ? 'object' : 'objects'}
            </strong>
            <span className="meta">{counts}</span>
            <Button size="small" look="quiet" className="change-next" onClick={() => goToDifference(body.current, 1)}>
              <kbd>F7</kbd> next difference
            </Button>
          </p>
          {change.objects.map((changed) => (
            <ObjectDiff
              key={`${changed.object.kind}/${changed.object.namespace ?? ''}/${changed.object.name}`}
              changed={changed}
            />
          ))}
        </div>
        <Consequences change={change} />
      </div>
      {refused !== undefined && (
        <div className="change-refused">
          <Failure
            failure={refused}
            onCopy={(text) => {
              copyText(text).catch(() => undefined);
            }}
          />
        </div>
      )}
      <CardFoot change={change} approval={approval} />
    </section>
  );
}

function countsOf({ objects }: Change): string {
  const of = (action: Change['objects'][number]['action']) =>
    objects.filter((object) => object.action === action).length;
  const words = [
    [of('update'), 'changed'],
    [of('act'), 'acted on'],
    [of('create'), 'created'],
    [of('delete'), 'deleted'],
  ] as const;
  return words.flatMap(([count, word]) => (count > 0 ? [`${String(count)} ${word}`] : [])).join(', ');
}

/** Moves the focus to the next or previous difference of the card, round the end. */
function goToDifference(card: HTMLElement | null, step: 1 | -1): void {
  const places = [...(card?.querySelectorAll<HTMLElement>('[data-difference]') ?? [])];
  if (places.length === 0) return;
  const at = places.findIndex((place) => place === document.activeElement);
  const next = at === -1 ? (step === 1 ? 0 : places.length - 1) : (at + step + places.length) % places.length;
  places[next]?.focus();
}
