import {
  Link,
  RefreshCw,
  ShieldCheck,
  Undo2,
  UserCog,
  ChartNoAxesColumn,
  ShieldAlert,
  type LucideIcon,
} from 'lucide-react';
import type { Change, Effect } from '../../shared/changes.ts';
import { Shape } from '../elements/shape.tsx';
import { shortDigest } from './approval.ts';

interface Props {
  readonly change: Change;
}

/** Whom a change hits, what the server warns of, whether it can be undone and what an approval would cover. */
export function Consequences({ change }: Props) {
  const { effects, warnings, limits, undo, writes } = change;
  return (
    <div className="consequences">
      <h4>What it touches</h4>
      {effects.length === 0 && <Line icon={<Shape name="completed" />}>Nothing else that could be found.</Line>}
      {effects.map((effect, index) => (
        <Line key={index} icon={iconOf(effect)}>
          {effect.text}
        </Line>
      ))}
      {warnings.length > 0 && <h4>Warnings of the server</h4>}
      {warnings.map((warning, index) => (
        <Line key={index} icon={<Shape name="warning" />}>
          {warning}
        </Line>
      ))}
      {limits.length > 0 && <h4>What the preview cannot know</h4>}
      {limits.map((limit, index) => (
        <Line key={index} icon={<Shape name="note" />}>
          {limit}
        </Line>
      ))}
      <h4>Undo</h4>
      <Line icon={undo.possible ? <Undo2 size={13} aria-hidden="true" /> : <Shape name="warning" />}>{undo.text}</Line>
      <h4>Approval holds for</h4>
      <Line icon={<ShieldCheck size={13} aria-hidden="true" />}>
        {writes.length === 1 ? 'One exact request, once:' : `${String(writes.length)} exact requests, each once:`}
        {writes.map((write) => (
          <code key={write} className="consequences-write">
            {write}
          </code>
        ))}
        <span className="meta mono" title={change.digest}>
          digest {shortDigest(change.digest)}
        </span>
      </Line>
    </div>
  );
}

function Line({ icon, children }: { icon: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="consequence">
      <span className="consequence-icon">{icon}</span>
      <div>{children}</div>
    </div>
  );
}

const icons: Record<Effect['kind'], LucideIcon> = {
  pods: RefreshCw,
  service: Link,
  budget: ShieldAlert,
  autoscaler: ChartNoAxesColumn,
  owner: UserCog,
  unknown: ShieldAlert,
};

function iconOf({ kind, severity }: Effect): React.ReactNode {
  if (severity !== 'note') return <Shape name={severity} />;
  const Icon = icons[kind];
  return <Icon size={13} aria-hidden="true" />;
}
